"""The demo as a command: one line to a world that is served."""

import re
import signal
from collections.abc import Iterable

from app.demo.cast import CAST
from app.kit import clock, totp
from app.main import Application
from models import User
from tests.commands.terminal import Terminal
from tests.stage import register


def shown(terminal: Terminal, port: str, *options: str) -> list[str]:
    """Start the demo, stop it as soon as it serves, and return what it printed."""
    lines = []
    with terminal.running("demo", "--port", port, *options) as server:
        assert server.stdout
        for line in server.stdout:
            lines.append(line.rstrip())
            if line.startswith("Keyfob is at "):
                server.send_signal(signal.SIGTERM)
        _, complaints = server.communicate(timeout=10)
    assert (server.returncode, complaints) == (0, "")
    return lines


CODE = re.compile(r"(?<=Its code just now: )\d{6}")
SECRET = re.compile(r"(?<=a second factor: )\w+")


def lasting(lines: Iterable[str]) -> list[str]:
    """The lines without the one thing that changes each half minute."""
    return [CODE.sub("…", line) for line in lines]


def proves(text: str) -> bool:
    """Whether the code that is shown is one of the secret that is shown."""
    secret, code = SECRET.search(text), CODE.search(text)
    assert secret
    assert code
    return totp.step_of(secret[0], code[0], clock.now()) is not None


def test_the_demo_says_the_same_each_time(terminal: Terminal, port: str) -> None:
    terminal.environment |= {"KEYFOB_BCRYPT_COST": "4", "COLUMNS": "200"}

    first = shown(terminal, port, "--users", "2")
    second = shown(terminal, port)

    start = next(number for number, line in enumerate(first) if line.startswith("Who can sign in"))
    assert lasting(first[start:]) == lasting(second)
    assert proves("\n".join(second))
    table = [line for line in second if "@" in line]
    for player, line in zip(CAST, table, strict=False):
        assert all(part in line for part in (player.name, player.email, player.shows))
    assert "So has everybody from user1@crowd.example to user2@crowd.example." in second
    assert second[-1] == f"Keyfob is at http://127.0.0.1:{port}/graphql (Ctrl-C stops it)"


async def test_the_demo_does_not_move_in_with_other_people(
    installed: Terminal, app: Application, port: str
) -> None:
    await register(app, "Ann")

    line = installed.complaint("demo", "--port", port)

    assert line.startswith("keyfob: KEYFOB_DATABASE_URL: this database is in use. ")
    assert await User.all().count() == 1
