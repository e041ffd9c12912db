"""The key of an installation that was given none: made once, kept in the data folder."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe
from tempfile import NamedTemporaryFile

SHORTEST = 32

log = logging.getLogger("keyfob")


def kept_in(folder: Path) -> str:
    """Return the folder's key, making it (readable by this user only) when there is none.

    Raises OSError when the folder can be neither read nor written.
    """
    path = folder / "secret_key"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Write a new key whole or not at all: of two processes that start at once, one wins."""
    with NamedTemporaryFile("w", dir=path.parent, prefix="secret_key.") as draft:
        draft.write(f"{token_urlsafe(48)}\n")
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
            log.warning("KEYFOB_SECRET_KEY is not set: made one, kept in %s. Back it up.", path)
