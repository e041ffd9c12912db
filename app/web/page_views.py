"""What the pages look like: HTML without scripts, and nothing inline."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.kit import locales, places

FOLDER: Final = places.PACKAGE / "web" / "pages"
LANGUAGE: Final = "en"
RETRY_AFTER: Final = 5  # seconds
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Content-Language": LANGUAGE,
}


def shown(name: str, status: int = 200, **facts: object) -> Response:
    """Show a page."""
    known = {"lang": LANGUAGE, "trouble": None} | facts
    return HTMLResponse(TEMPLATES.get_template(name).render(known), status, HEADERS)


def invalid_link() -> Response:
    """Show what every unknown link leads to."""
    return shown("invalid.html", 404)


def refused(status: int, message: str) -> Response:
    """Show why a request was not even read."""
    return shown("refused.html", status, message=message)


def unavailable(message: str) -> Response:
    """Show that what a page needs is away, and what that means for what was sent."""
    response = shown("unavailable.html", 503, message=message)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _instant(at: datetime) -> str:
    return locales.instant(at.astimezone(UTC), LANGUAGE)


TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["instant"] = _instant
