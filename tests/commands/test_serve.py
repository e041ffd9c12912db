"""Serving, from its first line to its exit code."""

import json
import signal
from socket import create_server
from urllib.request import urlopen

import pytest
from websockets import CloseCode, ConnectionClosed, Subprotocol
from websockets.sync.client import connect

from tests.commands.terminal import Terminal


def test_serving_asks_for_tables_of_this_version(terminal: Terminal, port: str) -> None:
    line = terminal.complaint("serve", "--port", port)

    assert line.startswith("keyfob: the database is ")
    assert line.endswith(" behind this version. Run `keyfob migrate` first.")


def test_a_taken_port_is_one_line(terminal: Terminal) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert terminal.complaint("serve", "--port", str(port)) == (
            f"keyfob: cannot listen on 127.0.0.1:{port}: it is taken. "
            "Stop what listens there, or choose another KEYFOB_PORT."
        )


def test_serving_ends_well_when_it_is_told_to(installed: Terminal, port: str) -> None:
    with installed.running("serve", "--port", port) as server:
        assert server.stdout
        first = server.stdout.readline()
        with urlopen(f"http://127.0.0.1:{port}/health/live") as answer:
            served = answer.status, answer.headers["server"]
        server.send_signal(signal.SIGTERM)
        rest, complaints = server.communicate(timeout=10)

    assert first == f"Keyfob is at http://127.0.0.1:{port}/graphql (Ctrl-C stops it)\n"
    assert served == (200, None)
    assert (server.returncode, rest, complaints) == (0, "", "")


def test_open_sockets_are_told_that_it_goes_away(installed: Terminal, port: str) -> None:
    with installed.running("serve", "--port", port) as server:
        assert server.stdout
        server.stdout.readline()
        url = f"ws://127.0.0.1:{port}/graphql"
        with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            socket.send('{"type": "connection_init"}')
            assert json.loads(socket.recv()) == {"type": "connection_ack"}
            server.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=5)
        server.communicate(timeout=10)

    assert socket.close_code == CloseCode.GOING_AWAY
    assert server.returncode == 0


def test_a_silent_mail_server_does_not_keep_the_api_from_serving(
    installed: Terminal, port: str
) -> None:
    installed.environment["KEYFOB_SMTP_URL"] = "smtp://127.0.0.1:1"

    with installed.running("serve", "--port", port) as server:
        assert server.stdout
        first = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, complaints = server.communicate(timeout=10)

    assert first.startswith("Keyfob is at ")
    assert complaints.startswith("keyfob: KEYFOB_SMTP_URL: the mail server 127.0.0.1:1 ")
    assert complaints.endswith("Until then mail waits in its queue.\n")
    assert server.returncode == 0
