"""What every score says about itself, and what it must keep to wherever it is told."""

import pytest

from coach.scoring.readings import READINGS
from policies.scores.about import Limit, limit_words
from policies.scores.catalogue import ABOUT


def test_every_score_that_is_read_from_a_store_has_a_card_and_the_other_way_round():
    assert set(READINGS) == set(ABOUT)


@pytest.mark.parametrize("about", ABOUT.values(), ids=list(ABOUT))
def test_a_card_is_whole_in_both_languages(about):
    assert all(words.en.strip() and words.zh.strip() for words in (about.name, about.formula, about.source, about.assumed))
    assert about.low is None or about.high is None or about.low < about.high
    for limit in (about.healthy, about.alarm):
        if isinstance(limit, Limit):
            assert about.low <= limit.value <= about.high
        if limit is not None:
            assert all(limit_words(about, limit))
