"""Real mail servers, some of them with moods."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from app.kit import clock

HANGS, DROPS = "hangs", "drops"


@dataclass
class Server:
    """A mail server that takes what it is given, but for the recipients it has an answer or a mood for."""

    moods: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    taken: list[Envelope] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    signed_in: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, read as a mail program reads it."""
        return [message_from_bytes(raw(one), policy=policy.default) for one in self.taken]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or answer as the mood says."""
        self.tried.append(address)
        mood = self.moods.get(address, "250 OK")
        if mood[0].isdigit() and not mood.startswith("250"):
            return mood
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, hang, or drop the connection without a word."""
        transport = cast("asyncio.Transport", server.transport)  # uvloop's is no subclass
        match self.moods.get(envelope.rcpt_tos[0]):
            case "hangs":
                await asyncio.Event().wait()
            case "drops":
                transport.abort()
                await asyncio.Event().wait()
        self.secured.append(transport.get_extra_info("sslcontext") is not None)
        self.taken.append(envelope)
        return "250 OK"

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, proof: object
    ) -> AuthResult:
        """Let Ann in with her password."""
        assert isinstance(proof, LoginPassword)
        self.signed_in.append((proof.login, proof.password))
        return AuthResult(success=proof == LoginPassword(b"ann", b"p@ss:word"), handled=False)


@asynccontextmanager
async def serving(
    moods: Mapping[str, str] | None = None,
    *,
    takes_utf8: bool = True,
    starttls: SSLContext | None = None,
    tls: SSLContext | None = None,
) -> AsyncIterator[Server]:
    """Serve on a free port: with a certificate for `starttls`, or for `tls` from the first byte on."""
    server = Server(moods or {})

    def connect() -> SMTP:
        return SMTP(
            server,
            loop=asyncio.get_running_loop(),
            enable_SMTPUTF8=takes_utf8,
            tls_context=starttls,
            authenticator=server.sign_in,
            auth_require_tls=False,
        )

    async with listening(connect, tls) as port:
        server.url = f"{'smtps' if tls else 'smtp'}://127.0.0.1:{port}"
        yield server


@asynccontextmanager
async def listening(
    connect: Callable[[], SMTP], tls: SSLContext | None = None
) -> AsyncIterator[int]:
    """Listen on a free port of this machine, and yield it."""
    loop = asyncio.get_running_loop()
    async with await loop.create_server(connect, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def saying(*words: str) -> AsyncIterator[str]:
    """Serve something that says the words, one to each line it hears, and then nothing; yields its URL."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for word in words:
            writer.write(f"{word}\r\n".encode())
            await reader.readline()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        yield f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def own_certificate(folder: Path) -> SSLContext:
    """Make a certificate that nobody vouches for, as a fresh mail server has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = clock.now()
    made = CertificateBuilder(name, name, key.public_key(), random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    pem = made.sign(key, SHA256()).public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + pem)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def raw(envelope: Envelope) -> bytes:
    """Return the bytes of a mail as they came."""
    content = envelope.original_content
    assert content is not None
    return content
