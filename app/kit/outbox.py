"""Where mail goes while no mail server is set: into a folder, its links onto the console."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen, fsync
from os import open as open_new
from pathlib import Path
from secrets import token_hex

from app.kit import characters, clock
from app.kit.frozen import frozen
from app.kit.smtp import Deferred


@frozen
class Outbox:
    """A folder of `.eml` files, which any mail program opens; `say` prints a line on the console.

    Only links to `app_url` are printed: what people typed is not ours to recommend.
    """

    folder: Path
    app_url: str
    say: Callable[[str], None]

    async def deliver(self, message: EmailMessage) -> None:
        """Write a message into the folder, readable by this user only, and print whom it is for and its links."""
        try:
            await asyncio.to_thread(_write, self.folder, message)
        except OSError as no:
            msg = f"The mail could not be written: {no.strerror or no}."
            raise Deferred(msg) from no
        self.say(characters.one_line(f"Mail to {message['To']}: {message['Subject']}"))
        for link in _links(message, self.app_url):
            self.say(f"  {link}")


def _write(folder: Path, message: EmailMessage) -> None:
    """Write the file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    policy = SMTP if str(message["To"]).isascii() else SMTPUTF8
    draft = folder / f".{token_hex(8)}"
    with fdopen(open_new(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes(policy=policy))
        file.flush()
        fsync(file.fileno())
    draft.rename(folder / f"{clock.now():%Y%m%dT%H%M%S.%f}-{token_hex(4)}.eml")


def _links(message: EmailMessage, app_url: str) -> list[str]:
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return [line for line in text.splitlines() if line.startswith(app_url) and " " not in line]
