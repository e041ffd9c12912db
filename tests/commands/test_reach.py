"""Knocking at the mail server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from app.commands import reach
from app.commands.trouble import Trouble
from app.kit import settings
from app.kit.settings import Settings


def opens(server: SMTP, session: object, envelope: object, kind: str, login: object) -> AuthResult:
    """Let in whoever knows the word."""
    right = getattr(login, "password", b"") == b"s/same"
    return AuthResult(success=right, handled=False)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Run a mail server that asks for a password."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(None, authenticator=opens, auth_require_tls=False, loop=loop), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def nobody() -> int:
    """Find a port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def choices(folder: Path, smtp_url: str | None) -> Settings:
    """Choose a mail server."""
    return settings.load(data_dir=folder, smtp_url=smtp_url)


async def test_a_mail_server_that_takes_the_password_is_well(tmp_path: Path, port: int) -> None:
    await reach.mail_server(choices(tmp_path, f"smtp://kim:s%2Fsame@127.0.0.1:{port}"))


async def test_without_one_there_is_nothing_to_reach(tmp_path: Path) -> None:
    await reach.mail_server(choices(tmp_path, None))


async def test_a_refused_password_is_not_shown(tmp_path: Path, port: int) -> None:
    with pytest.raises(Trouble) as told:
        await reach.mail_server(choices(tmp_path, f"smtp://kim:wrong@127.0.0.1:{port}"))
    assert str(told.value) == (
        f"KEYFOB_SMTP_URL: the mail server 127.0.0.1:{port} refuses the user or the password. "
        "Correct them in the URL."
    )


async def test_a_silent_mail_server_is_named(tmp_path: Path, nobody: int) -> None:
    with pytest.raises(Trouble) as told:
        await reach.mail_server(choices(tmp_path, f"smtp://127.0.0.1:{nobody}"))

    line = str(told.value)
    assert line.startswith(f"KEYFOB_SMTP_URL: the mail server 127.0.0.1:{nobody} does not answer (")
    assert line.endswith("). Start it, or correct the address.")
    assert "\n" not in line
