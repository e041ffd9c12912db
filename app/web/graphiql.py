"""GraphiQL: Keyfob's own copy where the build had npm, else a CDN's, checked by hashes."""

import json
from collections.abc import Mapping
from typing import Final

from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.kit import places
from app.kit.frozen import frozen
from app.web.headers import header
from app.web.media import prefers_page

FOLDER: Final = places.graphiql()
STATIC: Final = FOLDER / "static"
OURS: Final = "/graphiql/vendor"
CDN: Final = "https://cdn.jsdelivr.net/npm"

BUNDLE: Final[Mapping[str, Mapping[str, str]]] = json.loads((FOLDER / "bundle.json").read_text())
PAGE: Final = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, keep_trailing_newline=True
).get_template("page.html")


@frozen
class File:
    """One file that the page loads, and the hash that it must have."""

    url: str
    integrity: str


def is_bundled() -> bool:
    """Tell whether every file of GraphiQL is part of this installation."""
    return all((STATIC / "vendor" / path).is_file() for kind in BUNDLE.values() for path in kind)


def page(_request: Request) -> Response:
    """Answer a browser that opens the endpoint."""
    source = OURS if is_bundled() else CDN
    files = {
        kind: [File(f"{source}/{path}", integrity) for path, integrity in paths.items()]
        for kind, paths in BUNDLE.items()
    }
    html = PAGE.render(files, cdn=None if source == OURS else source.split("/")[2])
    return HTMLResponse(html, headers={"content-security-policy": _policy(files)})


def _policy(files: Mapping[str, list[File]]) -> str:
    """Allow what the page loads, file by file, and nothing inline."""
    foreign = {
        kind: "".join(f" {file.url}" for file in loaded if not file.url.startswith("/"))
        for kind, loaded in files.items()
    }
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        f"script-src 'self'{foreign['scripts']}; style-src 'self'{foreign['styles']}"
    )


class Files(StaticFiles):
    """Static files: what has its version in its address is kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, and with how long a browser may keep it."""
        answer = await super().get_response(path, scope)
        kept = path.startswith("vendor/")
        answer.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return answer


async def lead(request: Request) -> Response:
    """Lead a browser that was given no more than the server's address to GraphiQL."""
    if not prefers_page(header(request, b"accept") or ""):
        raise HTTPException(404)
    return RedirectResponse("graphql", 307)


routes: Final[list[BaseRoute]] = [
    Route("/", lead),
    Mount("/graphiql", Files(directory=STATIC), middleware=[Middleware(GZipMiddleware)]),
]
