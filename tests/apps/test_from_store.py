"""What begins with a store's record: what is refused, from which day is begun, and what is told of the record."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from apps.cli.errors import BAD_INPUT
from apps.cli.from_store import begins_today, recorded
from apps.cli.main import program
from coach.events import PostedEvent
from coach.store import Store
from policies.documents.loader import load_policy
from policies.time.calendar import Calendar
from scenarios.loader import load_scenario, scenario_yaml
from sim.office.scenario import Reached

DAY = 86_400_000
BEGIN = 1_767_571_200_000  # 2026-01-05T00:00Z
LAST = "2026-02-14"
"""The day of the record's last entry."""
MONTHLY = load_policy("monthly-private")


@pytest.fixture
def rehearse(tmp_path, monkeypatch):
    """Runs the program as its user would, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str):
        result = CliRunner().invoke(program, arguments, prog_name="rehearse")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def firm(tmp_path, monkeypatch):
    """A store of a deal a day for forty days, of which every second one is won after a week; gives its path. An office is not
    searched for, which takes minutes, but stands."""
    monkeypatch.setattr("coach.today.beginning.fitted", lambda *_, **__: standing())

    def make(dated: bool = True, acted: bool = True, **payload) -> str:
        path = tmp_path / "firm.db"
        store = Store.open(path)
        told = [each for number in range(40) for each in _deal(number, dated, acted, payload)]
        store.append(sorted(told, key=lambda each: each.acted_at))
        store.close()
        return str(path)

    return make


def _deal(number: int, dated: bool, acted: bool, payload: dict) -> list[PostedEvent]:
    def event(name: str, day: float, **more) -> PostedEvent:
        key, at = f"{number}-{name}", BEGIN + int(day * DAY)
        fixed = {"source": "crm", "kind": "opportunity", "record": str(number), "acted_at": at, "recorded_at": at}
        return PostedEvent(key=key, event=name, **fixed, **more)

    found = [event("registered", number, payload={"owner": f"rep {number % 2}", "stage": 1.0, **payload})]
    if acted:
        found.append(event("contact", number + 0.1))
    if number % 2 and number + 7 < 40:
        found.append(event("won", number + 7.0, dated=dated))
    return [*found, event("field_recorded", 40.5, payload={"custom.seen": 1.0})] if number == 0 else found


def standing():
    """An office of two, as one that was fitted to a record."""
    small = load_scenario("small")
    curve = (Reached(days=10.0, share=0.3), Reached(days=60.0, share=0.6))
    return small.model_copy(
        update={
            "people": small.people.model_copy(update={"reps": 2, "teams": 1, "regions": 1}),
            "leads": small.leads.model_copy(update={"as_opportunities": True, "per_week": 7.0}),
            "deals": small.deals.model_copy(update={"own_time": curve, "leaving": curve}),
            "warmup_weeks": 4,
            "runoff_weeks": 0,
        }
    )


def begun(store: str, at: str | None = None):
    return begins_today(store, at, None, None, MONTHLY, 4)


@pytest.mark.parametrize("scenario", ["small", "default"])
def test_an_office_that_was_fitted_to_no_record_cannot_take_over_a_firms_deals(rehearse, firm, scenario):
    asked = ("ab", "monthly-private", "freeze-15d", "--from", firm(), "--scenario", scenario)
    for language, told in (("en", "was not fitted to a firm's record"), ("zh", "不是依据公司记录拟合的")):
        result = rehearse(*asked, "--lang", language)
        assert result.exit_code == BAD_INPUT
        assert told in result.stderr
        assert scenario in result.stderr
        assert "rehearse fit" in result.stderr


def test_an_office_that_was_fitted_has_its_people_already(rehearse, firm, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(scenario_yaml(standing()), encoding="utf-8")
    begun = begins_today(firm(), None, None, str(mine), MONTHLY, 4)
    assert begun.scenario.people == standing().people
    asked = ("ab", "monthly-private", "freeze-15d", "--from", "firm.db", "--scenario", str(mine), "--people", "3")
    result = rehearse(*asked, "--lang", "en")
    assert result.exit_code == BAD_INPUT
    assert "has 2 people already" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "option", "other"),
    [
        (("ab", "monthly-private", "freeze-15d", "--at", "2026-01-30"), "--at", "--from"),
        (("ab", "monthly-private", "freeze-15d", "--people", "4"), "--people", "--from"),
        (("forecast", "firm.db", "--people", "4"), "--people", "--office"),
        (("forecast", "firm.db", "--in-force", "no-targets"), "--in-force", "--office"),
        (("backtest", "firm.db", "--in-force", "no-targets"), "--in-force", "--office"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(rehearse, arguments, option, other):
    for language, remedy in (("en", f"add {other}"), ("zh", f"请加上 {other}")):
        result = rehearse(*arguments, "--lang", language)
        assert result.exit_code == BAD_INPUT
        assert option in result.stderr
        assert remedy in result.stderr


@pytest.mark.parametrize("at", [None, LAST, "2026-02-15", "2031-05-01"])
def test_whatever_day_behind_the_record_is_its_end(firm, at):
    store = firm()
    end = recorded(store, None)
    asked = recorded(store, at)
    assert asked.at == end.at == BEGIN + int(40.5 * DAY)
    assert (asked.ended is None) == (at in (None, LAST))
    if asked.ended is not None:
        assert LAST in asked.ended.en
        assert at in asked.ended.zh
    assert begun(store, at).scenario.policy_date == Calendar().local_date(end.at) + timedelta(days=1)


def test_a_day_inside_the_record_is_that_day(firm):
    told = recorded(firm(), "2026-01-20")
    assert told.ended is None
    assert Calendar().local_date(told.at).isoformat() == "2026-01-20"


@pytest.mark.parametrize("command", ["forecast", "describe"])
def test_that_the_record_ends_before_the_day_asked_for_is_told(rehearse, firm, command):
    more = {"forecast": ("--weeks", "2", "--html", "page.html")}.get(command, ())
    firm()
    for language, told in (("en", f"The record ends on {LAST}; 2031-05-01 lies behind"), ("zh", f"记录止于 {LAST}")):
        result = rehearse(command, "firm.db", "--at", "2031-05-01", *more, "--lang", language)
        assert result.exit_code == 0, result.output
        assert told in result.output
        assert told not in rehearse(command, "firm.db", "--at", LAST, *more, "--lang", language).output


def test_a_later_day_changes_no_number_of_a_forecast(rehearse, firm):
    firm()
    plain, later = (
        json.loads(rehearse("forecast", "firm.db", *more, "--weeks", "2", "--json", "-").stdout)
        for more in ((), ("--at", "2031-05-01"))
    )
    assert plain == later


def test_both_arms_are_told_that_the_record_ended(firm):
    store = firm()
    assert f"The record ends on {LAST}" in begun(store, "2031-05-01").notes[0].en
    assert not any("record ends" in each.en for each in begun(store).notes)


@pytest.mark.parametrize("acted", [True, False])
def test_where_no_action_is_recorded_silence_counts_from_the_opening_and_is_said_to(firm, acted):
    start = begun(firm(acted=acted))
    said = [each for each in start.notes if "silence" in each.en]
    assert bool(said) != acted
    assert (start.pipeline.deals.touched_at == start.pipeline.deals.opened_at).all() != acted
    for each in said:
        count = len(start.pipeline.deals)
        assert f"{count:,} have no recorded action" in each.en
        assert f"{count:,} 个没有动作记录" in each.zh


@pytest.mark.parametrize("amounts", [{}, {"amount": 4000.0}])
def test_without_amounts_every_deal_counts_a_thousand_and_that_is_said(firm, amounts):
    start = begun(firm(**amounts))
    assert set(start.pipeline.deals.value) == {amounts.get("amount", 1000.0)}
    said = [each for each in start.notes if "deals of 1,000" in each.en and "每单 1,000" in each.zh]
    assert bool(said) != bool(amounts)
    assert any("have an amount" in each.en for each in start.notes) == bool(amounts)


def test_a_record_whose_wins_have_no_date_says_so(rehearse, firm):
    store = firm(dated=False)
    for arguments in (("ab", "monthly-private", "freeze-15d", "--from", store), ("forecast", store)):
        for language, told in (("en", "no win with a date"), ("zh", "没有带日期的赢单")):
            result = rehearse(*arguments, "--lang", language)
            assert result.exit_code == BAD_INPUT
            assert told in result.stderr
