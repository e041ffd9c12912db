"""Requests that are answered without being executed."""

from collections.abc import Mapping

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.engine.codes import Code
from app.web.media import Media

CODES = {404: Code.NOT_FOUND, 413: Code.PAYLOAD_TOO_LARGE, 503: Code.UNAVAILABLE}


class Refused(Exception):
    """A request that HTTP itself has a word for: the status, and the one error to show."""

    def __init__(
        self, status: int, code: Code, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.code, self.message = status, code, message
        self.headers = headers
        super().__init__(message)

    @property
    def content(self) -> dict[str, object]:
        """The error as GraphQL lays it out."""
        return {"errors": [{"message": self.message, "extensions": {"code": self.code}}]}

    def response(self, media: Media = Media.JSON) -> Response:
        """Say it over HTTP; a stream that was asked for is refused in JSON, too."""
        kind = Media.JSON if media is Media.EVENTS else media
        return Response(orjson.dumps(self.content), self.status, self.headers, kind.content_type)


def bad_request(message: str) -> Refused:
    """Refuse what is no GraphQL request."""
    return Refused(400, Code.BAD_REQUEST, message)


async def unknown_path(_request: Request, exception: Exception) -> Response:
    """Answer what Starlette's router refuses the way everything else is refused."""
    if not isinstance(exception, HTTPException):
        raise exception
    code = CODES.get(exception.status_code, Code.BAD_REQUEST)
    headers = exception.headers
    return Refused(exception.status_code, code, exception.detail, headers).response()
