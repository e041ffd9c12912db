"""What signing in costs the others, and whether it tells who is known: `python -m tests.benchmarks.signing_in`."""

import asyncio
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from app.database.migrations import migrate
from app.kit import secrets
from app.kit.settings import Settings
from app.main import Application, create_app
from models import Quota, Throttle
from tests.recovering import FORGOT
from tests.stage import LOGIN, PASSWORD, REGISTER, Person, register

ME = "{ me { id displayName } }"
NAMES = {"password": PASSWORD, "firstName": "Bob", "lastName": "Baker"}
SECONDS = 5.0
SIGN_INS = 8


async def ask_for_a_while(person: Person, spent: list[float]) -> None:
    """Ask who one is again and again, and note how long each answer took."""
    until = perf_counter() + SECONDS
    while perf_counter() < until:
        begun = perf_counter()
        await person.asks(ME)
        spent.append(perf_counter() - begun)
        await asyncio.sleep(0)


async def sign_in_forever(person: Person) -> None:
    """Sign in again and again; several as one would be slowed down, and ask the faster."""
    while True:
        payload = await Person(person.app).does(LOGIN, email=person.email, password=PASSWORD)
        assert payload["errors"] == []


async def latency(app: Application, ann: Person, sign_ins: int) -> tuple[float, float]:
    """Median and 99th percentile of `me`, in seconds, while so many sign in at once."""
    people = [await register(app, f"P{sign_ins}{chr(97 + i)}") for i in range(sign_ins)]
    load = [asyncio.create_task(sign_in_forever(person)) for person in people]
    spent: list[float] = []
    await ask_for_a_while(ann, spent)
    for task in load:
        task.cancel()
    await asyncio.gather(*load, return_exceptions=True)
    return median(spent), quantiles(spent, n=100)[98]


async def medians(app: Application, mutation: str, tries: int, **input: object) -> str:
    """Median time of an answer for a known and for an unknown address, in turns; and their ratio."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for i in range(tries):
        for is_known, times in spent.items():
            await Throttle.all().delete()
            await Quota.all().delete()
            email = "ann@x.example" if is_known else f"nobody{i}@x.example"
            begun = perf_counter()
            await Person(app).does(mutation, email=email, **input)
            times.append(perf_counter() - begun)
    known, unknown = (median(times) for times in spent.values())
    return f"{known * 1e3:.1f} ms known, {unknown * 1e3:.1f} ms unknown ({known / unknown:.3f})"


async def main(tries: int) -> None:
    """Print both as ratios within this run."""
    with TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.sqlite3"
        await migrate(url, lambda _: None)
        wanted = {"database_url": url, "data_dir": Path(folder), "secret_keys": (secrets.mint(),)}
        app = create_app(Settings.model_validate(wanted), sends_mail=False)
        async with app.router.lifespan_context(app):
            ann = await register(app, "Ann")
            quiet, busy = await latency(app, ann, 0), await latency(app, ann, SIGN_INS)
            wrong = await medians(app, LOGIN, tries, password="wrong password")
            asked = await medians(app, FORGOT, tries)
            object.__setattr__(app.site.settings, "private_registration", True)
            private = await medians(app, REGISTER, tries, **NAMES)
    sys.stdout.write(
        f"me, p50: {quiet[0] * 1e3:.1f} ms alone, {busy[0] * 1e3:.1f} ms while {SIGN_INS} sign in "
        f"({busy[0] / quiet[0]:.2f}); p99: {quiet[1] * 1e3:.1f} ms, {busy[1] * 1e3:.1f} ms "
        f"({busy[1] / quiet[1]:.2f})\n"
        f"medians of {tries}; wrong password: {wrong}; reset: {asked}; private registration: {private}\n"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
