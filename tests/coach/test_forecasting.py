"""Forecasts of weekly wins: intervals that hold what they say, nothing known of the future, and words where little is known."""

from functools import cache
from html import unescape
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.forecasting.ages import Ages, new_by_week, wins_of_new
from coach.forecasting.arrivals import level_and_trend
from coach.forecasting.backtest import FIRST_AFTER, Stopped, backtest, origins, wins_after
from coach.forecasting.forecast import forecast
from coach.forecasting.forecasters import NAIVE, OWN
from coach.forecasting.known import WEEK, History
from coach.forecasting.measures import LEVELS, marks, together
from coach.forecasting.open_days import Loads
from coach.forecasting.page import write_backtest, write_forecast
from coach.forecasting.parts import Parts
from coach.forecasting.seen import seen
from coach.forecasting.spread import Spread, spread_of, tried
from coach.forecasting.words import coverage, sentences, verdict, worth_of_method
from coach.problems import CoachError
from coach.store.sight import EVERYTHING, Sight
from coach.winning.history import DAY, Record
from coach.winning.looks import look_back
from coach.winning.model import WinModel, fit_win_model
from tests.coach.won_records import BEGIN, end_of, entry, firm

BY_NAME = {each.name: each for each in (OWN, *NAIVE)}
CHEAP = tuple(each for each in NAIVE if each.name != "smoothing")


@cache
def steady() -> History:
    return History(firm(1, weeks=40))


# --- what was known


@given(st.integers(0, 2**31), st.integers(4, 28))
@settings(max_examples=15, deadline=None)
def test_what_was_recorded_later_changes_no_forecast(seed, week):
    """Known from the whole record or from what was recorded by then: every method tells the same, draw by draw."""
    records, at = firm(seed, weeks=30), end_of(week)
    by_then = [record._replace(entries=[each for each in record.entries if each.recorded_at <= at]) for record in records]
    whole, cut = History(records).known_at(at), History(by_then).known_at(at)
    for method in CHEAP:
        told, alone = (method.foretell(known, 4, 50, 1) for known in (whole, cut))
        assert (told is None) == (alone is None)
        if told is not None:
            assert np.array_equal(told.wins, alone.wins)


def test_the_products_own_forecast_knows_nothing_of_the_future():
    """Also of closings that an export made later without a date."""
    records, at = firm(3, weeks=30), end_of(20)
    late = {record.row for record in records if record.entries[-1].recorded_at > at and len(record.entries) > 1}
    by_then = [record._replace(entries=[each for each in record.entries if each.recorded_at <= at]) for record in records]
    told = OWN.foretell(History(records, undated=late).known_at(at), 4, 50, 1)
    alone = OWN.foretell(History(by_then).known_at(at), 4, 50, 1)
    assert np.array_equal(told.wins, alone.wins)


def test_an_entry_made_late_was_not_known_before():
    record = Record(0, "opportunity", "0", [entry(0, "registered", 1.0), entry(1, "won", 3.0)._replace(recorded_at=end_of(2))])
    history = History([record])
    assert history.known_at(end_of(1)).wins.sum() == 0
    assert history.known_at(end_of(1)).open.tolist() == [0]
    assert history.known_at(end_of(3)).won["end"].tolist() == [end_of(2)]


def test_a_withdrawn_win_is_none():
    void = entry(2, "voided", 5.0)._replace(voids="1")
    record = Record(0, "opportunity", "0", [entry(0, "registered", 0.0), entry(1, "won", 3.0), void])
    assert len(History([record]).known_at(end_of(1)).open) == 1


def test_closings_without_a_date_are_no_wins_of_a_week():
    record = Record(0, "opportunity", "0", [entry(0, "registered", 0.0), entry(1, "won", 9.0)])
    known = History([record], undated={0}).known_at(end_of(2))
    assert known.wins.sum() == 0
    assert not len(known.open)


def test_weeks_follow_the_firms_own_clock():
    """Midnight of Sunday to Monday after the hour of summer time begins is in the week that ends with it."""
    day = 7 * 13 - 1 / 24  # 2025-03-31T00:00 in Berlin, when summer time began a day before
    records = [Record(row, "opportunity", str(row), [entry(2 * row, "registered", 0.5), entry(2 * row + 1, "won", at)])
               for row, at in enumerate((day, day + 0.01))]  # fmt: skip
    history = History(records, zone="Europe/Berlin")
    at = BEGIN + int((7 * 14 - 1 / 24) * DAY)
    assert history.known_at(at).wins[-2:].tolist() == [1, 1]
    assert wins_after(history.known_at(at), BEGIN, 14)[-2:].tolist() == [1, 1]


@given(st.integers(0, 2**31), st.integers(1, 12))
@settings(max_examples=15, deadline=None)
def test_tables_of_earlier_weeks_tell_what_was_known_then(seed, back):
    """Where nothing was withdrawn or entered late, they are what the record shows at that instant."""
    known = History(firm(seed, weeks=20)).known_at(end_of(20))
    then = History(firm(seed, weeks=20)).known_at(known.at - back * WEEK)
    before = known.earlier(back)
    assert before.deals[["start", "end", "outcome"]].reset_index(drop=True).equals(then.deals[["start", "end", "outcome"]])
    assert np.array_equal(before.wins, then.wins)


# --- pieces


@given(st.floats(0.005, 0.1), st.floats(0.005, 0.1), st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_chances_by_age_find_constant_hazards(wins_a_day, losses_a_day, seed):
    known = History(firm(seed, 50, 40.0, wins_a_day, losses_a_day)).known_at(end_of(50))
    both = wins_a_day + losses_a_day
    truth = wins_a_day / both * -np.expm1(-28 * both)
    assert Ages(known).won[28] == pytest.approx(truth, abs=0.06)
    assert Ages(known).of_open(np.array([0.0, 10.0]), 4).sum(axis=1) == pytest.approx([truth, truth], abs=0.09)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=13), st.floats(0.01, 0.9))
def test_wins_of_new_opportunities_are_those_that_had_time(arrivals, share):
    """All are won within a day: each week's wins are nearly its arrivals; none is won: there are none."""
    came, at_once = np.array(arrivals), np.minimum(np.arange(200) * share, share)
    wins = wins_of_new(came, new_by_week(at_once, len(came)))
    assert wins.sum() <= share * came.sum() + 1e-9
    assert wins[0] == pytest.approx(came[0] * share * 13 / 14, rel=0.02)
    assert not wins_of_new(came, new_by_week(np.zeros(200), len(came))).any()


def test_a_trend_that_is_sure_is_carried_on_and_luck_is_not():
    growing, random = np.exp(0.03 * np.arange(26)) * 100, np.random.default_rng(1)
    assert level_and_trend(growing, Loads.ordinary(26, 8))[-1] == pytest.approx(100 * np.exp(0.03 * 33), rel=0.1)
    flat = random.poisson(4.0, 10).astype(float)
    assert level_and_trend(flat, Loads.ordinary(10, 8))[-1] == pytest.approx(flat[-8:].mean(), rel=0.15)


@given(st.floats(1.0, 80.0), st.floats(0.0, 1.0), st.floats(0.01, 1.0))
@settings(max_examples=25, deadline=None)
def test_draws_have_the_mean_and_the_variance_that_are_told(mean, shared, variance):
    draws = Spread(np.full(4, variance), shared).drawn(np.full(4, mean), 20_000, np.random.default_rng(2))
    assert draws.mean() == pytest.approx(mean, rel=0.03)
    assert draws.var(axis=0).mean() == pytest.approx(mean + variance * mean**2, rel=0.12)


def test_errors_of_the_past_widen_the_spread():
    known = History(firm(5, weeks=40, a_week=40.0)).known_at(end_of(40))
    right = tried(known, lambda _known, weeks: np.full(weeks, 40.0 / 3), 4)
    wrong = right._replace(expected=right.expected * np.where(np.arange(len(right.expected)) % 2, 1.8, 0.5)[:, None])
    told = np.full(4, 40.0 / 3)
    assert (spread_of(wrong, told).variance > 2 * spread_of(right, told).variance).all()
    assert right.scaled(2.0).ratio == pytest.approx(0.5 * right.ratio, rel=0.1)


# --- how good


@given(st.floats(1.0, 60.0), st.floats(0.5, 1.5).filter(lambda by: abs(by - 1) > 0.2), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_the_true_distribution_has_the_smallest_error(mean, by, seed):
    random = np.random.default_rng(seed)
    came = random.poisson(mean, 3000).astype(float)
    draws = random.poisson(mean, (600, 1)).astype(float)
    errors = [marks(each * np.ones(3000), came, random).measures.crps for each in (draws, np.round(draws * by), draws[:1])]
    if mean > 8:
        assert errors[0] < min(errors[1:])


@given(st.floats(0.3, 60.0), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_intervals_of_the_true_distribution_of_counts_hold_what_they_say(mean, seed):
    """Also of small counts, of which plain intervals hold too many: 1500 weeks, five standard errors."""
    random = np.random.default_rng(seed)
    found = marks(random.poisson(mean, (300, 1500)).astype(float), random.poisson(mean, 1500).astype(float), random)
    for level, share in found.measures.coverage.items():
        assert share == pytest.approx(level / 100, abs=5 * np.sqrt(0.25 / 1500))
    assert found.measures.bias == pytest.approx(0.0, abs=0.2 + 0.05 * mean)


def test_weeks_that_are_not_over_are_left_out():
    draws, random = np.ones((10, 3)), np.random.default_rng(1)
    found = marks(draws, np.array([1.0, np.nan, 3.0]), random)
    assert found.measures.weeks == 2
    assert found.measures.bias == -1.0
    assert marks(draws, np.full(3, np.nan), random).measures is None


@pytest.mark.parametrize("name", ["age", "last_weeks", "chances"])
def test_intervals_hold_what_came_in_firms_that_do_not_change(name):
    """16 firms, eight weeks each: 80 % of the weeks lie within their interval, give or take three standard errors; weeks of a
    firm hang together, so that they count as half as many."""
    found = []
    for seed in range(16):
        history, at = History(firm(seed, weeks=26)), end_of(18)
        came = wins_after(history.known_at(end_of(26)), at, 8)
        found.append(marks(BY_NAME[name].foretell(history.known_at(at), 8, 300, 1).wins, came, np.random.default_rng(seed)))
    inside = together(found).measures.coverage[80]
    assert inside == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / 64))


# --- backtest


def test_origins_begin_after_enough_history_and_end_a_week_before_the_last_record():
    found = origins(steady(), end_of(40), 4)
    assert found[-1] == end_of(39)
    assert end_of(FIRST_AFTER) <= found[0] < end_of(FIRST_AFTER + 5)
    assert set(np.diff(found)) == {4 * WEEK}


def test_a_backtest_names_the_best_naive_method_and_tells_each_origin():
    found = backtest(steady(), end_of(40), weeks=4, every=9, draws=200)
    told = found.document()
    assert told["best_naive"] == min(told["crps"]["naive"], key=told["crps"]["naive"].get)
    assert set(told["coverage"]) == {str(level) for level in LEVELS}
    assert told["forecast_is_better"] == (told["crps"]["forecast"] <= min(told["crps"]["naive"].values()))
    assert [len(origin["came"]) for origin in told["origins"]] == [4] * len(found.origins)
    assert told["origins"][-1]["came"][1:] == [None] * 3
    whole = np.mean([each for origin in found.origins for each in origin.marks["age"].crps if each == each])
    assert told["crps"]["naive"]["age"] == pytest.approx(whole)


def test_a_backtest_can_be_stopped_and_tells_how_far_it_is():
    cancel, steps = Event(), []

    def told(done, of):
        steps.append((done, of))
        if done == 1:
            cancel.set()

    with pytest.raises(Stopped):
        backtest(steady(), end_of(40), 2, 9, draws=20, forecasters=CHEAP, told=told, cancel=cancel)
    assert steps == [(0, 4), (1, 4)]


def test_too_short_a_history_is_said_in_both_languages():
    with pytest.raises(CoachError) as caught:
        backtest(History(firm(1, weeks=6)), end_of(6), 2)
    assert str(FIRST_AFTER + 1) in caught.value.en
    assert str(FIRST_AFTER + 1) in caught.value.zh


# --- what is told


def test_parts_add_up_to_the_whole():
    known = steady().known_at(end_of(30))
    foretold = OWN.foretell(known, 5, 200, 1)
    parts = Parts(known, foretold, np.random.default_rng(1))
    own = {str(name): parts.wins_of({str(name)}) for name in parts.owners}
    assert np.array_equal(sum(own.values()), foretold.wins)
    assert sum(parts.revenue_of({name}).sum() for name in own) == pytest.approx(parts.revenue.sum())
    assert parts.revenue.sum() / foretold.wins.sum() == pytest.approx(4500, rel=0.15)


def test_the_same_seed_tells_the_same_and_units_are_those_above_the_reps():
    history = History(firm(2, weeks=24), teams={"rep 0": "north", "rep 1": "north", "rep 2": "south"})
    first, second, other = (forecast(history, end_of(8), 3, seed=seed) for seed in (1, 1, 2))
    assert first.document() == second.document()
    assert first.document() != other.document()
    assert {each.name for each in first.units} == {"north", "south"}
    assert sum(each.wins.mean for each in first.units) == pytest.approx(first.all_wins.mean)


TEAMS = {"rep 0": "north", "rep 1": "north", "rep 2": "south", "north": "land", "south": "land", "land": "company"}


@cache
def foretold():
    return forecast(History(firm(2, weeks=24), teams=TEAMS), end_of(14), 3)


def test_a_unit_is_told_what_its_people_are():
    units, reps = ({each.name: each for each in groups} for groups in (foretold().units, foretold().reps))
    assert set(units) == {"north", "south", "land", "company"}
    for name, own in (("north", ("rep 0", "rep 1")), ("south", ("rep 2",)), ("company", ("rep 0", "rep 1", "rep 2"))):
        unit, theirs = units[name], [reps[each] for each in own]
        assert unit.wins.mean == pytest.approx(sum(each.wins.mean for each in theirs))
        assert unit.revenue.mean == pytest.approx(sum(each.revenue.mean for each in theirs))
        assert unit.opened == sum(each.opened for each in theirs)
        assert np.array_equal(unit.behind, np.sum([each.behind for each in theirs], axis=0))
        for whole, weeks in ((unit.wins, unit.by_week), (unit.revenue, unit.revenue_by_week)):
            assert sum(each.mean for each in weeks) == pytest.approx(whole.mean)
    assert units["company"].wins == foretold().all_wins


def test_units_above_one_another_in_a_circle_are_each_told_once():
    found = forecast(History(firm(2, weeks=24), teams={"rep 0": "a", "a": "b", "b": "a"}), end_of(8), 3)
    assert sorted(each.name for each in found.units) == ["a", "b"]


@pytest.mark.system("S16")
@given(st.sampled_from(["north", "south", "land", "rep 0", "rep 2"]), st.sets(st.sampled_from(sorted(TEAMS))))
def test_a_part_of_a_forecast_names_nobody_beside_it_and_tells_no_wins_of_the_firm(unit, more):
    units = frozenset({unit, *more})
    found = seen(foretold(), Sight(unit, units))
    own = next(each for each in (*foretold().units, *foretold().reps) if each.name == unit)
    assert (found.all_wins, found.all_revenue, found.opened, found.behind) == (own.wins, own.revenue, own.opened, own.behind)
    assert {each.name for each in (*found.units, *found.reps)} <= units - {unit}
    assert all(not each.weeks for each in found.tried.sums)
    assert [each.en for each in worth_of_method(found)] == [each.en for each in worth_of_method(foretold())]


def test_who_may_see_everything_is_told_everything_and_nobody_nothing():
    assert seen(foretold(), EVERYTHING) is foretold()
    assert seen(foretold(), Sight("north", frozenset())) is None
    assert seen(foretold(), Sight("elsewhere", frozenset({"elsewhere", "rep 0"}))) is None


def test_where_a_naive_method_was_better_it_is_shown_and_said():
    found = backtest(steady(), end_of(40), 2, 9, draws=50, forecasters=(OWN, BY_NAME["last_weeks"]))
    for better, share in ((True, 0.5), (False, 2.0)):
        told = found._replace(
            origins=tuple(
                each._replace(marks={**each.marks, OWN.name: naive._replace(crps=share * naive.crps)})
                for each in found.origins
                for naive in (each.marks["last_weeks"],)
            )
        )
        assert told.own_is_better is better
        assert told.chosen is (OWN if better else BY_NAME["last_weeks"])
        assert ("a naive method was better" in verdict(told).en) is not better
        assert ("简单方法更好" in verdict(told).zh) is not better


@pytest.mark.parametrize(
    "records",
    [
        firm(1, weeks=1),
        firm(1, weeks=1, a_week=600.0, wins_a_day=0.2, losses_a_day=0.2),
        firm(1, weeks=16, wins_a_day=1e-9),
        firm(1, weeks=16, amount=None),
        [record for record in firm(1, weeks=16) if len(record.entries) == 2],
        firm(1, weeks=16, a_week=0.3),
        firm(1, weeks=70, a_week=1.5),
        firm(1, weeks=16, close_at=float(end_of(17))),
    ],
    ids=["one week", "a busy week", "no wins", "no amounts", "all closed", "few", "more than a year", "dates"],
)
def test_little_is_told_where_little_is_known(records, tmp_path):
    history = History(records)
    found = forecast(history, history.last + 1000, 3)
    for each in (*sentences(found), *coverage(found.tried, found.shown.name)) if found.tried else sentences(found):
        assert each.en
        assert each.zh != each.en
        assert "nan" not in each.en
    assert all(low <= high for each in found.wins for low, high in each.intervals.values())
    page = write_forecast(found, tmp_path / "f.html", "zh").read_text(encoding="utf-8")
    assert "预期" in page
    assert "What to expect" in page


def test_the_page_of_a_backtest_holds_both_languages(tmp_path):
    found = backtest(steady(), end_of(40), 2, 9, draws=50, forecasters=(OWN, BY_NAME["age"]))
    page = unescape(write_backtest(found, tmp_path / "b.html").read_text(encoding="utf-8"))
    assert verdict(found).en in page
    assert verdict(found).zh in page
    assert BY_NAME["age"].words.zh in page


def test_nothing_recorded_is_said():
    with pytest.raises(CoachError):
        forecast(History([]), end_of(1), 3)


def test_a_history_shorter_than_a_window_has_a_win_model():
    busy = firm(1, weeks=1, a_week=600.0, wins_a_day=0.2, losses_a_day=0.2)
    assert isinstance(fit_win_model(look_back(busy, end_of(1), set())), WinModel)
