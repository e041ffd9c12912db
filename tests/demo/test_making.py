"""Making the demo world: by the rules, once, and only where nobody else is."""

import asyncio

import pytest

from app.demo import world
from app.demo.cast import ACME, CAST, NEWCOMER
from app.demo.world import DatabaseInUse, World
from app.domain.postman import BLANK
from app.main import Application
from models import AuditEvent, AuditHead, Email, MailDelivery, User
from tests.demo.visiting import broken_chains, counts
from tests.stage import ACCEPT, Person


async def test_the_log_is_whole_and_in_the_order_of_time(demo: World) -> None:
    assert await broken_chains() == []
    for head in await AuditHead.all():
        events = await AuditEvent.filter(chain=head.chain).order_by("sequence")
        assert len(events) > 10
        assert [each.created_at for each in events] == sorted(each.created_at for each in events)


async def test_no_mail_is_left_to_be_sent_and_no_secret_but_the_newcomers(demo: World) -> None:
    unsent = await Email.exclude(delivery=MailDelivery.SENT).count()
    kept = await Email.filter(has_secret=True).exclude(body_text=BLANK)

    assert unsent == 0
    assert [each.recipient for each in kept] == [NEWCOMER]


async def test_a_newcomer_follows_the_link_that_is_printed_once(
    app: Application, demo: World
) -> None:
    assert demo.invite_link is not None
    token = demo.invite_link.rpartition("/")[2]
    finn = {"email": NEWCOMER, "password": demo.password, "firstName": "Finn", "lastName": "Moe"}

    joined = await Person(app).does(ACCEPT, token=token, **{"as": {"register": finn}})

    assert (joined["errors"], joined["account"]["name"]) == ([], ACME)
    assert (await world.made(app.site)).invite_link is None


async def test_the_world_is_made_once(app: Application, demo: World) -> None:
    before = await counts()

    assert await world.made(app.site) == demo
    assert await counts() == before


async def test_of_two_who_make_the_world_at_once_one_finds_it_made(app: Application) -> None:
    one, other = await asyncio.gather(world.made(app.site), world.made(app.site))

    assert one == other
    assert await User.all().count() == len(CAST)


async def test_the_world_is_not_made_among_other_people(app: Application, ann: Person) -> None:
    before = await counts()

    with pytest.raises(DatabaseInUse):
        await world.made(app.site)

    assert await counts() == before


async def test_every_installation_has_its_own_password(app: Application, demo: World) -> None:
    key, settings = "another", app.site.settings
    other = settings.model_copy(update={"secret_keys": (key,)})
    renewed = settings.model_copy(update={"secret_keys": (key, *settings.secret_keys)})

    assert world.password_of(type(app.site)(other)) != demo.password
    assert world.password_of(type(app.site)(renewed)) == demo.password
