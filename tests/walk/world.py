"""Acme, with a word in every text that stands nowhere else, and everybody who has no business there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.kit import clock
from app.main import Application
from models import Account, Email, Membership, OperatorRole, User
from tests.conftest import staff
from tests.stage import (
    ANSWER,
    CREATE_ACCOUNT,
    DEPARTMENTS,
    INVITE,
    OPEN_TICKET,
    Person,
    join,
    register,
)
from tests.walk import kept
from tests.walk.kept import NOBODY, Owner

REVOKE: Final = """mutation ($input: RevokeInviteInput!) {
  revokeInvite(input: $input) { errors { code } } }"""
REMOVE: Final = """mutation ($input: RevokeMembershipInput!) {
  revokeMembership(input: $input) { errors { code } } }"""
UPDATE: Final = """mutation ($input: UpdateMembershipInput!) {
  updateMembership(input: $input) { errors { code } } }"""
ACCOUNT: Final = "Qumbrella"
WORDS: Final = (
    *(
        "qumbrella",
        "qoffice",
        "qowner",
        "qmember",
        "qplain",
        "qtalker",
        "qformer",
        "qlocked",
        "qguest",
    ),
    *("qpending", "qgone", "qnote", "qwelcome", "qsubject", "qbody", "qreply", "qinternal"),
    *("qstaff", "qadmin", "qreason", "qbrowser"),
)
EVERYTHING: Final = ("TICKETS", "MANAGE_USERS", "PRODUCTS", "VIEW_AUDIT_LOG")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with no business in Acme, or little; `may` are the words and ids that are theirs to see."""

    person: Person
    owner: Owner = NOBODY
    may: frozenset[str] = frozenset()


@dataclass(slots=True)
class World:
    """Acme and its people; the secrets that nobody may see, and the visitors by what they are to it."""

    app: Application
    owner: Person
    admin: Person
    acme: str
    number: str
    ids: dict[str, list[str]]
    secrets: set[str]
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def foreign(self) -> set[str]:
        """Everything that stands nowhere but in somebody's rows."""
        keys = {key for kind, ids in self.ids.items() if kind != "Department" for key in ids}
        return {*WORDS, *kept.ids_in(keys), *self.secrets}


async def make(app: Application) -> World:
    """Make Acme, with one of everything in every state."""
    owner = await register(app, "Qowner")
    await User.filter(id=owner.id).update(email_verified_at=clock.now())
    owner.headers["user-agent"] = "Qbrowser/1.0"
    made = await owner.does(CREATE_ACCOUNT, name=ACCOUNT, email="qoffice@x.example")
    acme = made["account"]["id"]
    member = await register(app, "Qmember")
    await User.filter(id=member.id).update(email_verified_at=clock.now())
    await join(owner, member, acme, *EVERYTHING)
    people = await _members(app, member, acme)
    number = await _talk(app, member, acme)
    await _invites(member, people["guest"], acme)
    admin = await staff(app, "Qadmin", OperatorRole.ADMIN)
    nora = await register(app, "Nora")
    await nora.does(CREATE_ACCOUNT, name="Next Door", email="nora@x.example")
    people |= {"stranger": await register(app, "Simon"), "neighbour": nora}
    world = World(app, owner, admin, acme, number, await kept.ids_by_type(), await _secrets())
    world.visitors = await _visitors(world, people, member)
    return world


async def _members(app: Application, member: Person, acme: str) -> dict[str, Person]:
    """Have a member let people in; one was removed since, and one suspended."""
    names = {"plain": "Qplain", "talker": "Qtalker", "former": "Qformer", "locked": "Qlocked"}
    people = {key: await register(app, name) for key, name in names.items()}
    places = {
        key: await join(member, person, acme, "TICKETS" if key == "talker" else "PRODUCTS")
        for key, person in people.items()
    }
    await member.does(REMOVE, membershipId=places["former"], reason="Qreason")
    await member.does(UPDATE, membershipId=places["locked"], suspended=True)
    guest = await register(app, "Qguest")
    await User.filter(id=guest.id).update(email_verified_at=clock.now())
    return people | {"guest": guest}


async def _talk(app: Application, member: Person, acme: str) -> str:
    """Open a ticket, which staff answer and note upon; return its number."""
    agent = await staff(app, "Qstaff", OperatorRole.AGENT)
    agent.headers["user-agent"] = "Qbrowser/2.0"
    (general,) = (await member.asks(DEPARTMENTS))["departments"]
    texts = {"subject": "Qsubject", "body": "Qbody", "departmentId": general["id"]}
    ticket = (await member.does(OPEN_TICKET, accountId=acme, **texts))["ticket"]
    await agent.does(ANSWER, ticketId=ticket["id"], body="Qreply")
    await agent.does(ANSWER, ticketId=ticket["id"], body="Qinternal", internal=True)
    return ticket["number"]  # type: ignore[no-any-return]


async def _invites(member: Person, guest: Person, acme: str) -> None:
    """Invite a stranger, a stranger who is uninvited again, and somebody with a user."""
    to = {"accountId": acme, "permissions": ["TICKETS"]}
    await member.does(INVITE, email="qpending@x.example", note="Qnote", **to)
    gone = await member.does(INVITE, email="qgone@x.example", note="Qnote", **to)
    await member.does(REVOKE, inviteId=gone["invite"]["id"])
    await member.does(INVITE, email=guest.email, note="Qwelcome", **to)


async def _secrets() -> set[str]:
    """Collect what opens doors: digests and hashes, and the links in mails."""
    found: set[str] = set()
    for row in (await kept.everything()).values():
        hidden = [row[name] for name in row if name.endswith(("_digest", "_hash", "_cipher"))]
        found |= {str(each).lower() for each in hidden if each}
    for mail in await Email.all():
        found |= {
            each.lower() for each in re.findall(r"/([\w-]{40,})$", mail.body_text, re.MULTILINE)
        }
    return found


async def _visitors(world: World, people: dict[str, Person], member: Person) -> dict[str, Visitor]:
    """Say what each may see: the short list that every answer is held against."""
    ids = world.ids
    seen = {ACCOUNT.lower(), "qmember", *kept.ids_in([world.acme, member.id])}
    rows = await Membership.filter(account_id=world.acme).exclude(status="ENDED").values()
    fellows = {"qowner", "qlocked", "qplain", "qtalker", *_keys(row["user_id"] for row in rows)}
    ticket = _keys([*ids["Ticket"], *ids["TicketMessage"][:2], ids["Operator"][0]])
    more = {
        "plain": seen | fellows,
        "talker": seen | fellows | ticket | {"qsubject", "qbody", "qreply", "qstaff"},
        "former": seen,
        "locked": seen,
        "guest": seen | {"qwelcome", *_keys(ids["Invite"][-1:])},
    }
    visitors = {"nobody": Visitor(Person(world.app))}
    for name, person in people.items():
        visitors[name] = await _visitor(person, more.get(name, set()))
    return visitors


def _keys(ids: Iterable[str]) -> set[str]:
    return kept.ids_in(list(ids))


async def _visitor(person: Person, more: set[str]) -> Visitor:
    owned = await Account.filter(owner_id=person.id).values_list("id", flat=True)
    owner = Owner(person.id, person.email, frozenset(map(str, owned)))
    own = {place[1] for place, row in (await kept.everything()).items() if owner.owns(row)}
    words = {word for word in WORDS if word in person.email}
    return Visitor(person, owner, frozenset(more | kept.ids_in(own) | words))
