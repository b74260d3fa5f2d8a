"""The win probability: calibrated, explained, silent when the history is too small."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss

from coach.winning.encoding import Feature
from coach.winning.model import FEWEST, History, TooLittleHistory, WinModel, fit_win_model

SOURCE, OWNER = Feature("source", "source", "来源"), Feature("owner", "responsible rep", "负责人")
AMOUNT = Feature("amount", "expected value", "预计金额", number=True)
FEATURES = (SOURCE, OWNER, AMOUNT)
DAY = 86_400_000


def made(cases: int, seed: int = 1) -> tuple[History, np.ndarray]:
    """Opportunities whose true chance is known: referrals do well, large ones badly, one rep only with large ones."""
    draws = np.random.default_rng(seed)
    source = draws.choice(["referral", "website", "exhibition"], cases)
    owner = draws.choice([f"rep {n}" for n in range(12)], cases)
    amount = np.exp(draws.normal(10, 1, cases))
    large = amount > np.exp(10)
    score = -0.5 + 1.2 * (source == "referral") - 1.0 * large + 2.5 * (large & (owner == "rep 3"))
    chance = 1 / (1 + np.exp(-score))
    table = pd.DataFrame({"source": source, "owner": owner, "amount": amount})
    return History(table, draws.random(cases) < chance, np.arange(cases) * DAY, np.arange(cases)), chance


def part(history: History, rows: slice) -> History:
    return History(history.table.iloc[rows], history.won[rows], history.at[rows], history.record[rows])


@pytest.fixture(scope="module")
def learnt():
    history, chance = made(6000)
    model = fit_win_model(FEATURES, part(history, slice(0, 4000)))
    assert isinstance(model, WinModel)
    return model, part(history, slice(4000, None)), chance[4000:]


def test_it_says_in_how_many_of_a_hundred_such_cases_one_wins(learnt):
    model, future, _ = learnt
    told = model.probability(future.table)
    for low in (0.1, 0.3, 0.5):
        like = (told >= low) & (told < low + 0.2)
        assert like.sum() > 100
        assert future.won[like].mean() == pytest.approx(told[like].mean(), abs=0.07)


def test_it_comes_close_to_the_true_chances(learnt):
    model, future, chance = learnt
    told = model.probability(future.table)
    best = log_loss(future.won, chance)
    base = log_loss(future.won, np.full(len(chance), future.won.mean()))
    assert log_loss(future.won, told) < best + 0.25 * (base - best)


def test_a_pair_of_features_may_matter_where_neither_does_alone(learnt):
    model, _, _ = learnt
    large = [{"source": "website", "owner": owner, "amount": 80_000.0} for owner in ("rep 3", "rep 4")]
    special, usual = model.probability(pd.DataFrame(large))
    assert special > usual + 0.15


def test_reasons_name_what_raises_and_what_lowers_the_chance(learnt):
    model, _, _ = learnt
    good, bad = model.reasons(
        pd.DataFrame(
            [{"source": "referral", "owner": "rep 4", "amount": 9000.0}, {"source": "website", "owner": "rep 4", "amount": 9e4}]
        )
    )
    points = [{reason.feature.name: reason.points for reason in reasons} for reasons in (good, bad)]
    assert points[0]["source"] > 0.05
    assert points[0]["amount"] > 0.02
    assert points[1]["amount"] < -0.05
    assert [abs(reason.points) for reason in good] == sorted((abs(reason.points) for reason in good), reverse=True)


def test_what_history_never_showed_counts_as_average(learnt):
    model, _, _ = learnt
    unknown = pd.DataFrame([{"source": "carrier pigeon", "owner": "somebody new", "amount": np.nan}])
    (reasons,) = model.reasons(unknown)
    assert 0 < model.probability(unknown)[0] < 1
    assert all(abs(reason.points) < 0.2 for reason in reasons)


def test_it_was_tried_on_the_latest_fifth_and_says_how_that_went(learnt):
    model, _, _ = learnt
    assert model.better_than_base
    assert model.check.rows == 800
    assert model.check.predicted == pytest.approx(model.check.won, abs=0.06)
    assert not model.rough


def test_history_without_a_pattern_is_told_as_such():
    history, _ = made(800)
    noise = history._replace(won=np.random.default_rng(7).random(800) < 0.3)
    model = fit_win_model(FEATURES, noise)
    assert np.ptp(model.probability(noise.table)) < 0.35
    assert model.check.log_loss > model.check.base_log_loss - 0.02


def test_too_little_history_gives_no_number_and_says_why():
    history, _ = made(300)
    few = np.concatenate([np.flatnonzero(history.won)[: FEWEST - 1], np.flatnonzero(~history.won)])
    answer = fit_win_model(FEATURES, History(history.table.iloc[few], history.won[few], history.at[few], history.record[few]))
    assert isinstance(answer, TooLittleHistory)
    assert f"{FEWEST - 1} won" in answer.en
    assert f"{FEWEST - 1} 个赢单" in answer.zh


def test_a_small_history_is_told_as_rough():
    history, _ = made(300)
    assert fit_win_model(FEATURES, history).rough


def test_many_looks_at_one_opportunity_are_one_opportunity():
    history, _ = made(60)
    looks = np.repeat(np.arange(60), 10)
    many = History(history.table.iloc[looks], history.won[looks], history.at[looks], history.record[looks])
    assert isinstance(fit_win_model(FEATURES, many), TooLittleHistory)
