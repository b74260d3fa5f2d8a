"""What can be said of a history with few wins or few losses: one rate for all that is open, in words, and how unsure it is."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from coach.winning.hazards import Hazards, incidence
from coach.winning.level import INSIDE, ExpectedWins, Windows, level_of
from coach.winning.looks import Looks
from coach.winning.trials import PLAIN
from policies.scores.share import wilson

FEWEST = 40
"""Won and lost opportunities, each, below which no opportunity gets a probability of its own. Dynamics 365 asks for 40 and 40
as well: with fewer, the standard error of the share won alone exceeds 5 points, before a single feature is looked at."""
_HALF = 0.5
"""Wins beside those that came, as of a rate of which nothing is known (Jeffreys)."""


class TooLittleHistory(NamedTuple):
    """Why no opportunity has a probability of its own, and what is told instead.

    `undated`: closings of which the record does not tell when they were. `hazards`: of winning and losing by age alone, None
    where no opportunity was looked at.
    """

    won: int
    lost: int
    undated: int = 0
    hazards: Hazards | None = None

    @classmethod
    def of(cls, dated: Looks, undated: int) -> "TooLittleHistory":
        """The little there is: looks at opportunities whose end, if any, has a date."""
        seen = len(dated.at) and (dated.left > 0).any()
        return cls(*dated.ends(), undated, Hazards.learnt((), dated, PLAIN) if seen else None)

    @property
    def timed(self) -> bool:
        """Whether it can say how many wins to expect by when."""
        return self.hazards is not None and not self._mostly_undated

    @property
    def _mostly_undated(self) -> bool:
        return self.undated > 0 and self.won + self.lost < self.undated

    @property
    def share(self) -> tuple[float, float, float]:
        """Share won among those closed with a date, and the ends of its 80 % interval; 0 to 1 where none was closed."""
        closed = self.won + self.lost
        if not closed:
            return 0.0, 0.0, 1.0
        return self.won / closed, *wilson(self.won, closed, float(stats.norm.ppf((1 + INSIDE) / 2)))

    def expected(self, table: pd.DataFrame, edges: np.ndarray) -> list[ExpectedWins]:
        """Wins to expect of all rows together between days ahead, by the age of each and nothing else; none unless `timed`."""
        if self.hazards is None:
            return []
        hazards = self.hazards.of(self.hazards.columns(table[["age"]]))
        reached = [incidence(hazards, edge) for edge in edges]
        none = np.empty(0)
        level = level_of(Windows(none, none, none, float(edges[-1]))).less_sure(self.won + _HALF)
        spans = zip(edges[:-1], edges[1:], reached[:-1], reached[1:], strict=True)
        return [level.expected(float(first), float(last), later - before) for first, last, before, later in spans]

    @property
    def en(self) -> str:
        if self._mostly_undated:
            return (
                f"No win probability: {self.undated:,} opportunities are recorded as closed, but not when; import a column "
                "with the date of closing. When something will be won cannot be learnt from closings without dates."
            )
        return (
            f"No win probability of each opportunity: the history has {self.won} won and {self.lost} lost opportunities with a "
            f"date of closing, and {FEWEST} of each are needed. With fewer, the share won alone is uncertain by more than five "
            f"points. {self._rate[0]}"
        )

    @property
    def zh(self) -> str:
        if self._mostly_undated:
            return (
                f"暂无赢单概率：{self.undated:,} 个商机已关闭，但没有关闭日期；请导入含关闭日期的列。"
                "没有日期就无法得知何时会赢单。"
            )
        return (
            f"暂无单个商机的赢单概率：历史中有关闭日期的赢单 {self.won} 个、输单 {self.lost} 个，各需至少 {FEWEST} 个。"
            f"数量再少，仅赢单率本身的误差就超过五个百分点。{self._rate[1]}"
        )

    @property
    def _rate(self) -> tuple[str, str]:
        closed, (share, low, high) = self.won + self.lost, self.share
        if not closed:
            return "Nothing was closed yet, so that no rate can be told either.", "尚无已关闭的商机，因此也无法给出总体赢单率。"
        return (
            f"What can be told is one rate for all: {self.won} of {closed} closed ones were won, {share:.0%} (in four of five "
            f"cases the firm's true rate is {low:.0%} to {high:.0%}).",
            f"目前只能给出总体赢单率：已关闭的 {closed} 个中赢单 {self.won} 个，即 {share:.0%}"
            f"（五分之四的情况下，真实比率为 {low:.0%} 至 {high:.0%}）。",
        )

    def reason(self, language: str) -> str:
        """Why opportunities are ranked by the shares of their stages, in "en" or "zh"."""
        if self._mostly_undated:
            return "无关闭日期，按阶段赢单率排序" if language == "zh" else "ranked by its stage's share: no dates of closing"
        closed, (share, low, high) = self.won + self.lost, self.share
        if language == "zh":
            rate = f"；全公司赢单率 {share:.0%}（{low:.0%}–{high:.0%}）" if closed else ""
            return f"历史较少（赢单 {self.won}、输单 {self.lost}），没有单独的赢单概率{rate}"
        rate = f"; the firm wins {share:.0%} ({low:.0%} to {high:.0%})" if closed else ""
        return f"no chance of its own: only {self.won} won and {self.lost} lost so far{rate}"
