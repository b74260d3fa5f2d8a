"""The win model on invented firms whose hazards drift, jump, come in seasons or bursts, or end in a clean-up: what it foretold,
and what came.

Each firm is looked at several times; each time the model learns from what was recorded by then. Where its intervals are right,
the share of sums that lie within their 80 % interval is about 0.8, and more where the sums are small whole numbers.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sklearn.metrics import log_loss

from benchmarks.known_firms import BEGIN, KINDS, drawn, records
from benchmarks.measure import Row, Words
from benchmarks.win_model import Question, by_age, calibration_error, question
from coach.winning.few import TooLittleHistory
from coach.winning.history import DAY
from coach.winning.level import INSIDE
from coach.winning.model import fit_win_model
from sim.experiment.statistics.keyed import generator

FIRMS = 3
LOOKS = (0.5, 0.68, 0.86)
WITHIN = 28
NAMES = {
    "steady": Words("nothing moves", "一切不变"),
    "drift": Words("win rate drifts", "赢单率漂移"),
    "step": Words("win rate jumps once", "赢单率突变一次"),
    "season": Words("seasons, rush at quarters' ends", "季节性，季末冲刺"),
    "bursts": Words("wins in bursts", "赢单成簇出现"),
    "few": Words("few wins", "赢单很少"),
    "silent": Words("two in five never closed", "五分之二从不关闭"),
    "clean_up": Words("old deals cleaned up at year's end", "年末清理旧商机"),
}
_FIRMS = Words("invented firms: {kind}", "虚构公司：{kind}")
_ALL = Words("all invented firms", "全部虚构公司")
_INSIDE = Words("sums within their 80 % interval", "合计落入 80% 区间的比例")


class Foretold(NamedTuple):
    """One look: whether the sum lay within its interval, chances told (None with few wins), what came, and chances by age."""

    inside: bool
    told: np.ndarray | None
    won: np.ndarray
    by_age: np.ndarray


def known_firms(lang: str) -> list[Row]:
    """For each kind of firm and for all: the share of sums within their interval, and the log loss beside that by age alone."""
    rows: list[Row] = []
    every: list[Foretold] = []
    for kind in KINDS:
        found = [each for number in range(FIRMS) for each in foretold(kind, number)]
        rows += _rows(getattr(_FIRMS, lang).format(kind=getattr(NAMES[kind], lang)), found, lang)
        every += found
    return [*rows, *_rows(getattr(_ALL, lang), every, lang)]


def foretold(kind: str, number: int, looks: tuple[float, ...] = LOOKS) -> Iterator[Foretold]:
    """A firm of a kind, looked at after these shares of its days."""
    random = generator("known firms", kind, number)
    firm = drawn(kind, random)
    known = records(firm, random)
    for share in looks:
        day = min(int(share * firm.days), firm.days - WITHIN)
        asked = question("known", str(day), WITHIN, known, BEGIN + day * DAY, BEGIN + firm.days * DAY)
        if len(asked.opened):
            yield _answered(asked)


def _answered(asked: Question) -> Foretold:
    model = fit_win_model(asked.past)
    (whole,) = model.expected(asked.opened, np.array([0.0, asked.days]))
    told = None if isinstance(model, TooLittleHistory) else model.within(asked.opened, asked.days)
    return Foretold(whole.low <= asked.won.sum() <= whole.high, told, asked.won, by_age(asked))


def _rows(name: str, found: list[Foretold], lang: str) -> Iterator[Row]:
    share = float(np.mean([each.inside for each in found]))
    yield Row(name, share, getattr(_INSIDE, lang), f"{INSIDE} ({len(found)})", share / INSIDE)
    own = [each for each in found if each.told is not None]
    if own:
        told, won, age = (np.concatenate([getattr(each, of) for each in own]) for of in ("told", "won", "by_age"))
        loss, base = (log_loss(won, np.clip(each, 1e-6, 1 - 1e-6), labels=[False, True]) for each in (told, age))
        yield Row(name, loss, "nats", f"age {base:.4f} (< 1)", loss / base)
        error = calibration_error(told, won)
        yield Row(name, error, "calibration error", "0.02 (<= 1)", error / 0.02)
