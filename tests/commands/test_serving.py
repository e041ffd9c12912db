"""Where the server listens."""

import resource
import socket
from pathlib import Path

import pytest

from app.commands import serving
from app.commands.trouble import Trouble
from app.kit import settings


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble) as told:
            serving.bind(settings.load(data_dir=tmp_path, port=port))
    assert str(told.value) == (
        f"cannot listen on 127.0.0.1:{port}: it is taken. "
        "Stop what listens there, or choose another KEYFOB_PORT."
    )


def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"cannot listen on 203\.0\.113\.9:8000: .*KEYFOB_HOST\.$"):
        serving.bind(settings.load(data_dir=tmp_path, host="203.0.113.9"))


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - shown, not bound
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_address_that_is_shown_can_be_opened(host: str, shown: str) -> None:
    assert serving.address(host, 80) == shown


def test_it_holds_more_connections_than_a_process_may_by_default() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = before[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))
        serving.allow_crowds()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(most, 65_536), most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
