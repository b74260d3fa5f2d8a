"""All nine facts: measured in turn, and again without each mechanism that they rest on."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scenarios.facts.deadline import FOLLOWS, HUMP
from scenarios.facts.fact import Fact, Figure, Mechanism
from scenarios.facts.incentives import CROSSOVER, GAMING
from scenarios.facts.ranking import HETEROGENEITY, RANKING
from scenarios.facts.speed import ATTEMPTS, SPEED
from scenarios.facts.stale import STALE

FACTS: tuple[Fact, ...] = (SPEED, ATTEMPTS, HUMP, FOLLOWS, CROSSOVER, GAMING, STALE, RANKING, HETEROGENEITY)


class Ablation(NamedTuple):
    """The figures of a fact without one of its mechanisms."""

    mechanism: Mechanism
    figures: list[Figure]


class Found(NamedTuple):
    """A fact, what the office showed, and what went with each mechanism."""

    fact: Fact
    figures: list[Figure]
    ablations: list[Ablation]

    @property
    def passed(self) -> bool:
        """Whether every figure meets its target."""
        return all(figure.passed for figure in self.figures)


def steps(facts: Sequence[Fact], quick: bool) -> int:
    """How many measurements a run makes."""
    return sum(1 + (0 if quick else len(fact.mechanisms)) for fact in facts)


def measure(
    facts: Sequence[Fact] = FACTS, *, quick: bool, progress: Callable[[int, Fact], None] | None = None
) -> Iterator[Found]:
    """Measure facts in turn: quickly with few offices, whose intervals are too wide to be judged by, so that central figures
    are; or in full, with every mechanism switched off once."""
    told = progress or _untold
    done = 0
    for fact in facts:
        offices = fact.offices[0 if quick else 1]
        told(done, fact)
        figures = fact.measure(offices, {})
        if quick:
            figures = [figure._replace(certain=False) for figure in figures]
        done += 1
        ablations = []
        for mechanism in () if quick else fact.mechanisms:
            told(done, fact)
            ablations.append(Ablation(mechanism, fact.measure(offices, mechanism.off)))
            done += 1
        yield Found(fact, figures, ablations)


def _untold(_done: int, _fact: Fact) -> None:
    """Nobody asked how far it is."""
