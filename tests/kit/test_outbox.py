"""Mail without a mail server."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.kit import clock, compose
from app.kit.compose import Draft
from app.kit.letters import Letter
from app.kit.outbox import Outbox
from app.kit.smtp import Deferred, Transport

APP = "https://keyfob.example"
TEXT = f"Look at {APP}/no,\n{APP}/invite/abc\n> {APP}/typed\nhttps://evil.example/x\n"


def a_mail(to: str = "bob@x.example", subject: str = "Hello") -> Draft:
    letter = Letter(subject, TEXT, "<p>Hello</p>")
    return Draft(
        sender="keyfob@x.example", to=to, letter=letter, message_id="<1@x>", at=clock.now()
    )


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


async def test_a_mail_is_a_file_that_only_this_user_reads_and_its_links_are_printed(
    tmp_path: Path,
) -> None:
    printed: list[str] = []
    outbox: Transport = Outbox(tmp_path / "outbox", APP, printed.append)

    await outbox.deliver(compose.message(a_mail(subject="Hi\x1b[31m")))

    path = the_file(tmp_path / "outbox")
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["To"] == "bob@x.example"
    assert printed == ["Mail to bob@x.example: Hi [31m", f"  {APP}/invite/abc"]


async def test_an_address_with_other_letters_can_be_read_from_the_file(tmp_path: Path) -> None:
    await Outbox(tmp_path, APP, print).deliver(compose.message(a_mail("jürgen@x.example")))

    assert "To: jürgen@x.example\r\n".encode() in the_file(tmp_path).read_bytes()


async def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, no folder")
    printed: list[str] = []

    with pytest.raises(Deferred, match="could not be written"):
        await Outbox(tmp_path / "outbox", APP, printed.append).deliver(compose.message(a_mail()))

    assert printed == []
