"""Rounds: every contestant in each, in an order that is drawn, so that what the machine does besides hits all alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from tests.benchmarks import load
from tests.benchmarks.contestants import CONTESTANTS, FLOOR
from tests.benchmarks.load import Effort, Heard
from tests.benchmarks.processes import Server, running
from tests.benchmarks.questions import Asker

Answers: TypeAlias = Mapping[str, Sequence[bytes]]
TIMES: Final = 4  # a compiled answer is given from the second or third time on
COMPARED: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: which contestants, which questions, how often and how hard, with how much of a core each."""

    contestants: Sequence[str]
    questions: Sequence[str]
    connections: Sequence[int]
    rounds: int
    seconds: float
    base: str = FLOOR
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One contestant's answer to one question, in one round."""

    contestant: str
    question: str
    connections: int
    heard: Heard
    cpu_micros: float
    megabytes: float


class Different(AssertionError):
    """A contestant does not answer what the floor answers."""


def compare(plan: Plan, askers: Sequence[Asker], settings: Mapping[str, str]) -> int:
    """Ask every contestant the same; raises Different for the first answer that is not the floor's, byte for byte."""
    asked = 0
    # A reply changes what is read: nobody writes before everybody has read.
    for writes in (False, True):
        questions = [each for each in plan.questions if (each == "reply") is writes]
        expected: Answers = {}
        for name in dict.fromkeys((FLOOR, *plan.contestants)):
            with running(name, settings) as server:
                answers = _answers(server, questions, askers)
            expected = expected or answers
            for question, given in answers.items():
                _refuse_other(name, expected[question], given)
        asked += sum(map(len, expected.values()))
    return asked


def _answers(server: Server, questions: Sequence[str], askers: Sequence[Asker]) -> Answers:
    return {
        question: [
            load.ask_once(server, question, asker)
            for asker in askers[:COMPARED]
            for _ in range(TIMES)
        ]
        for question in questions
        if question in CONTESTANTS[server.name].answers
    }


def _refuse_other(name: str, expected: Sequence[bytes], answers: Sequence[bytes]) -> None:
    for right, got in zip(expected, answers, strict=True):
        if not CONTESTANTS[name].agrees(right, got):
            others = (at for at, (a, b) in enumerate(zip(right, got, strict=False)) if a != b)
            at = max(next(others, 0) - 40, 0)
            said, meant = (each[at : at + 200].decode(errors="replace") for each in (got, right))
            raise Different(f"{name} answers\n{said}\nnot\n{meant}")


def measure(plan: Plan, askers: Sequence[Asker], settings: Mapping[str, str]) -> Iterator[Measured]:
    """Run the rounds: one of each question and number of connections for each contestant."""
    for number in range(plan.rounds):
        order = Random(number).sample(plan.contestants, len(plan.contestants))  # noqa: S311
        for name in order:
            with running(name, settings, share=plan.share) as server:
                yield from _turn(server, plan, askers, number)


def _turn(server: Server, plan: Plan, askers: Sequence[Asker], number: int) -> Iterator[Measured]:
    contestant = CONTESTANTS[server.name]
    # Every process prepares its statements on each of its connections.
    long = plan.seconds * contestant.processes
    for question in (each for each in plan.questions if each in contestant.answers):
        load.ask(server, question, askers, Effort(max(plan.connections), long, number))
        for connections in plan.connections:
            yield _one(server, question, askers, Effort(connections, plan.seconds, number))


def count(plan: Plan) -> int:
    """Count what `measure` will yield."""
    asked = [
        set(plan.questions).intersection(CONTESTANTS[each].answers) for each in plan.contestants
    ]
    return plan.rounds * len(plan.connections) * sum(map(len, asked))


def _one(server: Server, question: str, askers: Sequence[Asker], effort: Effort) -> Measured:
    before = server.cpu_seconds
    heard = load.ask(server, question, askers, effort)
    micros = (server.cpu_seconds - before) / max(heard.answers, 1) * 1e6
    return Measured(server.name, question, effort.connections, heard, micros, server.megabytes)
