"""A copy of the database: whoever has it signs nobody in."""

from pathlib import Path

from app.domain.postman import Postman
from app.kit.outbox import Outbox
from app.main import Application
from models import Email
from tests.locking import lock_out
from tests.passkeys import LOGIN_WITH_PASSKEY, adds, answers
from tests.recovering import change_link, choose_question, enrol, reset_link, settled
from tests.stage import INVITE, LOGIN, PASSWORD, Person, account_of, link_in, register
from tests.walk.kept import tables

ANSWER = "aunt mary's terrier"


async def handed_out(app: Application) -> list[str]:
    """Let Kim do everything that hands a secret out, and use none of the links up; the secrets."""
    kim = await settled(app, "Kim")
    given = [PASSWORD, ANSWER, str((await register(app, "Bea")).token), str(kim.token)]
    await choose_question(kim, "Whose dog was it?", ANSWER)
    given.append((await change_link(kim, "kim@new.example")).rpartition("/")[2])
    given.append((await reset_link(kim)).rpartition("/")[2])
    given.append((await lock_out(await settled(app, "Leo"))).rpartition("/")[2])
    acme = await account_of(kim, "Acme")
    await kim.does(INVITE, accountId=acme, email="bob@x.example", permissions=["TICKETS"])
    given.append(await link_in("bob@x.example", "invite"))
    given.append(await link_in("bea@x.example", "verify_email"))
    by_key = (await Person(app).does(LOGIN_WITH_PASSKEY, **await answered(kim)))["sessionToken"]
    ask = LOGIN.replace("sessionToken", "sessionToken deviceToken")
    known = await Person(app).does(ask, email=kim.email, password=PASSWORD)
    secret, recovery = await enrol(kim)
    return [*given, by_key, known["sessionToken"], known["deviceToken"], secret, *recovery]


async def answered(kim: Person) -> dict[str, object]:
    """Let Kim have a passkey, and a stranger answer with it."""
    return {"proof": await answers(Person(kim.app), await adds(kim))}


async def test_a_dump_of_the_database_signs_nobody_in(app: Application, tmp_path: Path) -> None:
    secrets = await handed_out(app)
    await Postman(
        app.site, Outbox(tmp_path / "outbox", "http://x.example", lambda _: None)
    ).send_all()

    dump = "".join([str(await table.all().values()) for table in tables()])

    assert len(secrets) == len(set(secrets)) == 23
    spelt = [secret.replace("-", "") for secret in secrets[13:]]  # recovery codes, without hyphens
    assert [secret for secret in [*secrets, *spelt] if secret in dump] == []
    assert await Email.filter(delivery="SENT").count() == await Email.all().count()
    mailed = "".join([mail.read_text() for mail in (tmp_path / "outbox").iterdir()])
    assert [secret for secret in secrets if secret in mailed] == secrets[4:9]  # the links
