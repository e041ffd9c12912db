"""Somebody at a page that a mailed link leads to: who they are, and what they typed."""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from re import compile as pattern
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from strawberry.http.websocket_origin import is_same_origin

from app.domain import one_step_logins, sessions
from app.domain.factors import Proof
from app.domain.refusals import RateLimited, Refusal
from app.domain.sessions import Credentials
from app.domain.users import Registration
from app.kit import locales
from app.kit.frozen import frozen
from app.web import page_views, troubles
from resolvers.carriers import SessionTransport
from resolvers.context import Context

APP_CODE: Final = pattern(r"[0-9]{6}")


@frozen
class Visit:
    """A request for a page: its context, the secret of the link, and the form that came with it, if one did."""

    request: Request
    context: Context
    token: str
    form: Mapping[str, str]

    @property
    def act(self) -> str:
        """Which form was sent."""
        return self.form.get("act", "")

    @property
    def credentials(self) -> Credentials | None:
        """What the visitor signs in with; who has just registered can, too."""
        if self.act not in {"login", "register"}:
            return None
        return Credentials(
            email=self._typed("email"),
            password=self._typed("password"),
            remember="remember" in self.form,
            proof=self.proof,
            device_token=self.context.carrier.device,
        )

    @property
    def proof(self) -> Proof | None:
        """What the visitor proves a second factor with: an app's code has six digits, a recovery code is longer."""
        code = "".join(self._typed("code").split())
        if not code:
            return None
        return Proof(totp=code) if APP_CODE.fullmatch(code) else Proof(recovery_code=code)

    @property
    def registration(self) -> Registration | None:
        """What the visitor registers with; their browser tells the language."""
        if self.act != "register":
            return None
        return Registration(
            email=self._typed("email"),
            password=self._typed("password"),
            first_name=self._typed("firstName"),
            last_name=self._typed("lastName"),
            locale=self._locale(),
        )

    @property
    def answered(self) -> bool:
        """Whether the visitor comes from a form of this very page."""
        return "answered" in self.request.query_params

    async def sign_in(self, credentials: Credentials, *, verifies: bool = False) -> None:
        """Sign the visitor in, by cookie; the link can verify their address in the same act."""
        context = self.context
        context.admit_transport(SessionTransport.COOKIE)
        if verifies:
            opened = await sessions.login_by_link(context.call, credentials, self.token)
        else:
            opened = await one_step_logins.login(context.call, credentials)
        await context.hand_over(opened, SessionTransport.COOKIE)

    def back(self, note: str = "") -> Response:
        """Send the browser to the page itself, so that a reload posts nothing."""
        return RedirectResponse(self.request.url.path + note, 303)

    def shown(
        self, name: str, facts: Mapping[str, object], no: Refusal | None = None, status: int = 200
    ) -> Response:
        """Show a page of this visit: what was typed, and if that was refused, why."""
        response = page_views.shown(
            name,
            HTTPStatus.UNPROCESSABLE_ENTITY if no and status == HTTPStatus.OK else status,
            trouble=no and troubles.of(self.act, no),
            typed=defaultdict(str, self.form),
            **self._surroundings(),
            **facts,
        )
        if isinstance(no, RateLimited):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(no.retry_after)
        return response

    def _surroundings(self) -> dict[str, object]:
        viewer = self.context.found
        return {
            "answered": self.answered,
            "viewer": viewer and viewer.user,
            "can_sign_in": self.context.carrier.keeps_cookies,
            "front_end": self._front_end(),
        }

    def _front_end(self) -> str | None:
        settings = self.context.call.site.settings
        is_chosen = "app_url" in settings.model_fields_set
        is_here = is_same_origin(settings.app_url, self.request.headers.get("host"))
        return settings.app_url if is_chosen and not is_here else None

    def _typed(self, field: str) -> str:
        return self.form.get(field, "")

    def _locale(self) -> str | None:
        wanted = self.request.headers.get("accept-language", "").split(",")
        matches = (locales.match(each.partition(";")[0].strip()) for each in wanted)
        return next(filter(None, matches), None)
