"""S2 and M2: forecasts against contact and demand seen outside; flags on the record; commission that waits."""

from statistics import median

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from apps.cli.main import program
from coach.signals.flagging import flag_false_prosperity
from policies.documents.loader import load_policy
from policies.scores.false_prosperity import FEWEST, Beside, Signals, false_prosperity
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

pytestmark = pytest.mark.system("S2")
numbers = st.integers(0, 1000)
signals = st.builds(Signals, numbers.map(float), numbers, st.one_of(st.none(), numbers.map(float)))


def is_high(own: float, others: list[float]) -> bool:
    """Written out: above nothing, and at least the middle of the others."""
    return own > 0 and own >= median(others)


@given(signals, st.lists(signals, max_size=30))
def test_it_is_the_share_of_two_signals_that_a_high_forecast_lacks(own, others):
    score = false_prosperity(own, Beside([own, *others]))
    looked = [each.outside for each in others if each.outside is not None]
    if own.outside is None or len(looked) < FEWEST:
        assert score.value is None
        return
    contact = is_high(own.contacts, [float(each.contacts) for each in others])
    outside = is_high(own.outside, looked)
    if is_high(own.amount, [each.amount for each in others]):
        assert score.value == ((not contact) + (not outside)) / 2
        assert score.colour == ("red" if score.value else "green")
    else:
        assert score.value == 0.0
        assert score.colour != "red"


@pytest.fixture
def desk(tmp_path):
    """Eight deals of eight customers, the last one large; each was spoken with once a week."""
    firm = Firm(tmp_path, load_policy("commission-freeze"))
    for number in range(8):
        amount = 900_000.0 if number == 7 else 1_000.0 * (number + 1)
        firm.deal(f"D{number}", "rep-1", customer=f"Customer {number}", amount=amount)
    return Desk(firm)


def look(desk: Desk, *looks: tuple[str, int], day: str = "2026-01-05", role: str = "manager"):
    desk.firm.now += 1000
    told = [{"customer": customer, "date": day, "tenders": tenders, "hiring": 0} for customer, tenders in looks]
    return desk.ask(role, "POST", "/signals", json={"signals": told})


EVERYBODY = [(f"Customer {number}", 3) for number in range(7)]


def test_a_large_forecast_without_demand_outside_turns_red_and_says_why(desk):
    told = look(desk, *EVERYBODY, ("Customer 7", 0)).json()
    rows = {each["id"]: each for each in desk.ask("manager", "GET", "/scores/S2").json()["rows"]}

    assert (told["recorded"], told["refused"], told["flags"]) == (8, [], 1)
    assert (rows["D7"]["value"], rows["D7"]["colour"]) == (0.5, "red")
    assert "tenders and job adverts low: 0, median of the others 3" in [each["en"] for each in rows["D7"]["reasons"]]


def test_the_same_look_again_changes_nothing_and_an_unknown_customer_is_named_with_the_nearest(desk):
    look(desk, *EVERYBODY, ("Customer 7", 0))
    again = look(desk, *EVERYBODY, ("Custmer 7", 0)).json()

    assert (again["recorded"], again["repeated"], again["flags"]) == (0, 7, 0)
    assert [each["position"] for each in again["refused"]] == [7]
    assert "customer7" in again["refused"][0]["en"]


@pytest.mark.parametrize("day", ["2027-05-05", "1969-01-01", "2026-02-30"])
def test_a_look_that_was_not_taken_is_refused(desk, day):
    told = look(desk, ("Customer 1", 3), day=day).json()

    assert (told["recorded"], len(told["refused"])) == (0, 1)


def test_a_look_of_more_than_ninety_days_ago_is_no_look(desk):
    look(desk, *EVERYBODY, ("Customer 7", 0))
    desk.firm.until("2026-04-20 09:00")
    rows = desk.ask("manager", "GET", "/scores/S2").json()["rows"]

    assert {each["value"] for each in rows} == {None}


@pytest.mark.system("M2")
def test_the_commission_of_a_flagged_deal_waits_and_comes_when_the_signals_agree(desk):
    look(desk, *EVERYBODY, ("Customer 7", 0))
    desk.firm.until("2026-01-07 09:00")
    assert desk.ask("rep", "GET", "/records/opportunity/D7").json()["values"]["flag"] == "red"
    desk.firm.post("won", "D7", amount=900_000.0)
    desk.firm.post("won", "D1", amount=2_000.0)

    told = desk.ask("rep", "GET", "/reps/rep-1/pay").json()
    assert (told["sold"], told["commission"], told["frozen"]) == (2_000.0, 50.0, 22_500.0)

    assert look(desk, ("Customer 7", 50), day="2026-01-07").json()["flags"] == 1
    desk.firm.until("2026-01-09 09:00")
    told = desk.ask("rep", "GET", "/reps/rep-1/pay").json()
    assert (told["sold"], told["frozen"]) == (902_000.0, 0.0)


@pytest.mark.system("M2")
def test_no_rep_lifts_the_own_freeze(desk):
    event = desk.firm.event("field_recorded", "D7", commission_frozen=False).model_dump(mode="json")

    assert desk.ask("rep", "POST", "/events", json={"events": [event]}).json()["accepted"] == 0
    assert look(desk, ("Customer 1", 1), role="rep").status_code == 403


def test_signals_from_a_file_and_a_faulty_one_names_file_row_and_column(desk, tmp_path):
    good, bad = tmp_path / "looks.csv", tmp_path / "bad.csv"
    good.write_text("customer,date,tenders,hiring\nCustomer 1,2026-01-05,2,1\n", encoding="utf-8")
    bad.write_text("customer,date,tenders,hiring\nCustomer 1,2026-01-05,many,1\n", encoding="utf-8")
    place = str(desk.firm.path)

    taken = CliRunner().invoke(program, ["store", "signals", place, str(good), "--lang", "en"])
    assert taken.exit_code == 0, taken.output
    refused = CliRunner().invoke(program, ["store", "signals", place, str(bad), "--lang", "zh"])
    assert refused.exit_code != 0
    assert "bad.csv" in refused.output
    assert "tenders" in refused.output


def test_without_any_look_outside_nothing_is_flagged(tmp_path):
    firm = Firm(tmp_path)
    firm.deal("A", "rep-1", amount=1.0)

    assert flag_false_prosperity(firm.service) == 0
