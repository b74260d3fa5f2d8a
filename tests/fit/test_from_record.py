"""An office of a record: the same estimates on both sides, the record's ages found again, and what is refused."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import load_policy
from policies.time.calendar import Calendar
from policies.time.weeks import loads
from sim.fit import from_record
from sim.fit.firm import Firm
from sim.fit.from_record import FEWEST_WINS, TooFewWins, curve, fit_office
from sim.fit.lifetimes import LOST, OPEN, WON, Lives, bands, followed_like, hazards, together

ages = st.lists(st.floats(0.0, 400.0), min_size=1, max_size=200).map(np.array)


def firm(lives: Lives, **changes) -> Firm:
    usual = dict(
        last=date(2025, 11, 30), lives=lives, people=6, per_week=30.0, trend=0.0, dispersion=0.02, weekend=0.2, from_hour=8.0,
        to_hour=18.0, amount=20_000.0,
        amount_spread=0.9, calendar=Calendar(), exact_to=1.0 / 1440.0,
    )  # fmt: skip
    return Firm(**{**usual, **changes})


def invented(number: int, seed: int, buys: float, leaves: float) -> Lives:
    """Opportunities of 40 weeks: customers buy after lognormal days around `buys`, leave after `leaves` on average."""
    generator = np.random.default_rng(seed)
    opened = -generator.uniform(0.0, 280.0, number)
    buy, leave = buys * np.exp(0.6 * generator.normal(size=number)), leaves * generator.exponential(size=number)
    days = np.minimum.reduce([buy, leave, -opened])
    return Lives(opened, days, np.where(days == -opened, OPEN, np.where(buy < leave, WON, LOST)))


@given(ages, st.integers(1, 12), st.integers(1, 30), st.sampled_from((1.0, 1 / 1440)), st.integers(0, 3))
def test_bands_hold_every_age_and_are_no_finer_than_ages_are_known(days, most, fewest, exact_to, tail):
    edges = bands(days, most, fewest, exact_to, tail)
    assert edges[0] == 0.0
    assert (np.diff(edges) >= exact_to * 0.999).all()
    assert edges[-1] > days.max()
    assert len(edges) <= most + tail + 1


@given(ages, st.integers(0, 2**32 - 1))
def test_ends_and_days_lived_add_up_whatever_the_bands(days, seed):
    ended = np.random.default_rng(seed).integers(0, 3, len(days))
    lives = Lives(np.zeros(len(days)), days, ended)
    found = hazards(lives, WON, bands(days, 8, 1))
    assert found.ends.sum() == (ended == WON).sum()
    assert found.lived.sum() == pytest.approx(days.sum())


@given(st.integers(0, 2**32 - 1), st.floats(1.0, 100.0))
def test_followed_for_so_long_nothing_later_is_seen_and_nothing_earlier_is_lost(seed, follow):
    lives = invented(300, seed, 30.0, 50.0)
    seen = followed_like(lives, np.array([follow]))
    assert (seen.days <= follow).all()
    early = lives.days <= follow
    assert (seen.ended[early] == lives.ended[early]).all()
    assert (seen.ended[~early] == OPEN).all()


@given(st.lists(st.tuples(st.floats(0.01, 40.0), st.floats(0.0, 2.0)), min_size=1, max_size=14))
def test_a_curve_rises_at_the_rates_that_it_was_made_of(steps):
    edges = np.cumsum([0.0, *(width for width, _ in steps)])
    rates = np.array([rate for _, rate in steps])
    points = curve(edges, rates)
    passed = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges))])
    for point in points:
        assert point.share == pytest.approx(-np.expm1(-np.interp(point.days, edges, passed)), abs=1e-3)


def test_the_office_wins_and_loses_at_the_ages_of_the_record():
    """Each of four bands of wins and of losses within four standard errors of the record's, and a tenth for the search.

    Of eight bands one strays further by luck in fewer than 1 in 1,000 records.
    """
    lives = invented(1200, 7, buys=35.0, leaves=45.0)
    fitted = fit_office(firm(lives), load_policy("monthly-private"))
    for end in (WON, LOST):
        edges = bands(lives.days[lives.ended == end], 4, 10)
        told, shown = hazards(lives, end, edges), hazards(fitted.followed, end, edges)
        error = 4.0 / np.sqrt(told.ends) + 0.1
        assert (np.abs(shown.rates / told.rates - 1.0) < error).all(), (end, told.rates, shown.rates)
    assert fitted.seen.opened.mean() == pytest.approx(30.0, rel=0.1)
    assert np.median(fitted.seen.prices) == pytest.approx(20_000.0, rel=0.1)
    assert fitted.seen.idle > 0.1, "people have time to spare"


@given(st.dates(date(2020, 1, 1), date(2025, 12, 31)), st.floats(0.0, 1.0))
def test_the_office_is_seen_in_the_records_own_weeks_and_begins_when_it_ends(last, weekend):
    """Holidays fall into the same weeks on both sides; what comes in a week is that of an ordinary one."""
    told = firm(invented(400, 1, 30.0, 40.0), last=last, weekend=weekend, trend=0.01)
    fit = from_record._Fit(told, load_policy("monthly-private"), "mine", 1)
    behind = fit.monday + timedelta(weeks=fit.weeks + fit.longer)
    assert fit.monday.weekday() == 0
    assert timedelta(days=0) <= last - behind < timedelta(days=7)
    load = loads(told.calendar, fit.monday, fit.weeks + fit.longer, weekend)
    assert fit.expected == pytest.approx(told.per_week * load.mean())
    office = fit.scenario()
    assert office.policy_date == last + timedelta(days=1)
    assert office.leads.trend == 0.01


@pytest.mark.parametrize("age", [20.0, 400.0])
def test_the_warm_up_lasts_until_opportunities_are_as_old_as_the_firms(age):
    lives = invented(400, 1, 30.0, 40.0)
    still = Lives(np.full(60, -age), np.full(60, age), np.full(60, OPEN))
    older = together([lives, still])
    office = from_record._Fit(firm(older), load_policy("monthly-private"), "mine", 1).scenario()
    assert 7 * office.warmup_weeks >= age
    assert office.warmup_weeks <= 104


def test_too_few_wins_are_refused_in_both_languages():
    lives = invented(400, 1, 30.0, 40.0)
    few = lives.part(np.cumsum(lives.ended == WON) < FEWEST_WINS)
    with pytest.raises(TooFewWins) as caught:
        fit_office(firm(few), load_policy("monthly-private"))
    assert str(FEWEST_WINS - 1) in caught.value.en
    assert str(FEWEST_WINS - 1) in caught.value.zh


def test_a_search_that_is_cancelled_ends_before_the_next_round(monkeypatch):
    rounds = []

    class Counting(from_record._Fit):
        def round(self):
            rounds.append(1)
            return SimpleNamespace(idle=0.5)

    monkeypatch.setattr(from_record, "_Fit", Counting)
    with pytest.raises(InterruptedError):
        fit_office(firm(invented(400, 1, 30.0, 40.0)), load_policy("monthly-private"), cancelled=lambda: len(rounds) == 3)
    assert len(rounds) == 3
