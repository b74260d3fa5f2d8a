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
