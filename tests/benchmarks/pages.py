"""What a page costs in an account of ten rows, and in one of a million."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.benchmarks import load
from tests.benchmarks.growing import ROWS
from tests.benchmarks.load import Effort
from tests.benchmarks.processes import Server, running
from tests.benchmarks.questions import DOCUMENTS, Asker

QUESTIONS: Final = ("tickets", "page", "log")
Costs = tuple[float, float]


class Leafing(Asker):
    """Somebody who asks for ten rows, which every account has; of the ticket that grows."""

    def document(self, question: str) -> str:
        """Choose the words of a question."""
        return (
            DOCUMENTS[question].replace("first: 50", "first: 10").replace("first: 20", "first: 10")
        )

    def variables(self, question: str) -> Mapping[str, object]:
        """Fill in a question."""
        return {"id": self.reply} if question == "page" else super().variables(question)


def measure(
    askers: Sequence[Asker], settings: Mapping[str, str], rounds: int, seconds: float
) -> Iterator[str]:
    """Ask for each page in each account, one after the other, and lay out what it takes by the first one's."""
    readers = [Leafing(each.secret, each.account, each.read, each.reply) for each in askers]
    with running("keyfob", settings) as server:
        for question in QUESTIONS:
            costs: list[list[Costs]] = [[] for _ in readers]
            for _ in range(rounds + 1):  # the first warms up
                for reader, spent in zip(readers, costs, strict=True):
                    spent.append(_cost(server, question, reader, seconds))
            yield f"{question}: " + ", ".join(_told(costs))


def _cost(server: Server, question: str, reader: Asker, seconds: float) -> Costs:
    """Milliseconds of an answer that waits for no other, and the server's CPU in them."""
    before = server.cpu_seconds
    heard = load.ask(server, question, [reader], Effort(1, seconds))
    assert not heard.bad
    return heard.p50, (server.cpu_seconds - before) / max(heard.answers, 1) * 1e3


def _told(costs: Sequence[Sequence[Costs]]) -> Iterator[str]:
    # What else the machine does only adds: the least is the nearest to what it takes.
    first, *_ = least = [[min(part) for part in zip(*spent[1:], strict=True)] for spent in costs]
    for rows, (time, cpu) in zip(ROWS, least, strict=False):
        yield (
            f"{rows} rows {time / first[0]:.2f} ({time:.2f} ms) cpu {cpu / first[1]:.2f} "
            f"({cpu:.2f} ms)"
        )
