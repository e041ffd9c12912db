"""Keys: a UUIDv7 in the database, a TypeID everywhere else."""

from functools import partial
from string import ascii_lowercase, digits
from typing import Any, Final
from uuid import UUID

from tortoise import Model, fields
from uuid_utils import uuid7

LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH: Final = 26
TO_INT: Final = str.maketrans(LETTERS, (digits + ascii_lowercase)[:32])  # as `int` reads base 32
LETTER: Final = frozenset(LETTERS)
TWO: Final = [a + b for a in LETTERS for b in LETTERS]
THIRTY: Final = (1 << 30) - 1  # bits, six letters
ROOM: Final = 8_192
KNOWN: Final[dict[str, str]] = {}
"""TypeIDs that were met of late, with their UUIDs as text."""


def mint(prefix: str) -> str:
    """Make a new key, later in order than every key made before it: `acc_01h455vb4pex5vsknk084sn02q`."""
    key = uuid7()
    text = lettered(prefix, key.int)
    _remember(text, str(key))  # it is stored next
    return text


def write(prefix: str, key: UUID) -> str:
    """Show a UUID as a TypeID (TypeID specification 0.3)."""
    return lettered(prefix, key.int)


def lettered(prefix: str, bits: int) -> str:
    """Show the bits of a UUID as a TypeID, by a table: a page has more of them than of anything else."""
    a, b, c, d = bits >> 90, bits >> 60 & THIRTY, bits >> 30 & THIRTY, bits & THIRTY
    return (
        f"{prefix}_{TWO[a >> 30]}{TWO[a >> 20 & 1023]}{TWO[a >> 10 & 1023]}{TWO[a & 1023]}"
        f"{TWO[b >> 20]}{TWO[b >> 10 & 1023]}{TWO[b & 1023]}"
        f"{TWO[c >> 20]}{TWO[c >> 10 & 1023]}{TWO[c & 1023]}"
        f"{TWO[d >> 20]}{TWO[d >> 10 & 1023]}{TWO[d & 1023]}"
    )


def read(prefix: str, text: str) -> UUID:
    """Read a TypeID of one kind; ValueError for anything else."""
    return UUID(stored(prefix, text))


def stored(prefix: str, text: str) -> str:
    """Write the UUID of a TypeID as the databases take it; ValueError for what is none of that kind."""
    head, _, tail = text.rpartition("_")
    if head != prefix:
        raise ValueError(text)
    known = KNOWN.get(text)
    if known is not None:
        return known
    if len(tail) != LENGTH or tail[0] > "7" or not LETTER.issuperset(tail):
        raise ValueError(text)
    key = f"{int(tail.translate(TO_INT), 32):032x}"
    return _remember(text, f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}")


def _remember(text: str, key: str) -> str:
    """Keep the UUID of a TypeID, while there is room."""
    if len(KNOWN) >= ROOM:
        KNOWN.clear()
    KNOWN[text] = key
    return key


def kind(text: str) -> str:
    """Name the prefix of a key without reading it: `acc`."""
    return text.partition("_")[0]


def retold(key: str, prefix: str) -> str:
    """Show the same UUID under another prefix: a Viewer is a User seen from inside."""
    return prefix + key[key.index("_") :]


class Mint:
    """Makes keys of one kind: a default that migrations can name."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.__name__ = prefix, f"mint_{prefix}"

    def __call__(self) -> str:
        """Make one."""
        return mint(self.prefix)


class KeyField(fields.UUIDField[Any]):
    """A key of one kind, told apart by its prefix."""

    field_type: type = str

    def __init__(self, prefix: str, **options: Any) -> None:  # noqa: ANN401  # as Tortoise takes them
        if options.get("primary_key"):
            options.setdefault("default", Mint(prefix))
        super().__init__(**options)
        self.prefix: Final = prefix
        self.mark: Final = f"{prefix}_"
        self.of_bits: Final = partial(lettered, prefix)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Write the field into a migration; its default follows from being a primary key."""
        path, args, options = super().deconstruct()
        options.pop("default", None)
        return path, args, {"prefix": self.prefix, **options}

    def to_python_value(self, value: object) -> str | None:  # type: ignore[override]
        """Show what the driver gave."""
        if isinstance(value, UUID):
            return lettered(self.prefix, value.int)
        if value is None or (isinstance(value, str) and value.startswith(self.mark)):
            return value
        return lettered(self.prefix, int(str(value).replace("-", ""), 16))

    def to_db_value(self, value: object, instance: type[Model] | Model) -> str | None:
        """Store the UUID; ValueError for a key of another kind."""
        if value is None:
            return None
        if isinstance(value, UUID):
            return str(value)
        return stored(self.prefix, str(value))
