"""What a view that takes long to work out says about itself: from when it is, and what is being done about it."""

from collections.abc import Hashable

from markupsafe import Markup

from apps.pages.findings import Finding, Findings
from apps.pages.instants import clock


def standing(board, findings: Findings, asked: Hashable, found: Finding | None, at: int | None, first: str) -> Markup:
    """The line above a view. `at`: the instant (ms) whose record it is from; `first`: text while it is found the first time."""
    say, working, failed = board.say, findings.under_way(asked), findings.failure(asked)
    board.look_again(working is not None)
    parts = []
    if found is not None:
        newer = findings.is_stale(found)
        told = say("find.from", at=clock(board.store, found.at if at is None else at))
        told += f" {say('find.newer')}" if newer else ""
        button = _button("work_out", say("find.anew")) if newer and working is None and failed is None else ""
        parts.append(Markup("<p class='note'>{} {}</p>").format(told, button))
    if working is not None:
        parts.append(_running(board, working.step, first if found is None else "find.under_way"))
    elif failed is not None:
        told = say("find.stopped") if failed.words is None else say.both(failed.words)
        parts.append(
            Markup("<p class='callout worse' role='alert'>{} {}</p>").format(told, _button("work_out", say("find.again")))
        )
    return Markup("").join(parts)


def _button(do: str, label: str) -> Markup:
    return Markup("<button class='quiet' data-do='{}'>{}</button>").format(do, label)


def _running(board, step: tuple[int, int] | None, words: str) -> Markup:
    say = board.say
    done = 0 if step is None else round(100 * step[0] / step[1])
    stop = _button("stop", say("find.stop")) if board.viewer.role != "rep" else ""
    return Markup(
        "<div class='callout under-way' role='status'><p>{}</p><div class='meter' role='progressbar' aria-valuenow='{}'>"
        "<i style='width:{}%'></i></div>{}</div>"
    ).format(say("find.waiting" if step is None else words), done, max(done, 3), stop)
