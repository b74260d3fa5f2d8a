"""Running an experiment from the terminal: its progress bar."""

from collections.abc import Callable

from apps.cli.language import language
from apps.cli.progress import announce_compiling, bar, pairs_needed, width_remark
from sim.experiment.report.both import value
from sim.experiment.running.experiment import compare


def spoken_in(metric: str) -> Callable[[float], str]:
    """How to write a difference of that metric in the reader's language."""
    from sim.office.counting.metrics import METRICS

    unit = METRICS[metric].unit if metric in METRICS else ""
    return lambda number: value(number, unit, difference=True).of(language.get())


def run_comparison(a, b, scenario, *, metric: str, **question):
    """The verdict of `compare` (see there), with a progress bar."""
    announce_compiling()
    spoken = spoken_in(metric)
    at_look: dict[int, int] = {}  # pairs at each look, by its number

    with bar(f"{a.name} → {b.name}", None) as advance:

        def told(progress) -> None:
            looks = len(progress.looks)
            pairs = at_look.setdefault(looks, progress.pairs)
            last = progress.looks[-1] if looks else None
            half_width, goal = (last.half_width, last.target) if last else (None, None)
            total = progress.planned
            if half_width and goal and question.get("worlds") is None:
                total = max(total, pairs_needed(pairs, half_width, goal, progress.at_most))
            advance(progress.pairs, total, width_remark(progress.pairs, half_width, goal, spoken))

        return compare(a, b, scenario, metric=metric, progress=told, **question)
