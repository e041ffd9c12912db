"""Passwords."""

import asyncio
import os
import sys
import threading
import time

import bcrypt
import pytest

from app.kit import passwords, secrets

OLD, NEW = "an old key of thirty-two letters.", "a new key of thirty-two letters.."
COST = 4
GOOD = "seven dull cranes file taxes"


async def stored_of(password: str, key: str = NEW, cost: int = COST) -> str:
    return await passwords.hash_password(password, [key], cost)


async def test_a_hash_names_its_scheme_and_key_and_knows_its_password() -> None:
    stored = await stored_of(GOOD)

    assert stored.startswith(f"keyfob1${secrets.key_id(NEW)}$$2b$04$")
    assert await passwords.verify(GOOD, stored, [NEW], COST)
    assert not await passwords.verify(GOOD + "!", stored, [NEW], COST)


async def test_all_of_a_long_password_counts() -> None:
    long = "x" * 127
    stored = await stored_of(long + "a")

    assert await passwords.verify(long + "a", stored, [NEW], COST)
    assert not await passwords.verify(long + "b", stored, [NEW], COST)
    assert not await passwords.verify(long, stored, [NEW], COST)


async def test_two_ways_to_type_a_letter_are_one_password() -> None:
    stored = await stored_of("Ångström und Gräfin")

    assert await passwords.verify("A\u030angstro\u0308m und Gra\u0308fin", stored, [NEW], COST)
    assert not await passwords.verify("ångström und gräfin", stored, [NEW], COST)


async def test_keys_can_be_changed_without_asking_anyone_for_a_new_password() -> None:
    stored = await stored_of(GOOD, OLD)

    assert await passwords.verify(GOOD, stored, [NEW, OLD], COST)
    assert passwords.needs_rehash(stored, [NEW, OLD], COST)
    assert not passwords.needs_rehash(await stored_of(GOOD), [NEW, OLD], COST)


async def test_a_hash_of_a_key_that_is_gone_is_nobodys_password() -> None:
    assert not await passwords.verify(GOOD, await stored_of(GOOD, OLD), [NEW], COST)


async def test_a_hash_is_renewed_when_the_cost_rises_and_kept_when_it_falls() -> None:
    stored = await stored_of(GOOD, cost=5)

    assert [passwords.needs_rehash(stored, [NEW], cost) for cost in (4, 5, 6)] == [
        False,
        False,
        True,
    ]


async def test_an_imported_hash_is_checked_as_php_made_it() -> None:
    long = "p" * 80
    imported = (
        bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(COST)).decode().replace("$2b$", "$2y$")
    )

    assert await passwords.verify(long, imported, [NEW], COST)
    assert await passwords.verify("p" * 72 + "!", imported, [NEW], COST)
    assert not await passwords.verify("p" * 71, imported, [NEW], COST)
    assert passwords.needs_rehash(imported, [NEW], COST)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "*",
        "$2y$10$short",
        "md5$abc",
        "keyfob1$",
        "keyfob2$x$y",
        f"keyfob1${secrets.key_id(NEW)}$*",
    ],
)
async def test_what_is_no_hash_is_nobodys_password(stored: str | None) -> None:
    assert not await passwords.verify(GOOD, stored, [NEW], COST)
    assert stored is None or passwords.needs_rehash(stored, [NEW], COST)


async def test_an_unknown_address_costs_the_work_of_a_known_one() -> None:
    stored = await stored_of(GOOD, cost=10)

    pairs = [(await seconds("wrong", stored), await seconds("wrong", None)) for _ in range(12)]

    known, unknown = (min(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


async def seconds(password: str, stored: str | None) -> float:
    start = time.process_time()  # of all threads, and of nobody else on the machine
    assert not await passwords.verify(password, stored, [NEW], 10)
    return time.process_time() - start


async def test_the_loop_runs_on_while_passwords_are_hashed() -> None:
    hashing = asyncio.create_task(stored_of(GOOD, cost=11))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 10


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
async def test_threads_that_hash_let_the_loop_go_first() -> None:
    await asyncio.gather(stored_of(GOOD), stored_of(GOOD))

    hashing = [thread for thread in threading.enumerate() if thread.name.startswith("passwords")]
    nice = {os.getpriority(os.PRIO_PROCESS, thread.native_id or 0) for thread in hashing}
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert nice == {min(own + passwords.POLITENESS, 19)}


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "            7 blanks",
        "пароль для кота Мурзика",
        "🦊🐢🎻🌋🧵🪁🥨🛶🎲🧊🪗🦑",
        "correct-annual-horse-cart",
        " ".join(f"{n:x}" for n in range(1000, 1025))[:128],
    ],
)
async def test_a_long_password_of_any_script_is_taken(password: str) -> None:
    assert await passwords.weakness(password, ["ann@x.example", "Ann", "Smith"]) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("x", "Use at least 12 characters."),
        ("elevenchars", "Use at least 12 characters."),
        ("e\u0301" * 11, "Use at least 12 characters."),
        ("v9 " * 43, "Use at most 128 characters."),
        ("password1234", "This is easy to guess. "),
        ("aaaaaaaaaaaaaaaa", "This is easy to guess. "),
        ("            ", "This is easy to guess. "),
        ("qwertyuiop12", "This is easy to guess. "),
        ("x7! ann@X.example 9", "Leave your name, your address and Keyfob out of it."),
        ("vLtSMITH-93-qqz-tree", "Leave your name, your address and Keyfob out of it."),
        ("nine keyfobs file taxes", "Leave your name, your address and Keyfob out of it."),
        ("7 dull cranes, ann, 9 taxes", "Leave your name, your address and Keyfob out of it."),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    said = await passwords.weakness(password, ["ann@x.example", "Ann", "Smith"])

    assert said is not None
    assert said.startswith(reason.strip())
