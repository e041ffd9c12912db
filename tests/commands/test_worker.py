"""Sending the mail in a process of its own."""

import signal

from tests.commands.terminal import Terminal


def test_a_worker_ends_well_when_it_is_told_to(installed: Terminal) -> None:
    with installed.running("worker") as worker:
        assert worker.stdout
        first = worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        rest, complaints = worker.communicate(timeout=10)

    assert first == "Keyfob sends the mail (Ctrl-C stops it)\n"
    assert (worker.returncode, rest, complaints) == (0, "", "")


def test_without_its_mail_server_a_worker_has_nothing_to_do(installed: Terminal) -> None:
    installed.environment["KEYFOB_SMTP_URL"] = "smtp://127.0.0.1:1"

    line = installed.complaint("worker")

    assert line.startswith("keyfob: KEYFOB_SMTP_URL: the mail server 127.0.0.1:1 does not answer (")
