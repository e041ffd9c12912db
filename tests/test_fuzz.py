"""Whatever the schema allows is asked, by an owner and by nobody: no fault, no machinery, a code on every no."""

import base64
import json
import os
import re
from typing import Any, Final, cast

import httpx2
import pytest
import schemathesis
from graphql import (
    IntValueNode,
    Node,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    introspection_from_schema,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from schemathesis.core.result import Ok

from app.domain.refusals import ErrorCode
from app.main import Application
from models import Session
from resolvers.schema import schema
from tests.stage import Person
from tests.walk import world
from tests.walk.visits import visiting
from tests.walk.world import World

CASES: Final = int(os.environ.get("KEYFOB_FUZZ_CASES", "100"))
MANY: Final = 2_000
GRAPH: Final = schema._schema  # noqa: SLF001  # it has no public name
CODES: Final = set(ErrorCode) - {ErrorCode.INTERNAL}
MACHINERY: Final = re.compile(
    r"Traceback|\b(SELECT|INSERT INTO|DELETE FROM|audit_heads|secret_digest|password_hash)\b"
    r"|asyncpg|tortoise|sqlite|\.py\b",
)
# An id may be one that there is: `@7` stands for the seventh, whatever world the case is sent to.
MARK: Final = re.compile(r'"@(\d+)"')
MARKS: Final = st.integers(0, 99).map("@{}".format)
INSTANTS: Final = st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
ODD: Final = st.sampled_from(["", "acc_", "usr_zzzz", "%", "'", "../..", "x" * 60_000, "\u202e"])
ORDERS: Final = st.sampled_from(
    [
        *("accounts account__name_key", "accounts account__created_at", "accounts last_active_at"),
        *("members joined_at", "messages created_at", "invites created_at desc"),
        *("tickets updated_at desc", "tickets priority desc", "events sequence desc"),
        *("own events created_at desc", "stream"),
    ]
)
KEYS: Final = st.sampled_from(
    [f"{kind}_01h455vb4pex5vsknk084sn02q" for kind in ("mem", "tkt", "msg", "inv", "evt", "acc")]
)
PLACES: Final = st.lists(
    st.integers(-1, 2**64) | st.text(max_size=5) | st.none() | INSTANTS | KEYS, max_size=3
)


def told(values: st.SearchStrategy[str]) -> st.SearchStrategy[StringValueNode]:
    """Write values of a scalar of ours as a document has them."""
    return values.map(lambda value: StringValueNode(value=value))


for name in ("EmailAddress", "HTML", "IPAddress", "JSON"):
    schemathesis.graphql.scalar(name, told(st.text(max_size=40)))
schemathesis.graphql.scalar("DateTime", told(INSTANTS | ODD))
TOLD: Final = cast("dict[str, Any]", introspection_from_schema(GRAPH))
OPERATIONS: Final = schemathesis.graphql.from_dict(TOLD).get_all_operations()
ANY: Final = st.one_of([each.ok().as_strategy() for each in OPERATIONS if isinstance(each, Ok)])


def cursor(order: str, place: list[object]) -> str:
    """Forge the mark of a place in a list."""
    forged = json.dumps([order, *place]).encode()
    return base64.urlsafe_b64encode(forged).decode().rstrip("=")


CHOICES: Final[dict[str, st.SearchStrategy[str | None]]] = {
    "ID": MARKS | ODD | st.none(),
    "String": st.builds(cursor, ORDERS, PLACES) | ODD | st.none() | st.none(),
}


class Replacing(Visitor):
    """Puts other ids and texts into a document."""

    def __init__(self, types: TypeInfo, draw: DrawFn) -> None:
        super().__init__()
        self.types, self.draw = types, draw

    def enter(self, node: Node, *_: object) -> Node | None:
        """Replace a value, perhaps."""
        kind = self.types.get_input_type()
        name = str(get_named_type(kind)) if kind is not None else ""
        if not isinstance(node, StringValueNode | IntValueNode) or name not in CHOICES:
            return None
        chosen = self.draw(CHOICES[name])
        return None if chosen is None else StringValueNode(value=chosen)


@st.composite
def documents(draw: DrawFn) -> str:
    """Draw any operation, with ids of which many are somebody's."""
    types = TypeInfo(GRAPH)
    document = parse(str(draw(ANY).body))
    return print_ast(visit(document, TypeInfoVisitor(types, Replacing(types, draw))))


HOW: Final = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
async def acme(app: Application) -> World:
    """Acme, of which cases name what there is."""
    return await world.make(app)


@settings(HOW, max_examples=CASES, derandomize=True)
@given(document=documents())
async def test_nothing_that_can_be_asked_is_a_fault(acme: World, document: str) -> None:
    await ask(acme, document)


@pytest.mark.slow
@settings(HOW, max_examples=MANY)
@given(document=documents())
async def test_nothing_of_much_that_can_be_asked_is_a_fault(acme: World, document: str) -> None:
    await ask(acme, document)


async def ask(acme: World, document: str) -> None:
    """Ask as the owner of Acme, and as nobody."""
    ids = [id for each in acme.ids.values() for id in each]
    asked = MARK.sub(lambda mark: f'"{ids[int(mark[1]) % len(ids)]}"', document)
    session = await Session.filter(user_id=acme.owner.id).first()
    assert session is not None
    for person in (acme.owner, Person(acme.app)):
        async with visiting(person) as visit:
            answer = await visit.sends(asked, {})
        assert faults(answer) == [], asked
    await session.save()  # who has signed out goes on


def faults(answer: httpx2.Response) -> list[str]:
    """Say what is wrong with an answer."""
    found = [f"{answer.status_code}"] if answer.status_code >= 500 else []
    found += [word[0] for word in MACHINERY.finditer(answer.text)]
    errors: list[dict[str, Any]] = answer.json().get("errors", [])
    codes = [error.get("extensions", {}).get("code") for error in errors]
    return found + [f"{code}" for code in codes if code not in CODES]
