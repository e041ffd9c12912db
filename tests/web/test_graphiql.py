"""GraphiQL, as a browser gets it."""

import json
import re
import runpy
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app.kit import places
from app.web import graphiql

ROOT = Path(__file__).parents[2]
browser = TestClient(
    Starlette(routes=[Route("/graphql", graphiql.page), *graphiql.routes]),
)
VERSIONS = {
    "@graphiql/plugin-explorer": "4.0.6",
    "graphiql": "4.1.2",
    "react": "18.3.1",
    "react-dom": "18.3.1",
}


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Look for GraphiQL's files in a folder of this test."""
    monkeypatch.setattr(graphiql, "STATIC", tmp_path)
    return tmp_path


@pytest.fixture
def bundled(static: Path) -> None:
    """Pretend that a build with npm has been here."""
    for path in (path for kind in graphiql.BUNDLE.values() for path in kind):
        (static / "vendor" / path).parent.mkdir(parents=True, exist_ok=True)
        (static / "vendor" / path).touch()


def directives(policy: str) -> dict[str, str]:
    """Take a content security policy apart."""
    pairs = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: sources for name, _, sources in pairs}


def test_with_its_own_files_the_page_asks_nobody_else(bundled: None) -> None:
    answer = browser.get("/graphql")

    assert answer.status_code == 200
    assert directives(answer.headers["content-security-policy"]) == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "script-src": "'self'",
        "style-src": "'self'",
    }
    assert "https://" not in answer.text
    assert "/graphiql/vendor/graphiql@4.1.2/graphiql.min.js" in answer.text


def test_without_them_it_says_so_and_takes_the_same_versions_from_a_cdn(static: Path) -> None:
    answer = browser.get("/graphql")

    policy = directives(answer.headers["content-security-policy"])
    cdn = "https://cdn.jsdelivr.net/npm"
    assert policy["script-src"].split() == [
        "'self'",
        f"{cdn}/react@18.3.1/umd/react.production.min.js",
        f"{cdn}/react-dom@18.3.1/umd/react-dom.production.min.js",
        f"{cdn}/graphiql@4.1.2/graphiql.min.js",
        f"{cdn}/@graphiql/plugin-explorer@4.0.6/dist/index.umd.js",
    ]
    assert policy["style-src"].split() == [
        "'self'",
        f"{cdn}/graphiql@4.1.2/graphiql.min.css",
        f"{cdn}/@graphiql/plugin-explorer@4.0.6/dist/style.css",
    ]
    assert "its files come from cdn.jsdelivr.net" in answer.text


@pytest.mark.parametrize("kind", ["static", "bundled"])
def test_nothing_on_the_page_is_inline_or_unchecked(
    kind: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)

    html = browser.get("/graphql").text

    tags = re.findall(r"<(?:script|link rel=\"stylesheet\")[^>]*>", html)
    assert len(tags) == 8
    for tag in tags:
        assert "sha384-" in tag or '"/graphiql/boot.js"' in tag or '"/graphiql/page.css"' in tag
    assert re.findall(r"<script[^>]*>([^<]+)</script>", html) == []
    assert re.findall(r"<style| style=| on[a-z]+=|javascript:", html) == []


@pytest.mark.parametrize("name", ["boot.js", "page.css", "favicon.svg"])
def test_what_the_page_names_is_there(name: str) -> None:
    answer = browser.get(f"/graphiql/{name}")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert f"/graphiql/{name}" in browser.get("/graphql").text


def test_files_with_their_version_in_the_address_are_kept(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "a@1.js").write_text("1")
    files = TestClient(graphiql.Files(directory=tmp_path))

    assert files.get("/vendor/a@1.js").headers["cache-control"] == (
        "public, max-age=31536000, immutable"
    )


@pytest.mark.parametrize("path", ["../package.json", "%2e%2e/page.html", "vendor/", "nothing.js"])
def test_nothing_else_is_served(path: str) -> None:
    assert browser.get(f"/graphiql/{path}").status_code == 404


def test_all_lists_name_the_same_versions() -> None:
    package = json.loads((places.graphiql() / "package.json").read_text())
    lock = json.loads((places.graphiql() / "package-lock.json").read_text())["packages"]

    assert package["dependencies"] == VERSIONS
    assert {name: lock[f"node_modules/{name}"]["version"] for name in VERSIONS} == VERSIONS
    bundled = {path.rpartition("@") for kind in graphiql.BUNDLE.values() for path in kind}
    assert {(name, rest.partition("/")[0]) for name, _, rest in bundled} == set(VERSIONS.items())
    assert not [name for name, about in lock.items() if "resolved" in about]


def test_a_build_without_npm_leaves_the_cdn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = runpy.run_path(str(ROOT / "scripts" / "wheel.py"))["bring"]
    (tmp_path / "bundle.json").write_text((places.graphiql() / "bundle.json").read_text())
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(FileNotFoundError, match="there is no npm"):
        bring(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.json"]


def test_a_file_with_another_hash_is_not_taken(tmp_path: Path) -> None:
    copy = runpy.run_path(str(ROOT / "scripts" / "wheel.py"))["copy"]
    (tmp_path / "a.js").write_text("alert(1)")

    with pytest.raises(ValueError, match="has not the hash"):
        copy(tmp_path / "a.js", tmp_path / "taken.js", "sha384-AAAA")
    assert not (tmp_path / "taken.js").exists()
