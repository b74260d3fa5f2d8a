"""When what a row tells happened: never before its record, and what has no date is the same event in every export."""

import itertools
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.mapping.importing import read_folder
from coach.mapping.loader import load_mapping
from tests.coach.firm import Firm, policy_of
from tests.coach.small_crm import GOOD, write_deals, write_mapping

NOW = 1_790_000_000_000
CREATED, EXPORTED = date(2025, 3, 3), date(2025, 6, 30)
_numbers = itertools.count()


def end_of(day: date) -> int:
    """Last instant (ms) of a day in Shanghai."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    return round(midnight.timestamp() * 1000) - 1


@pytest.fixture(scope="module")
def mapping(tmp_path_factory):
    return load_mapping(write_mapping(tmp_path_factory.mktemp("mapping")))


def read(folder: Path, mapping, won: date | None, exported: date = EXPORTED):
    """What comes of one deal that was created on 3 March at 09:30 and won on that day."""
    row = [*GOOD[0][:6], "" if won is None else won.isoformat(), *GOOD[0][7:]]
    files = write_deals(folder / f"{next(_numbers)}", [row])
    reading = read_folder(files, mapping, now=NOW, exported_at=exported.isoformat())
    return {each.event: each for each in reading.events if each.kind == "opportunity"}, reading.remarks


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(-40, 100))
def test_nothing_happens_before_its_record_is_created(tmp_path, mapping, days):
    won = CREATED + timedelta(days=days)
    events, remarks = read(tmp_path, mapping, won)
    created = events["registered"].acted_at
    assert events["won"].acted_at == max(created, end_of(won))
    assert [each.column for each in remarks] == (["成交日"] if days < 0 else [])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later=st.integers(1, 400))
def test_what_has_no_date_is_the_same_event_in_every_export(tmp_path, mapping, later):
    (first, _), (second, _) = (
        read(tmp_path, mapping, None, exported) for exported in (EXPORTED, EXPORTED + timedelta(days=later))
    )
    assert first["won"].acted_at == end_of(EXPORTED) < second["won"].acted_at
    assert {name: each.key for name, each in first.items()} == {name: each.key for name, each in second.items()}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True))
def test_another_date_is_another_event(tmp_path, mapping, days):
    first, second = (read(tmp_path, mapping, CREATED + timedelta(days=each))[0] for each in days)
    assert first["won"].key != second["won"].key
    assert first["registered"].key == second["registered"].key


DUE = {"id": "due", "on": "opportunity", "when": {"status": "open"}, "since": "custom.due", "after": "1bd",
       "then": [{"notify": "owner"}]}  # fmt: skip


@pytest.mark.parametrize("begun", ["told before the rule", "told under the rule", "told before a restart"])
@pytest.mark.parametrize(("written", "fires"), [
    ("2026-01-08", "01-09 09:00"), ("2026-01-08T10:30", "01-09 10:30"), ("2026-01-08T02:30Z", "01-09 10:30"),
    ("2031-01-08", None), ("2019-01-08", "01-06 09:00"),
])  # fmt: skip
def test_a_clock_starts_at_the_day_or_instant_that_a_firms_own_field_writes(tmp_path, begun, written, fires):
    firm = Firm(tmp_path, None if begun == "told before the rule" else policy_of(DUE))
    firm.deal(**{"custom.due": written})
    if begun == "told before the rule":
        firm.service.activate(policy_of(DUE), "tester")
    if begun == "told before a restart":
        firm.stand_still("2026-01-05 09:30")
    firm.until("2026-01-12 09:00")
    assert [line[:11] for line in firm.fired()] == ([] if fires is None else [fires])


def test_a_text_that_is_no_instant_is_refused_where_a_rules_clock_starts_and_nowhere_else(tmp_path):
    firm = Firm(tmp_path, policy_of(DUE))
    firm.deal(**{"custom.room": "next week"})
    (refused,) = firm.post("field_recorded", **{"custom.due": "next week"}).refused
    assert "rule 'due'" in refused.en
    assert "2026-01-31T09:00" in refused.en
    assert "“next week”不是时刻" in refused.zh
