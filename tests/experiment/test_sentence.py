"""The sentence of the verdict: what it says of many worlds and of few, and that its Chinese is written as Chinese is."""

import re

import pytest

from sim.experiment.statistics.stopping import FEWEST_WORLDS
from sim.experiment.verdict.sentence import sentence
from sim.experiment.verdict.verdict import Drivers, Text
from tests.experiment.verdict_example import drivers, effect, groups, guardrails

A, B = Text(en="Monthly targets", zh="月度目标"), Text(en="Weekly targets", zh="周目标")
NO_DRIVERS = Drivers(named=[], tested=12, null_correlation=None)


def said(change: float = 0.043, half: float = 0.017, worlds: int = 80, named: Drivers = NO_DRIVERS) -> Text:
    margin = effect("Gross margin", "毛利", "money", 1, 18_640_000, change, half)
    return sentence(margin, A, B, worlds, 0.95, groups(), guardrails(), named)


@pytest.mark.parametrize(("worlds", "told"), [(FEWEST_WORLDS - 1, False), (FEWEST_WORLDS, True)])
def test_the_share_of_worlds_is_told_only_where_there_are_enough_of_them(worlds, told):
    text = said(worlds=worlds)
    assert ("% of plausible worlds" in text.en) is ("% 的合理情形" in text.zh) is told
    assert (f"tried in {worlds} plausible worlds" in text.en) is (f"{worlds} 个合理情形" in text.zh) is not told


@pytest.mark.parametrize("change", [0.043, -0.043, 0.001, 0.0])
@pytest.mark.parametrize("worlds", [8, 80])
def test_chinese_has_chinese_punctuation(change, worlds):
    for named in (NO_DRIVERS, drivers()):
        chinese = said(change, worlds=worlds, named=named).zh
        assert not re.search("[,;:()?!]", chinese), chinese
