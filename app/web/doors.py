"""The way into a page: with a link that can be one, and by POST from no page but ours."""

from collections.abc import Awaitable, Callable, Mapping
from re import compile as pattern
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.http.websocket_origin import normalize_origin

from app.engine.codes import Code
from app.engine.errors import Coded
from app.web import page_forms, page_views
from app.web.callers import Callers
from app.web.origins import Origins
from app.web.page_forms import Unreadable
from app.web.visits import Visit

SECRET: Final = pattern(r"[A-Za-z0-9_-]{1,128}")
OURS: Final = frozenset({"same-origin", "none"})

Handler: TypeAlias = Callable[[Visit], Awaitable[Response]]


class Door:
    """Lets visitors in, and hands the cookies out that they get."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers
        self.origins = Origins(callers.site.settings.allowed_origins)

    def route(self, path: str, show: Handler, answer: Handler) -> Route:
        """Make the route of a page: `show` changes nothing, whoever looks; only `answer` may."""

        async def handle(request: Request) -> Response:
            if SECRET.fullmatch(request.path_params["token"]) is None:
                return page_views.invalid_link()
            try:
                visit = await self._visit(request)
                return await self._led(visit, answer if request.method == "POST" else show)
            except Unreadable as no:
                return page_views.refused(no.status, no.message)
            except Exception as fault:
                if not isinstance(fault, Coded) or fault.code != Code.UNAVAILABLE:
                    raise
                return page_views.unavailable(fault.message)

        return Route(path, handle, methods=["GET", "POST"])

    async def _led(self, visit: Visit, handler: Handler) -> Response:
        response = await handler(visit)
        for name, value in visit.context.response_headers:
            response.headers.append(name, value)
        return response

    async def _visit(self, request: Request) -> Visit:
        form: Mapping[str, str] = {}
        if request.method == "POST":
            self._refuse_foreign(request)
            form = await page_forms.read(request)
        context = self.callers.context(request, None)
        await context.prepare()
        return Visit(request, context, request.path_params["token"], form)

    def _refuse_foreign(self, request: Request) -> None:
        """Refuse what a page of another site had a browser post.

        The forms need no token against that: a browser says whose page posts, and no page can make it say
        something else. Sec-Fetch-Site is asked first, as our pages send no referrer, and so their
        Origin is `null` (Fetch, "append a request Origin header").
        """
        site = request.headers.get("sec-fetch-site")
        if site is None:
            is_ours = self.origins.is_allowed(request)
        else:
            origin = normalize_origin(request.headers.get("origin", ""))
            is_ours = site in OURS or origin in self.origins.allowed
        if not is_ours:
            raise Unreadable(403, "This was sent from a page of another site. Nothing was done.")
