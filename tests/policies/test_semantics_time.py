"""What the oracle makes of time: the sentences under "Time", each with an example counted by hand."""

from datetime import date

import pytest

from policies.language.duration import parse_duration
from policies.time.calendar import Calendar
from tests.policies.journals import PLAIN, at, opportunity, policy_of
from tests.policies.oracle_calendar import PlainCalendar


def due(start: str, after: str) -> str:
    return PLAIN.local(PLAIN.due(at(start), tuple(parse_duration(after)))).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "after", "expected"),
    [
        ("2026-01-09 17:00", "48h", "01-11 17:00"),  # Friday to Sunday: runs on
        ("2026-01-09 17:00", "2d", "01-11 17:00"),
        ("2026-02-13 12:30", "1w", "02-20 12:30"),  # into the Spring Festival
    ],
)
def test_hours_days_and_weeks_run_on(start, after, expected):
    assert due(start, after) == expected


@pytest.mark.parametrize(
    ("start", "after", "expected"),
    [
        ("2026-01-09 17:00", "1bd", "01-12 17:00"),  # Friday to Monday
        ("2026-01-09 10:15", "2bd", "01-13 10:15"),
        ("2026-02-13 10:00", "1bd", "02-14 10:00"),  # the Saturday before the Spring Festival is worked
        ("2026-02-13 10:00", "2bd", "02-24 10:00"),  # then the office is closed until Tuesday
        ("2026-02-27 10:00", "1bd", "02-28 10:00"),  # and the Saturday after it is worked again
        ("2026-02-27 10:00", "2bd", "03-02 10:00"),
    ],
)
def test_business_days_keep_the_clock_time(start, after, expected):
    assert due(start, after) == expected


@pytest.mark.parametrize(
    ("start", "after", "expected"),
    [
        ("2026-01-09 20:00", "1bd", "01-13 09:00"),  # Friday night counts from Monday 09:00
        ("2026-01-10 11:00", "1bd", "01-13 09:00"),
        ("2026-01-05 12:00", "1bd", "01-06 13:30"),  # at 12:00 the office has just closed
        ("2026-01-05 18:00", "0bd", "01-06 09:00"),
        ("2026-01-05 11:59", "0bd", "01-05 11:59"),
    ],
)
def test_business_days_start_at_the_next_opening(start, after, expected):
    assert due(start, after) == expected


@pytest.mark.parametrize(
    ("start", "after", "expected"),
    [
        ("2026-01-05 09:00", "3bh", "01-05 12:00"),  # the first instant, not the next opening
        ("2026-01-05 11:00", "2bh", "01-05 14:30"),  # across lunch
        ("2026-01-09 17:00", "2bh", "01-12 10:00"),  # across a weekend
        ("2026-02-14 17:00", "2bh", "02-24 10:00"),  # across the Spring Festival
        ("2026-01-10 20:00", "1bh", "01-12 10:00"),
        ("2026-01-10 20:00", "0bh", "01-10 20:00"),
    ],
)
def test_open_hours_count_open_time_only(start, after, expected):
    assert due(start, after) == expected


def test_an_office_that_never_closes_counts_every_hour_and_day():
    always = PlainCalendar.of(Calendar(always_open=True))
    saturday_night = at("2026-01-10 23:00")
    assert always.due(saturday_night, tuple(parse_duration("3bh"))) == at("2026-01-11 02:00")
    assert always.due(saturday_night, tuple(parse_duration("1bd"))) == at("2026-01-11 23:00")


def test_a_year_that_is_not_published_has_plain_weekends():
    office = PlainCalendar.of(Calendar())
    assert office.is_business_day(date(2031, 1, 1))  # a Wednesday
    assert not office.is_business_day(date(2031, 1, 4))


REMIND = {
    "id": "remind",
    "on": "opportunity",
    "when": {"status": "open"},
    "since": "last_action_at",
    "after": "2h",
    "then": [{"notify": "owner"}],
}


def test_at_one_instant_actor_events_come_before_dues(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-05 12:00", "contact")  # in the very millisecond in which the reminder is due
    assert run(policy_of(REMIND), journal, "2026-01-05 18:00") == ["01-05 14:00 remind/1 notified owner"]


def test_dues_of_one_instant_go_by_document_order_then_record(run):
    journal = opportunity(record=2)
    journal.add("2026-01-05 09:00", "registered", 1, kind="opportunity")
    for record in (2, 1):
        journal.add("2026-01-05 10:00", "contact", record)
    first = {**REMIND, "id": "z-first"}
    second = {**REMIND, "id": "a-second"}
    assert run(policy_of(first, second), journal, "2026-01-05 13:00") == [
        "01-05 12:00 z-first/1 notified owner",
        "01-05 12:00 z-first/2 notified owner",
        "01-05 12:00 a-second/1 notified owner",
        "01-05 12:00 a-second/2 notified owner",
    ]


def test_what_is_due_is_checked_again_just_before_it_fires(run):
    close = {**REMIND, "id": "close", "then": [{"set": {"status": "lost"}}]}
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    assert run(policy_of(close, REMIND), journal, "2026-01-05 13:00") == ["01-05 12:00 close/1 field_set"]


def test_what_an_effect_makes_due_joins_the_queue_even_ahead_of_what_waits(run):
    frozen = {**REMIND, "id": "on-frozen", "when": {"frozen": True}, "after": "1h"}
    freeze = {**REMIND, "id": "freeze", "then": ["freeze"]}
    last = {**REMIND, "id": "last"}
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    assert run(policy_of(frozen, freeze, last), journal, "2026-01-05 13:00") == [
        "01-05 12:00 freeze/1 frozen",
        "01-05 12:00 on-frozen/1 notified owner (due 01-05 11:00)",
        "01-05 12:00 last/1 notified owner",
    ]
