"""The progress bar of an experiment: pairs done, how precise the difference is by now, time left."""

from contextlib import contextmanager

from apps.cli.output import tell
from apps.cli.texts import say


def pairs_needed(pairs: int, half_width: float, goal: float, most: int) -> int:
    """Pairs after which the half-width, both above zero, should fall to the goal: it shrinks with the square root of their
    number."""
    return min(most, round(pairs * (half_width / goal) ** 2))


@contextmanager
def bar(title: str, total: int | None):
    """A progress bar on the error channel; yields a function `advance(done, total, remark)` that moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[remark]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=4) as progress:
        task = progress.add_task(title, total=total, remark="")

        def advance(done: int, total: int | None = None, remark: str = "") -> None:
            progress.update(task, completed=done, total=total, remark=remark)

        yield advance


def width_remark(pairs: int, half_width: float | None, goal: float | None, spoken) -> str:
    """Pairs done and the half-width beside the one asked for; `spoken` writes a number of the metric's unit."""
    remark = say("progress.pairs", pairs=pairs)
    if half_width is None or goal is None:
        return remark
    return f"{remark} · {say('progress.width', width=spoken(half_width), goal=spoken(goal))}"


def announce_compiling() -> None:
    """Say so when the office has not been compiled on this machine yet: it takes up to a minute, once."""
    from policies.jit.compiled import is_compiled
    from sim.office.engine.compiled_run import OFFICE

    if not is_compiled(OFFICE):
        tell(say("progress.compiling"))
