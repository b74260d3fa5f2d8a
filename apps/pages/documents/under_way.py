"""What a page that takes long to work out says about itself: from when it is, and what is being done about it."""

from collections.abc import Hashable
from typing import NamedTuple

from markupsafe import Markup

from apps.pages.findings import Finding, Findings
from apps.pages.instants import clock
from apps.pages.texts import Speaker
from coach.store import Viewer

LOOK_AGAIN_MS = 1_000


class Standing(NamedTuple):
    """The line above a page, and after how many ms it is to be brought up to date; None for as usual."""

    html: Markup
    again: int | None


def standing(
    say: Speaker, viewer: Viewer, findings: Findings, asked: Hashable, found: Finding | None, at: int | None, first: str
) -> Standing:
    """How it stands with a finding. `at`: the instant (ms) whose record it is from; `first`: text while there is none yet."""
    working, failed = findings.under_way(asked), findings.failure(asked)
    parts = []
    if found is not None:
        newer = findings.is_stale(found)
        told = say("find.from", at=clock(findings.store, found.at if at is None else at))
        told += f" {say('find.newer')}" if newer else ""
        button = _button("work_out", say("find.anew")) if newer and working is None and failed is None else ""
        parts.append(Markup("<p class='note'>{} {}</p>").format(told, button))
    if working is not None:
        parts.append(_running(say, viewer, working.step, first if found is None else "find.under_way"))
    elif failed is not None:
        told = say("find.stopped") if failed.words is None else say.both(failed.words)
        parts.append(
            Markup("<p class='callout worse' role='alert'>{} {}</p>").format(told, _button("work_out", say("find.again")))
        )
    return Standing(Markup("").join(parts), None if working is None else LOOK_AGAIN_MS)


def _button(do: str, label: str) -> Markup:
    return Markup("<button class='quiet' data-do='{}'>{}</button>").format(do, label)


def _running(say: Speaker, viewer: Viewer, step: tuple[int, int] | None, words: str) -> Markup:
    done = 0 if step is None else round(100 * step[0] / step[1])
    stop = _button("stop", say("find.stop")) if viewer.role != "rep" else ""
    told = say("find.waiting" if step is None else words)
    return Markup(
        "<div class='callout under-way' role='status'><p>{}</p><div class='meter' role='progressbar' aria-label='{}' "
        "aria-valuenow='{}'><i style='width:{}%'></i></div>{}</div>"
    ).format(told, told, done, max(done, 3), stop)
