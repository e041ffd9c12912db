"""Handing mail to a mail server."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kit import clock, compose
from app.kit.compose import Draft
from app.kit.letters import Letter
from app.kit.smtp import Deferred, MailServer, Rejected, Undelivered, client
from tests.kit.mail_servers import (
    DROPS,
    HANGS,
    own_certificate,
    raw,
    saying,
    serving,
)

SMUGGLED = (
    "Hello\n.\nMAIL FROM:<evil@x.example>\nRCPT TO:<vic@x.example>\nDATA\nBoo\n.\nQUIT\nBye\n"
)


def a_mail(to: str = "bob@x.example", text: str = "Hello\n") -> Draft:
    return Draft(
        sender="Keyfob <keyfob@keyfob.example>",
        to=to,
        letter=Letter("Hello", text, "<p>Hello</p>"),
        message_id="<eml_1@keyfob.example>",
        at=clock.now(),
    )


async def send(url: str, draft: Draft | None = None, patience: float = 5) -> None:
    await MailServer(url, patience).deliver(compose.message(draft or a_mail()))


async def test_a_mail_arrives_at_the_one_recipient() -> None:
    async with serving() as server:
        await send(server.url)

        (envelope,) = server.taken
        assert envelope.mail_from == "keyfob@keyfob.example"
        assert envelope.rcpt_tos == ["bob@x.example"]
        assert server.mails[0]["Message-ID"] == "<eml_1@keyfob.example>"


async def test_a_body_with_smtp_commands_arrives_whole_and_is_no_second_mail() -> None:
    async with serving() as server:
        await send(server.url, a_mail(text=SMUGGLED))

        (mail,) = server.mails
        body = mail.get_body(("plain",))
        assert body is not None
        assert body.get_content().splitlines() == SMUGGLED.splitlines()
        assert server.tried == ["bob@x.example"]


async def test_a_5xx_is_final_and_told_in_one_line_of_the_servers_words() -> None:
    answer = "550-5.1.1 No such\r\n550 user\x1b[31m here" + "!" * 300
    async with serving({"bob@x.example": answer}) as server:
        with pytest.raises(Rejected) as no:
            await send(server.url)

        assert str(no.value).startswith("550 5.1.1 No such user [31m here!!!")
        assert len(str(no.value)) == 200
        assert server.taken == []


async def test_a_4xx_is_for_later() -> None:
    async with serving({"bob@x.example": "451 4.7.1 Greylisted"}) as server:
        with pytest.raises(Deferred, match=r"^451 4\.7\.1 Greylisted$"):
            await send(server.url)

        assert server.taken == []


async def test_a_server_that_hangs_costs_its_patience_and_no_more() -> None:
    async with serving({"bob@x.example": HANGS}) as server:
        with pytest.raises(Deferred, match=r"did not answer within 2 s"):
            await send(server.url, patience=2.0)

        assert server.tried == ["bob@x.example"]


async def test_a_server_that_drops_after_the_data_is_for_later() -> None:
    async with serving({"bob@x.example": DROPS}) as server:
        with pytest.raises(Deferred):
            await send(server.url)

        assert server.tried == ["bob@x.example"]


async def test_bad_recipients_delay_no_good_ones() -> None:
    bad = {
        "no@x.example": "550 No",
        "later@x.example": "451 Later",
        "hangs@x.example": HANGS,
        "drops@x.example": DROPS,
    }
    good = [f"good{n}@x.example" for n in range(20)]
    async with serving(bad) as server:
        sends = (send(server.url, a_mail(to), patience=2) for to in [*bad, *good])
        ends = await asyncio.gather(*sends, return_exceptions=True)

        assert [type(end) for end in ends[:4]] == [Rejected, Deferred, Deferred, Deferred]
        assert ends[4:] == [None] * 20
        assert sorted(to for one in server.taken for to in one.rcpt_tos) == sorted(good)


@pytest.mark.parametrize(
    "words",
    [
        ["554 No mail service here"],
        ["421 Too busy"],
        ["220 Hello", "250 Hello", "530 Sign in first", "250 OK"],
        ["Hello, I am no mail server"],
    ],
)
async def test_a_server_that_serves_nobody_is_for_later(words: list[str]) -> None:
    async with saying(*words) as url:
        with pytest.raises(Deferred):
            await send(url, patience=2)


async def test_a_server_that_is_down_is_for_later(
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    with pytest.raises(Deferred, match=r"127\.0\.0\.1"):
        await send(f"smtp://127.0.0.1:{unused_tcp_port_factory()}")


async def test_a_goodbye_that_nobody_answers_leaves_a_mail_sent() -> None:
    async with saying("220 Hi", "250 Hi", "250 OK", "250 OK", "354 Go on", *["250 OK"] * 90) as url:
        await send(url, patience=2)


async def test_the_password_of_the_url_signs_in() -> None:
    async with serving() as server:
        await send(server.url.replace("//", "//ann:p%40ss%3Aword@"))

        assert server.signed_in == [(b"ann", b"p@ss:word")]
        assert len(server.taken) == 1


async def test_a_wrong_password_is_no_fault_of_the_mail() -> None:
    async with serving() as server:
        with pytest.raises(Deferred, match="535"):
            await send(server.url.replace("//", "//ann:wrong@"))

        assert server.taken == []


async def test_tls_is_spoken_where_the_server_offers_it(tmp_path: Path) -> None:
    async with serving(starttls=own_certificate(tmp_path)) as server:
        await send(server.url)

        assert server.secured == [True]


async def test_tls_is_spoken_from_the_first_byte_with_smtps(tmp_path: Path) -> None:
    async with serving(tls=own_certificate(tmp_path)) as server:
        await send(server.url)

        assert server.secured == [True]


async def test_an_address_with_other_letters_goes_where_the_server_takes_it() -> None:
    async with serving() as server:
        await send(server.url, a_mail("jürgen@münchen.example"))

        assert server.taken[0].rcpt_tos == ["jürgen@xn--mnchen-3ya.example"]
        assert "To: jürgen@xn--mnchen-3ya.example".encode() in raw(server.taken[0])


async def test_an_address_with_other_letters_is_refused_where_the_server_does_not() -> None:
    async with serving(takes_utf8=False) as server:
        with pytest.raises(Rejected, match="ASCII"):
            await send(server.url, a_mail("jürgen@x.example"))

        assert server.taken == []


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "start_tls", "checks"),
    [
        ("smtp://mail.example", 25, False, None, True),
        ("smtp://ann:secret@mail.example", 587, False, True, True),
        ("smtp://ann:secret@mail.example:2525", 2525, False, True, True),
        ("smtps://ann:secret@mail.example", 465, True, None, True),
        ("smtp://localhost", 25, False, None, False),
        ("smtp://ann:secret@[::1]", 587, False, None, False),
    ],
)
def test_a_password_never_crosses_a_network_without_tls(
    *, url: str, port: int, use_tls: bool, start_tls: bool | None, checks: bool
) -> None:
    server = client(url)

    assert (server.port, server.use_tls, server.validate_certs) == (port, use_tls, checks)
    assert server._start_tls_on_connect is start_tls  # noqa: SLF001 - it has no other name


def test_a_url_with_a_password_does_not_show_in_logs() -> None:
    assert "secret" not in repr(MailServer("smtp://ann:secret@mail.example"))
    assert issubclass(Rejected, Undelivered)
