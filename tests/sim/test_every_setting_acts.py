"""Every setting of a policy does something: changed, it changes what the office records, or the schema says where it acts."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

import pytest

from policies.documents.loader import edited, library_names, load_policy
from policies.documents.schema import acts_at, field_at
from policies.language.policy import Policy
from policies.language.quantities import Section, said_of
from policies.language.rule import Rule
from sim.office.office import Office
from sim.office.rehearsing import not_rehearsed
from sim.office.scenario import Scenario
from tests.sim.offices import WEEK, started, tiny, written

WEEKS = 22


def office(**changes) -> Scenario:
    """A tiny firm with expenses, standing customers and two regions."""
    document = tiny(reps=6, regions=2).model_dump()
    document["deals"]["expense_share"] = 0.4
    document["customers"]["per_rep"] = 12
    for section, settings in changes.items():
        document[section] |= settings
    return Scenario.model_validate(document)


OFFICES = (office(), office(leads={"per_week": 150}), office(people={"regions": 1}, leads={"season_amplitude": 0.5}))
PLAYBOOK = load_policy("full-playbook")
STARTS = (
    PLAYBOOK,
    edited(PLAYBOOK, {"targets.cadence": "weekly", "targets.level.stretch": 2, "escalation.hours_per_week": 1}),
    edited(PLAYBOOK, {"targets.level.method": "fixed", "targets.level.fixed_target": 50_000, "routing.lead_cap": 5}),
    edited(PLAYBOOK, {"targets.level.stretch": 3, "targets.elasticity.evidence": "none", "pay.cap": 1}),
    edited(PLAYBOOK, {"recording.programme_days": 84, "recording.reward_day": 20}),
    edited(  # fmt: skip
        PLAYBOOK,
        {"targets.moves.reviewed": "week", "targets.moves.presales_hours": 20, "targets.moves.leads_share": 0.5,
         "routing.method": "random"},
    ),
)
"""Policies to change one setting of: what a setting belongs to has to be switched on."""


@cache
def recorded(policy_json: str, number: int) -> bytes:
    run: Office = started(Policy.model_validate_json(policy_json), 4, OFFICES[number])
    run.run_until(run.now + WEEKS * WEEK)
    return written(run).tobytes()


def leaves(section: Section, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from leaves(value, (*prefix, name))
        else:
            yield (*prefix, name)


def about(path: tuple[str, ...]) -> Any:
    return field_at(path)


SETTINGS = [path for path in leaves(PLAYBOOK) if path[0] not in ("stages", "rules", "kinds")]
"""What kinds of record do needs offices that have such things: see test_projects.py."""
RUN = [path for path in SETTINGS if (acts_at(path) or {}).get("where") not in ("words", "live", "verdict")]


def value_of(policy: Policy, path: tuple[str, ...]) -> Any:
    found: Any = policy
    for step in path:
        found = getattr(found, step)
    return found


def other_values(path: tuple[str, ...], now: Any) -> list[Any]:
    """Every other choice; of a number half and double it, and values in its usual range."""
    if path[-1] == "market_by_region":
        return [{"region-1": 0.1}, {"region-1": -0.1}]
    if path[-1] == "approved_by":
        return [[], ["director"], ["finance"], ["manager"]]
    if path[0] == "notices" and path[-1].startswith("quiet"):
        return ["09:30", "15:00"]
    if isinstance(now, bool):
        return [not now]
    for kind in (about(path).annotation, *get_args(about(path).annotation)):
        if get_origin(kind) is Literal:
            return [choice for choice in get_args(kind) if choice != now]
    least = next(bound.ge for bound in about(path).metadata if hasattr(bound, "ge"))
    most = next(bound.le for bound in about(path).metadata if hasattr(bound, "le"))
    candidates = [2 * now, now / 2, now + 1, 0, 1, 0.1, least]
    typed = [int(value) if about(path).annotation is int else value for value in candidates]
    return [value for value in dict.fromkeys(typed) if least <= value <= most and value != now]


@pytest.mark.parametrize("path", RUN, ids=".".join)
def test_a_change_of_a_setting_changes_what_is_recorded(path):
    for start in STARTS:
        for value in other_values(path, value_of(start, path)):
            try:
                changed = edited(start, {".".join(path): value})
            except ValueError:
                continue  # bounds that two settings set each other
            for number in range(len(OFFICES)):
                if recorded(changed.model_dump_json(), number) != recorded(start.model_dump_json(), number):
                    return
    pytest.fail("no office records anything else: the setting is dead, or its schema has to say where it acts")


@pytest.mark.parametrize("path", [path for path in RUN if isinstance(value_of(PLAYBOOK, path), str)], ids=".".join)
def test_no_two_choices_are_the_same(path):
    """Choices by name: each is unlike every other somewhere, but for those that the schema tells to be alike."""
    choices = [value_of(PLAYBOOK, path), *other_values(path, value_of(PLAYBOOK, path))]
    texts = [[recorded(edited(start, {".".join(path): c}).model_dump_json(), 0) for start in STARTS] for c in choices]
    same = {frozenset((choices[i], choices[j])) for i in range(len(choices)) for j in range(i) if texts[i] == texts[j]}
    told = (acts_at(path) or {}).get("alike")
    assert same == ({frozenset(told)} if told else set())


@pytest.mark.parametrize("name", [name for name in library_names() if name != "monthly-private"])
def test_every_policy_of_the_library_is_unlike_the_one_it_extends(name):
    policy, base = load_policy(name), load_policy("monthly-private")
    if name == "roi-offer":
        assert {each.rule for each in policy.cannot_rehearse} == {rule.id for rule in policy.rules}
        return
    assert any(recorded(policy.model_dump_json(), n) != recorded(base.model_dump_json(), n) for n in range(len(OFFICES)))


class TestRules:
    """The keys of a rule, each on a rule where it means something."""

    TIMED = {"id": "r", "on": "opportunity", "since": "last_action_at", "after": "72h", "when": {"status": "open"},
             "then": [{"notify": "manager"}]}  # fmt: skip
    PERIODIC = {"id": "r", "on": "unit", "every": "week", "streak": 1, "when": {"level": "rep", "upsells": "< 1"},
                "then": [{"notify": "owner"}]}  # fmt: skip
    GATE = {"id": "r", "on": "opportunity", "before": "sign", "when": {"budget": "missing"}}
    CHANGES = [
        (TIMED, {"on": "lead", "since": "assigned_at"}), (TIMED, {"since": "opened_at"}), (TIMED, {"after": "3bd"}),
        (TIMED, {"when": {"status": "open", "stage": "> 2"}}), (TIMED, {"then": [{"escalate": "director"}]}),
        (TIMED, {"repeat": {"every": "2d", "times": 3}}), (TIMED, {"mode": "shadow"}), (TIMED, {"mode": "off"}),
        (TIMED, {"exempt": ["team-1"]}), (PERIODIC, {"every": "day"}),
        (TIMED | {"then": [{"todo": "manager"}]}, {"until": {"stage": ">= 2"}}),
        (TIMED, {"rests": {"while": {"needs_summary": "missing"}}}), (TIMED, {"rests": {"owner_absent": True}}),
        (TIMED, {"then": [{"assign": "rep-2"}]}), (TIMED, {"then": [{"ask_approval": "finance"}]}),
        (PERIODIC, {"streak": 3}), (GATE, {"before": "advance"}), (GATE, {"when": {"competitor": "missing"}}),
    ]  # fmt: skip

    @staticmethod
    def journal(rule: dict) -> bytes:
        document = load_policy("monthly-private").model_dump(mode="json") | {"rules": [rule]}
        return recorded(Policy.model_validate(document).model_dump_json(), 0)

    @pytest.mark.parametrize(("rule", "change"), CHANGES)
    def test_a_change_of_a_rule_changes_what_is_recorded(self, rule, change):
        assert self.journal(rule) != self.journal(rule | change)

    def test_catching_up_fires_on_what_was_idle_before_the_switch(self):
        base = load_policy("monthly-private")
        fired = []
        for activate in ("from_now", "catch_up"):
            run = started(base, 4, OFFICES[0])
            run.run_until(run.now + 10 * WEEK)
            document = base.model_dump(mode="json") | {"rules": [self.TIMED | {"activate": activate}]}
            run.switch(Policy.model_validate(document))
            run.run_until(run.now + WEEK)
            fired.append(len(written(run)))
        assert fired[0] != fired[1]

    def test_every_key_of_a_rule_is_changed_here(self):
        changed = {name for _, change in self.CHANGES for name in change}
        assert changed | {"id", "activate", "says"} == set(Rule.model_fields)

    def test_what_a_rule_says_changes_nothing_in_the_office_and_the_document_says_so(self):
        said = {"says": {"en": "Call {record}.", "zh": "请致电{record}。"}}
        assert self.journal(self.TIMED) == self.journal(self.TIMED | said)
        assert said_of(Rule.model_fields["says"])["acts"]["where"] == "live"


def test_calendars_of_units_change_nothing_in_the_office_and_the_document_says_so():
    berlin = {"team-1": {"zone": "Europe/Berlin", "weekend": ["monday"]}}
    own = Policy.model_validate(PLAYBOOK.model_dump(mode="json") | {"calendars": berlin})
    assert recorded(own.model_dump_json(), 0) == recorded(PLAYBOOK.model_dump_json(), 0)
    assert said_of(Policy.model_fields["calendars"])["acts"]["where"] == "live"
    (told,) = [each for each in not_rehearsed(own, tiny()) if each.rule == "calendars"]
    assert "'team-1' acts live only" in told.en


def test_what_a_stage_requires_is_recorded_before_it_is_left():
    first = PLAYBOOK.stages[0].id
    other = edited(PLAYBOOK, {f"{first}.requires": ["competitor"]})
    assert recorded(other.model_dump_json(), 0) != recorded(PLAYBOOK.model_dump_json(), 0)


@pytest.mark.parametrize(("position", "key"), [(1, "enter"), (0, "leave")])
def test_what_must_hold_at_a_stage_decides_when_a_deal_passes(position, key):
    other = edited(PLAYBOOK, {f"{PLAYBOOK.stages[position].id}.{key}": {"competitor": "present"}})
    assert recorded(other.model_dump_json(), 0) != recorded(PLAYBOOK.model_dump_json(), 0)


def test_the_work_that_a_stage_begins_with_decides_when_a_deal_enters_it():
    other = edited(PLAYBOOK, {f"{PLAYBOOK.stages[1].id}.begins_with": "negotiation"})
    assert recorded(other.model_dump_json(), 0) != recorded(PLAYBOOK.model_dump_json(), 0)


def test_a_mark_says_where_a_setting_acts_and_why_in_both_languages():
    marks = [mark for path in (*SETTINGS, ("stages", 0, "id"), ("stages", 0, "name")) if (mark := acts_at(path))]
    assert {mark["where"] for mark in marks} <= {"words", "live", "office", "verdict", "both"}
    assert all(mark["en"] and not mark["zh"].isascii() for mark in marks)
