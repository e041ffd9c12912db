"""In which form an answer is wanted (GraphQL over HTTP, "Media Types"; graphql-sse, distinct mode)."""

from enum import StrEnum
from functools import lru_cache


class Media(StrEnum):
    """What an answer can be written as."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"
    HTML = "text/html"

    @property
    def content_type(self) -> str:
        """The header, which always tells the charset."""
        return f"{self}; charset=utf-8"


@lru_cache(256)
def chosen(accept: str, *, is_subscription: bool) -> Media:
    """Choose what to answer with; who accepts nothing that we have gets JSON all the same.

    Clients list `text/event-stream` beside JSON and mean it for subscriptions (urql), so a stream
    is sent only for those, or where it was wanted most.
    """
    wanted = _qualities(accept)
    graphql, events = wanted.get(Media.GRAPHQL, 0.0), wanted.get(Media.EVENTS, 0.0)
    json = wanted.get(Media.JSON, wanted.get("application/*", wanted.get("*/*", 0.0)))
    if events and (is_subscription or events > max(graphql, json)):
        return Media.EVENTS
    return Media.GRAPHQL if graphql and graphql >= json else Media.JSON


def prefers_page(accept: str) -> bool:
    """Tell a browser that opens the address from a client that asks it something."""
    wanted = _qualities(accept)
    return wanted.get(Media.HTML, 0.0) > wanted.get(Media.JSON, 0.0)


def _qualities(accept: str) -> dict[str, float]:
    qualities: dict[str, float] = {}
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        qualities.setdefault(kind, _quality(parameters))
    return qualities


def _quality(parameters: list[str]) -> float:
    stated = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return min(max(float(stated), 0.0), 1.0)
    except ValueError:
        return 0.0
