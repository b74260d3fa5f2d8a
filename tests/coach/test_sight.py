"""Of whom figures may be told: the own, those who report to somebody, or everybody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.events import PostedEvent
from coach.store import Store, Viewer
from coach.store.sight import EVERYTHING, Sight, sight_of
from coach.store.viewer import ROLES
from tests.coach.firm import Firm, policy_of

YEAR = 1_735_689_600_000  # 2025-01-01T00:00Z
PARENTS = {"company": None, "land": "company", "north": "land", "south": "land", "ann": "north", "bob": "south", "stray": None}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store.open(tmp_path_factory.mktemp("sight") / "firm.db")
    events = [
        PostedEvent(source="test", key=unit, event="registered", kind="unit", record=unit, acted_at=YEAR, recorded_at=YEAR,
                    payload={"level": "team", "parent": parent})
        for unit, parent in PARENTS.items()
    ]  # fmt: skip
    opened.append(events)
    yield opened
    opened.close()


def reports_to(unit: str, above: str) -> bool:
    return unit == above or (PARENTS[unit] is not None and reports_to(PARENTS[unit], above))


@given(st.sampled_from(ROLES), st.sampled_from([None, *PARENTS]))
def test_nobody_is_told_of_more_than_those_who_report_to_them(store, role, unit):
    found = sight_of(store, Viewer("somebody", role, unit))
    if role in ("operations", "admin"):
        assert found == EVERYTHING
    elif unit is None or role in ("trainer", "desk"):
        assert found.is_nobodys
    elif role == "rep":
        assert (found, found.is_ones_own) == (Sight(unit, frozenset({unit})), True)
    else:
        assert found == Sight(unit, frozenset(each for each in PARENTS if reports_to(each, unit)))


def test_a_manager_above_everybody_is_told_everything(tmp_path):
    firm = Firm(tmp_path)
    assert sight_of(firm.store, Viewer("director", "manager", "company")) == EVERYTHING
    assert sight_of(firm.store, Viewer("lead", "manager", "team-1")).units == {"team-1", "rep-1", "rep-2"}
    firm.store.close()


@pytest.mark.parametrize("visibility", ["none", "private", "private_rank", "anonymous", "public"])
def test_a_rep_is_told_of_nobody_else_and_of_nothing_where_nobody_sees_attainment(tmp_path, visibility):
    firm = Firm(tmp_path, policy_of(targets={"visibility": visibility}))
    assert sight_of(firm.store, Viewer("rep", "rep", "rep-1")).units == ({"rep-1"} if visibility != "none" else set())
    firm.store.close()
