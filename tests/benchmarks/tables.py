"""What was measured, as lines: medians, and ratios with their spread."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.rounds import Measured

Figure: TypeAlias = Callable[[Measured], float]
RATIOS: Final[dict[str, Figure]] = {
    "requests": lambda each: each.heard.rate,
    "cpu": lambda each: each.cpu_micros,
    "p99": lambda each: each.heard.p99,
    "memory": lambda each: each.megabytes,
}
HEAD: Final = "(ratios to {base} of the same round: median, least and most; then medians)"


def table(measured: Sequence[Measured], base: str) -> Iterator[str]:
    """Lay out every question, every number of connections, and in each every contestant."""
    for case in sorted({(each.question, each.connections) for each in measured}):
        yield f"{case[0]}, {case[1]} at once {HEAD.format(base=base)}"
        some = [each for each in measured if (each.question, each.connections) == case]
        against = [each for each in some if each.contestant == base]
        for name in sorted({each.contestant for each in some}, key=list(CONTESTANTS).index):
            yield _line(name, [each for each in some if each.contestant == name], against)


def _line(name: str, mine: Sequence[Measured], against: Sequence[Measured]) -> str:
    ratios = "  ".join(
        f"{words} {_spread(figure, mine, against)}" for words, figure in RATIOS.items()
    )
    middle = statistics.median
    return (
        f"  {name:12} {ratios}"
        f"  {middle(each.heard.rate for each in mine):6.0f}/s"
        f"  {middle(each.cpu_micros for each in mine):6.0f} us"
        f"  p50 {middle(each.heard.p50 for each in mine):6.2f}"
        f"  p99 {middle(each.heard.p99 for each in mine):6.2f} ms"
        f"  {middle(each.megabytes for each in mine):4.0f} MB"
        f"  bad {sum(each.heard.bad for each in mine)}"
    )


def _spread(figure: Figure, mine: Sequence[Measured], against: Sequence[Measured]) -> str:
    # Each round has one of either, in the same order.
    ratios = [figure(a) / figure(b) for a, b in zip(mine, against, strict=False)]
    if not ratios:
        return "-"
    return f"{statistics.median(ratios):5.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
