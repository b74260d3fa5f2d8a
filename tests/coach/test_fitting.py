"""What a record tells of the office behind it."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from coach.describing.spans import Spans
from coach.fitting import firm
from coach.fitting.comparison import compare
from coach.fitting.firm import firm_in, firm_of
from coach.fitting.untold import untold
from coach.problems import CoachError
from policies.time.calendar import Calendar
from sim.fit.firm import Fitted, Seen
from sim.fit.from_record import FEWEST_WINS, TooFewWins
from sim.fit.lifetimes import LOST, OPEN, WON, Lives

DAY = 86_400_000
AT = 1_750_000_000_000 // DAY * DAY
NAMES = [
    *("row", "id", "start", "end", "outcome", "source", "owner", "amount", "amount_before", "response"),
    *("customer", "dated", "lead"),
]  # fmt: skip


@pytest.fixture
def told():
    """Reads opportunities given as (days before the end of the record, days to the end or None, outcome, changes)."""

    def read(deals, people=None):
        rows = []
        for number, (opened, lasted, outcome, changes) in enumerate(deals):
            start = AT - opened * DAY
            end = np.nan if lasted is None else start + lasted * DAY
            usual = dict.fromkeys(NAMES, np.nan) | {"row": number, "id": str(number), "owner": "r1", "dated": True}
            told = {"start": float(start), "end": end, "outcome": outcome, "source": None, "customer": None}
            rows.append({**usual, **told, **changes})
        nothing = pd.DataFrame()
        deals = pd.DataFrame(rows, columns=NAMES)
        spans = Spans(AT, "Asia/Shanghai", deals, nothing, nothing, nothing, np.zeros(0), 0)
        return firm_in(spans, Calendar(zone="Asia/Shanghai"), people)

    return read


def a_year(outcome="lost", lasted=10.25, **changes):
    return [(day + day % 7 / 7, lasted, outcome, changes) for day in range(20, 384)]


def test_ends_ages_and_openings_are_those_recorded(told):
    found = told([*a_year(), (50.5, 20.25, "won", {}), (40.5, 7.5, "no_decision", {}), (30.5, None, "open", {})])
    lives = found.firm.lives
    assert list(lives.ended[-3:]) == [WON, LOST, OPEN]
    assert list(lives.days[-3:]) == [20.25, 7.5, 30.5]
    assert list(lives.opened[-3:]) == [-50.5, -40.5, -30.5]
    assert found.firm.exact_to < 0.01


def test_an_undated_end_gets_an_age_that_it_may_have_had(told):
    dated = [(200.5, float(age), "won", {}) for age in range(1, 100)]
    undated = [(5.5 + day, None, "won", {"dated": False}) for day in range(90)]
    found = told([*a_year(), *dated, *undated])
    ages, oldest = found.firm.lives.days[-90:], -found.firm.lives.opened[-90:]
    assert found.undated == (90, 0)
    assert (ages <= oldest).all()
    assert (ages >= 1.0).all()
    assert len(set(ages)) > 30, "they spread as the dated ones do"


def test_people_are_those_who_had_something_to_do_lately(told):
    owners = [(15.5 + day, 3.25, "lost", {"owner": f"r{day % 5}"}) for day in range(60)]
    gone = [(300.5, 5.25, "lost", {"owner": f"old{number}"}) for number in range(9)]
    assert told([*a_year(owner="r1"), *owners, *gone]).firm.people == 5
    assert told([*a_year(owner="r1"), *owners], people=12).firm.people == 12


def test_a_record_that_names_nobody_asks_for_the_number_of_people(told):
    with pytest.raises(CoachError) as caught:
        told(a_year(owner=None))
    assert "--people" in caught.value.en
    assert "--people" in caught.value.zh
    assert told(a_year(owner=None), people=4).firm.people == 4


def test_a_record_of_dates_is_read_to_the_day(told):
    midnight = [(float(day), 10.0, "lost", {}) for day in range(20, 384)]
    assert told(midnight).firm.exact_to == 1.0


@pytest.mark.parametrize("dated", [FEWEST_WINS - 1, FEWEST_WINS])
def test_wins_without_a_date_of_their_own_do_not_make_an_office(monkeypatch, told, dated):
    wins = [(100.5 + number, 20.25, "won", {}) for number in range(dated)]
    undated = [(60.5 + number, None, "won", {"dated": False}) for number in range(90)]
    spans = told([*a_year(), *wins, *undated]).spans
    monkeypatch.setattr(firm, "spans_at", lambda _store, _at: spans)
    monkeypatch.setattr(firm, "_last_recorded", lambda _store: AT)
    store = SimpleNamespace(calendar=Calendar(zone="Asia/Shanghai"))
    if dated >= FEWEST_WINS:
        assert firm_of(store, AT).undated == (90, 0)
        return
    with pytest.raises(TooFewWins) as caught:
        firm_of(store, AT)
    assert caught.value.wins == dated


def test_a_short_record_makes_no_office(told):
    with pytest.raises(CoachError) as caught:
        told([(day + 0.5, 3.0, "lost", {}) for day in range(20)])
    assert "8" in caught.value.en
    assert "8" in caught.value.zh


def test_the_comparison_says_of_each_number_whether_it_lies_inside(told):
    """An office that shows the record itself lies inside everywhere; one that wins at once lies outside where wins are told."""
    generator = np.random.default_rng(3)
    deals = []
    for number, opened in enumerate(generator.uniform(10, 380, 900)):
        age = 30 * generator.exponential()
        ended = ("lost", "won")[number % 2] if age < opened else "open"
        deals.append((float(opened), float(min(age, opened)), ended, {}))
    found = told(deals)
    lives = found.firm.lives
    weeks = np.full(50, 18)

    def shown(lives: Lives):
        seats = np.array([[10, 40], [12, 40], [9, 40], [11, 40]])
        seen = Seen(
            lives, np.zeros(0), np.zeros(0), np.zeros(0), weeks, weeks, 0.3, np.zeros(4),
            first=date(2025, 1, 6), opened_on=np.ones(350), won_on=np.ones(350), by_seat=seats, entry_lag=1.0,
        )  # fmt: skip
        return compare(found, Fitted(None, seen, lives))

    made = shown(lives).sections[0].findings[0].en
    inside, of = (int(each) for each in (made.split()[0], made.split()[2]))
    assert inside == of >= 10
    at_once = Lives(lives.opened, np.minimum(lives.days, 0.5), lives.ended)
    worse = shown(at_once).sections[0].findings[0].en
    assert int(worse.split()[0]) < of / 2


@pytest.mark.parametrize("leads", [0, 1234])
def test_leads_that_are_recorded_and_left_out_are_told(told, leads):
    found = told(a_year())
    found = found._replace(spans=found.spans._replace(leads=pd.DataFrame(index=range(leads))))
    said = [words for words in untold(found) if "leads before the opportunity" in words.en]
    assert len(said) == 1
    assert ("1,234" in said[0].en) == ("1,234" in said[0].zh) == bool(leads)


def test_what_the_record_tells_of_people_is_not_among_what_it_does_not_tell(told):
    owners = [(15.5 + day, 3.25, ("won", "lost")[day % 3 > 0], {"owner": f"r{day % 5}"}) for day in range(300)]
    found = told(owners)
    assert "skill_spread" in found.firm.behaviour
    assert not any("how much people differ" in words.en for words in untold(found))
    assert any("how much people differ" in words.en for words in untold(told(a_year(owner="r1"))))
