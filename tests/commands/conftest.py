"""What tests of commands have in common."""

import socket
from pathlib import Path

import pytest

from tests.commands.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Open a shell whose installation has a key, and nothing else."""
    return Terminal(tmp_path, KEYFOB_SECRET_KEY="0123456789abcdef" * 2)


@pytest.fixture
def port() -> str:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])
