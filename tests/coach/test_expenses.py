"""M1: what became of an expense after 30, 60 and 90 days, and what each source cost and brought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.expenses.tracking import LOOKS
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk

pytestmark = [pytest.mark.file, pytest.mark.system("M1")]
DAY = 86_400_000
ON_RECORD = {"expenses": {"approval": "on_record"}}


def test_an_expense_is_followed_by_its_deal_for_ninety_days(tmp_path):
    firm = Firm(tmp_path, policy_of(**ON_RECORD))
    firm.deal("A", "rep-1", customer="Northern Valves")
    desk, began = Desk(firm), firm.now + 3_600_000
    firm.now = began
    firm.post("spent", "A", expenses=300.0)
    firm.now = began + 40 * DAY
    firm.post("advanced", "A", stage=2)
    firm.post("spent", "A", expenses=500.0)
    firm.now = began + 70 * DAY
    told = desk.ask("rep", "GET", "/expenses").json()

    assert [(each["amount"], each["stage"]) for each in told] == [(200.0, 2), (300.0, 1)]
    looks = [[(look["stage"], look["progressed"]) for look in each["looks"]] for each in told]
    assert looks == [[(2, False), (None, None), (None, None)], [(1, False), (2, True), (None, None)]]
    assert desk.ask("peer", "GET", "/expenses").json() == []


def test_each_source_tells_leads_deals_revenue_and_expenses(tmp_path):
    firm = Firm(tmp_path, policy_of(**ON_RECORD))
    desk = Desk(firm)
    firm.post("registered", "L1", kind="lead", unit="rep-1", owner="rep-1", source="exhibition", customer="A")
    firm.deal("A", "rep-1", source="exhibition", amount=10_000.0)
    firm.deal("B", "rep-2", source="website", amount=4_000.0)
    firm.post("spent", "A", expenses=900.0)
    firm.post("won", "A", amount=9_000.0)

    told = {each["source"]: each for each in desk.ask("manager", "GET", "/expenses/sources").json()}
    assert told["exhibition"] == {
        "source": "exhibition", "leads": 1, "deals": 1, "won": 1, "revenue": 9_000.0, "expenses": 900.0, "left": 8_100.0,
    }  # fmt: skip
    assert (told["website"]["deals"], told["website"]["won"]) == (1, 0)
    assert desk.ask("rep", "GET", "/expenses/sources").status_code == 403


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 900)), min_size=1, max_size=6))
def test_expenses_add_up_to_what_the_deal_has_cost(tmp_path_factory, steps):
    firm = Firm(tmp_path_factory.mktemp("spent"), policy_of(**ON_RECORD))
    firm.deal("A", "rep-1")
    total = 0.0
    for days, amount in steps:
        firm.now += days * DAY
        total += amount
        firm.post("spent", "A", expenses=total)
    told = Desk(firm).ask("rep", "GET", "/expenses").json()

    assert sum(each["amount"] for each in told) == total
    for each in told:
        assert [look["days"] for look in each["looks"]] == list(LOOKS)
        assert all((look["progressed"] is None) == (each["at"] + look["days"] * DAY > firm.now) for look in each["looks"])
    firm.store.close()
