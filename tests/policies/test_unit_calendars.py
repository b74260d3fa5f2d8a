"""Calendars of units: what is otherwise at a team, region or store, inherited below, and compiled beside the firm's."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.language.calendars import UnitCalendar, calendar_of_unit
from policies.language.policy import Policy
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import (
    FIRM,
    add_business_days,
    add_business_days_of,
    add_open,
    add_open_of,
    has_own,
    next_open,
    next_open_of,
    open_between,
    open_between_of,
    unit_days,
)
from policies.words.policy_words import differences, policy_words

FROM, TO = date(2026, 1, 1), date(2026, 12, 31)
OWN: dict[str, Any] = {
    "berlin": {"zone": "Europe/Berlin", "hours": [["08:00", "12:00"], ["13:00", "16:30"]]},
    "riyadh": {"zone": "Asia/Riyadh"},
    "shop": {"weekend": ["monday"], "extra_holidays": ["2026-05-06"]},
}
calendars = {name: UnitCalendar.model_validate(told) for name, told in OWN.items()}
instants = st.integers(1_768_000_000_000, 1_790_000_000_000)


def of(*line: str) -> Calendar:
    return calendar_of_unit(Calendar(), calendars, line)


class TestInheritance:
    def test_what_is_left_out_is_as_at_the_unit_above(self):
        shop = of("shop", "berlin")
        assert (shop.zone, shop.country, shop.hours) == ("Europe/Berlin", "DE", (("08:00", "12:00"), ("13:00", "16:30")))
        assert shop.weekend == ("monday",)
        assert shop.extra_holidays == (date(2026, 5, 6),)
        assert of("shop").zone == "Asia/Shanghai"
        assert of("elsewhere", "company") == Calendar()

    def test_a_zone_brings_the_holidays_and_weekends_of_its_country_unless_others_are_told(self):
        assert (of("riyadh").country, of("riyadh").weekend) == ("SA", ("friday", "saturday"))
        told = UnitCalendar.model_validate({"country": "SA"})
        assert calendar_of_unit(Calendar(), {"a": told}, ["a"]).weekend == ("friday", "saturday")
        kept = UnitCalendar.model_validate({"zone": "Asia/Riyadh", "country": "AE"})
        assert calendar_of_unit(Calendar(), {"a": kept}, ["a"]).country == "AE"


@settings(max_examples=60, deadline=None)
@given(instants, st.integers(0, 200), st.integers(0, 40), st.sampled_from(["berlin", "riyadh", "shop"]))
def test_a_units_clock_goes_as_that_of_a_firm_with_its_calendar(start, hours, days, name):
    around = timedelta(days=2)
    own = of(name).days(FROM - around, TO + around)
    both = unit_days(Calendar().days(FROM, TO), {3: of("berlin").days(FROM, TO), 5: own})
    assert (has_own(both, 5), has_own(both, 4), has_own(both, 99), has_own(both, FIRM)) == (True, False, False, False)
    end, ms = start + days * 86_400_000, hours * 3_600_000
    for unit, plain in ((5, own), (4, both), (FIRM, both)):
        assert add_open_of(both, unit, start, ms) == add_open(plain, start, ms)
        assert add_business_days_of(both, unit, start, days) == add_business_days(plain, start, days)
        assert next_open_of(both, unit, start) == next_open(plain, start)
        assert open_between_of(both, unit, start, end) == open_between(plain, start, end)


def test_a_calendar_is_told_in_words_and_so_is_what_became_of_it():
    named = {name: OWN[name] for name in ("berlin", "shop")}
    one, two = Policy(name="one", calendars=named), Policy(name="two", calendars={"berlin": {"weekend": []}})
    own = "berlin goes by a calendar of its own, and so do the units below: "
    assert f"{own}time zone Europe/Berlin; open 08:00–12:00, 13:00–16:30." in policy_words(one, "en")
    assert "shop 及其下级使用自己的日历：每周休息：周一；另休息：2026-05-06。" in policy_words(one, "zh")
    assert differences(one, two, "en") == [
        f"{own}closed every week on: none.", "shop goes by the calendar of the unit above it.",
    ]
    assert differences(two, two, "zh") == []


def test_units_with_one_calendar_share_its_tables():
    berlin = of("berlin").days(FROM, TO)
    both = unit_days(Calendar().days(FROM, TO), {1: berlin, 2: berlin})
    assert len(both.units.days) == len(berlin.days)
    assert np.array_equal(both.units.of_row, [0, 1, 1])


@pytest.mark.parametrize(("name", "wrong"), [
    ("zone", "Berlin"), ("country", "XX"), ("hours", [["12:00", "09:00"]]), ("weekend", ["sonntag"]),
    ("extra_holidays", ["5 May"]),
])  # fmt: skip
def test_what_no_calendar_takes_is_refused_with_what_it_takes(name, wrong):
    with pytest.raises(ValueError, match=f"is no {name} of a calendar; allowed: "):
        UnitCalendar.model_validate({name: wrong})
