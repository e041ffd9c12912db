"""Who calls: what of a request's own words counts, and where a cookie would be kept."""

import pytest
from starlette.requests import HTTPConnection

from app.domain.site import Site
from app.kit.settings import Settings
from app.web.callers import Callers


def callers(*proxies: str) -> Callers:
    """An installation behind these proxies."""
    wanted = {"trusted_proxies": proxies, "secret_keys": ("k" * 40,)}
    return Callers(Site(Settings.model_validate(wanted)))


def asked(peer: str | None, scheme: str = "http", **headers: str) -> HTTPConnection:
    """A request as the server gets it."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "scheme": scheme,
        "server": ("10.1.1.1", 80),
        "client": (peer, 1) if peer else None,
        "headers": raw,
    }
    return HTTPConnection(scope)


@pytest.mark.parametrize(
    ("connection", "keeps"),
    [
        (asked("1.2.3.4", host="127.0.0.1:8000"), True),
        (asked("1.2.3.4", host="localhost:8000"), True),
        (asked("1.2.3.4", host="[::1]:8000"), True),
        (asked("1.2.3.4", host="192.168.1.2"), False),
        (asked("1.2.3.4", host="keyfob.example"), False),
        (asked("1.2.3.4", scheme="https", host="keyfob.example"), True),
        (asked("10.0.0.1", host="keyfob.example", x_forwarded_proto="https"), True),
        (asked("10.0.0.1", host="keyfob.example", x_forwarded_proto="http"), False),
        (asked("9.9.9.9", host="keyfob.example", x_forwarded_proto="https"), False),
        (asked(None, host="keyfob.example", x_forwarded_proto="https"), False),
    ],
)
def test_a_cookie_is_set_only_where_browsers_keep_it(
    connection: HTTPConnection,
    keeps: bool,  # noqa: FBT001
) -> None:
    assert callers("10.0.0.0/8").carrier(connection).keeps_cookies is keeps


@pytest.mark.parametrize(
    ("connection", "address"),
    [
        (asked("9.9.9.9", x_forwarded_for="1.1.1.1"), "9.9.9.9"),
        (asked("10.0.0.1", x_forwarded_for="1.1.1.1"), "1.1.1.1"),
        (asked("10.0.0.1", x_forwarded_for="6.6.6.6, 1.1.1.1, 10.0.0.2"), "1.1.1.1"),
        (asked("10.0.0.1", x_forwarded_for="nonsense"), "10.0.0.1"),
        (asked("10.0.0.1"), "10.0.0.1"),
        (asked(None), None),
    ],
)
def test_the_sender_is_whom_a_trusted_proxy_names(
    connection: HTTPConnection, address: str | None
) -> None:
    assert callers("10.0.0.0/8").address(connection) == address


def test_over_https_the_cookies_are_for_this_host_alone() -> None:
    carrier = callers().carrier(asked("1.2.3.4", scheme="https", host="keyfob.example"))
    assert carrier.write_cookie is not None
    assert carrier.write_device is not None

    assert carrier.write_cookie("secret", False) == (
        "Set-Cookie",
        "__Host-keyfob=secret; Path=/; HttpOnly; SameSite=Lax; Secure",
    )
    assert carrier.write_cookie(None, False)[1].endswith("Secure; Max-Age=0")
    assert carrier.write_cookie("secret", True)[1].endswith("Secure; Max-Age=1209600")
    assert carrier.write_device("device")[1].startswith("__Host-keyfob-device=device; Path=/;")


def test_the_bearer_comes_before_the_cookie_and_an_agent_is_made_plain() -> None:
    connection = asked(
        "1.2.3.4",
        host="localhost",
        authorization="bearer  x ",
        cookie="keyfob=y",
        user_agent="a\tb",
    )

    assert callers().carrier(connection).secret == "x"
    assert not callers().carrier(connection).is_cookie
    assert callers().carrier(asked("1.2.3.4", host="localhost", cookie="keyfob=y")).secret == "y"
    assert callers().call(connection).user_agent == "ab"
