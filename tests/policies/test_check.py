"""What `check` finds in a policy that can be read, and cycles, which make it unreadable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.checks.check import check, faults_in
from policies.checks.cycles import cycle_faults
from policies.documents.loader import library_names
from policies.language.policy import Policy
from policies.words.texts import FAULTS
from tests.policies.faulty_documents import NOTICE
from tests.policies.test_loader import written


def rule(id, on="lead", since="assigned_at", when=None, then=(("notify", "owner"),), **more):
    then = [{name: value} for name, value in then]
    return {"id": id, "on": on, "since": since, "when": when or {}, "then": then, **more}


def policy_of(*rules, **sections):
    texts = {"title": {"en": "Mine", "zh": "我的"}, "summary": {"en": "My own.", "zh": "我自己的。"}}
    return Policy(name="mine", rules=rules, **texts, **sections)


def codes(*rules, **sections):
    return [fault.code for fault in faults_in(policy_of(*rules, **sections))]


def test_a_problem_names_file_line_and_field_in_both_languages(tmp_path):
    when = "    when:\n      status: open\n      any:\n        - {status: lost}\n"
    path = written(tmp_path, "rules:\n  - id: remind\n    on: lead\n    since: assigned_at\n" + when + NOTICE)

    (problem,) = check(path)

    assert (problem.line, problem.field, problem.found) == (9, "rules[remind].when.status", "status")
    assert problem.en.startswith(f"{path}, line 9, rules[remind].when.status: the rule can never fire")
    assert problem.zh.startswith(f"{path} 第 9 行，rules[remind].when.status：规则永远不会触发")


def test_a_document_that_cannot_be_loaded_tells_why(tmp_path):
    (problem,) = check(written(tmp_path, "pay: {bonos: 3}\n"))

    assert problem.nearest == "bonus"


@pytest.mark.parametrize("name", library_names())
def test_the_library_is_clean(name):
    assert check(name) == []


class TestStages:
    """A rule speaks of stages by their number, and a policy may have from one to nine of its own."""

    @staticmethod
    def of(stages, when=None, then=(("notify", "owner"),)):
        one = rule("own", "opportunity", "stage_changed_at", when or {}, then)
        texts = {"en": "Stage", "zh": "阶段"}
        own = [{"id": f"stage-{number}", "name": texts} for number in range(1, stages + 1)]
        return [fault for fault in faults_in(policy_of(one, stages=own)) if fault.code == "no_such_stage"]

    @given(st.integers(1, 9), st.sampled_from(("", "!= ", ">= ", "<= ", "> ", "< ")), st.integers(0, 10))
    def test_a_condition_on_a_stage_that_there_is_not_is_told(self, stages, how, number):
        spoken = {"> ": number + 1, "< ": number - 1}.get(how, number)
        there = all(1 <= each <= stages for each in (number, spoken))
        found = self.of(stages, {"stage": f"{how}{number}" if how else number})
        assert [fault.location for fault in found] == ([] if there else [("rules", 0, "when", "stage")])

    @given(st.integers(1, 9), st.integers(0, 10))
    def test_a_rule_that_sets_a_stage_that_there_is_not_is_told(self, stages, number):
        found = self.of(stages, then=[("set", {"stage": number})])
        assert [fault.found for fault in found] == ([] if 1 <= number <= stages else [str(number)])

    def test_the_stages_that_there_are_stand_beside_it_in_both_languages(self):
        (fault,) = self.of(2, {"any": [{"stage": [1, 4]}, {"stage": "missing"}]})
        for language, words in (("en", "speaks of stage 4"), ("zh", "第 4 阶段")):
            assert words in fault.sentence(language)
            assert "1 (stage-1), 2 (stage-2)" in fault.sentence(language)


class TestCycles:
    def test_rules_that_undo_each_other_at_one_instant_are_a_cycle(self):
        policy = policy_of(
            rule("warn", when={"flag": "green"}, then=[("flag", "red")]),
            rule("calm", when={"flag": "red"}, then=[("flag", "green")]),
        )

        (fault,) = cycle_faults(policy)

        assert set(fault.found.split(" → ")) == {"warn", "calm"}

    def test_a_constant_that_makes_the_readers_condition_false_is_no_edge(self):
        policy = policy_of(
            rule("warn", when={"flag": "green"}, then=[("flag", "red")]),
            rule("note", when={"flag": "amber"}, then=[("flag", "green")]),
        )

        assert cycle_faults(policy) == []

    def test_all_that_a_rule_writes_at_once_counts(self):
        first = rule("one", when={"flag": "red", "score": 1}, then=[("set", {"flag": "green", "score": 2})])
        second = rule("two", when={"flag": "green", "score": 1}, then=[("set", {"flag": "red", "score": 1})])

        assert cycle_faults(policy_of(first, second)) == []

    @pytest.mark.parametrize("after", ["0h", "1d", "3bd"])
    def test_waiting_does_not_break_a_cycle_because_it_counts_from_since_and_not_from_the_effect(self, after):
        first = rule("warn", when={"flag": "green"}, then=[("flag", "red")])
        second = rule("calm", when={"flag": "red"}, then=[("flag", "green")], after=after)

        assert len(cycle_faults(policy_of(first, second))) == 1

    @pytest.mark.parametrize("change", [{"mode": "off"}, {"mode": "shadow"}, {"on": "opportunity", "since": "opened_at"}])
    def test_rules_that_do_nothing_or_look_at_other_records_are_in_no_cycle(self, change):
        second = rule("calm", when={"flag": "red"}, then=[("flag", "green")]) | change

        assert cycle_faults(policy_of(rule("warn", when={"flag": "green"}, then=[("flag", "red")]), second)) == []

    def test_a_periodic_rule_waits_for_its_look(self):
        second = rule("calm", when={"flag": "red"}, then=[("flag", "green")]) | {"since": None, "every": "day"}

        assert cycle_faults(policy_of(rule("warn", when={"flag": "green"}, then=[("flag", "red")]), second)) == []

    def test_a_rule_cannot_make_itself_due(self):
        assert cycle_faults(policy_of(rule("again", when={"flag": ["amber", "red"]}, then=[("flag", "red")]))) == []

    @given(st.integers(2, 8))
    def test_a_ring_of_any_length_is_found_and_an_open_chain_is_none(self, length):
        ring = [rule(f"r{n}", when={"score": n}, then=[("set", {"score": (n + 1) % length})]) for n in range(length)]

        (fault,) = cycle_faults(policy_of(*ring))
        assert set(fault.found.split(" → ")) == {each["id"] for each in ring}
        assert cycle_faults(policy_of(*ring[:-1])) == []

    def test_every_cycle_is_told(self):
        pairs = [("score", "budget_tier"), ("industry", "region")]
        rules = [
            rule(f"{a}-{b}".replace("_", "-"), when={a: 1}, then=[("set", {b: 1})])
            for one, other in pairs
            for a, b in ((one, other), (other, one))
        ]

        assert len(cycle_faults(policy_of(*rules))) == 2


class TestUnreachable:
    @pytest.mark.parametrize(
        "when",
        [
            {"score": "> 5", "all": [{"score": "< 3"}]},
            {"status": "open", "not": {"status": "open"}},
            {"any": []},
            {"assigned_at": "missing"},  # the clock itself starts there
        ],
    )
    def test_a_condition_that_contradicts_itself_is_found(self, when):
        assert codes(rule("never", when=when)) == ["unreachable"]

    def test_a_rule_whose_until_holds_whenever_its_when_does_is_told_so(self):
        when, opening = {"score": "> 2", "status": "new"}, {"then": [("todo", "owner")]}
        (found,) = faults_in(policy_of(rule("never", when=when, until={"score": "> 1"}, **opening)))
        assert (found.code, found.location, found.found) == ("until_always", ("rules", 0, "until"), "score")
        assert codes(rule("fine", when=when, until={"score": "> 3"}, **opening)) == []

    def test_a_clock_that_rests_for_as_long_as_its_rule_could_fire_is_told(self):
        resting, when = {"while": {"status": "new"}}, {"status": "new", "score": "> 2"}
        assert codes(rule("never", when=when, rests=resting)) == ["rests_always"]
        assert codes(rule("fine", when={"score": "> 2"}, rests=resting)) == []
        assert codes(rule("fine", when=when, rests={"owner_absent": True})) == []

    def test_what_is_switched_off_is_not_searched(self):
        assert codes(rule("never", when={"any": []}, mode="off")) == []

    def test_a_condition_that_can_hold_is_left_alone(self):
        assert codes(rule("fine", when={"score": "> 3", "all": [{"score": "< 5"}]})) == []


class TestEscalationBeforeNotice:
    NOTICE = rule("remind", after="48h")

    @pytest.mark.parametrize(
        ("after", "expected"), [("47h", True), ("1d", True), ("48h", False), ("3d", False), ("6bd", False)]
    )
    def test_an_escalation_must_not_come_before_the_notice_on_the_same_clock(self, after, expected):
        escalation = rule("escalate", then=[("escalate", "director")], after=after)

        assert codes(self.NOTICE, escalation) == ["escalation_before_notice"] * expected

    def test_open_hours_are_compared_only_when_the_calendar_cannot_change_the_answer(self):
        escalation = rule("escalate", then=[("escalate", "director")], after="1bh")

        assert codes(self.NOTICE, escalation) == []
        assert codes(rule("remind", after="8bh"), escalation) == ["escalation_before_notice"]
        assert codes(rule("remind", after="2bd"), rule("escalate", then=[("escalate", "director")], after="1d")) == [
            "escalation_before_notice"
        ]

    @pytest.mark.parametrize("change", [{"since": "registered_at"}, {"on": "opportunity", "since": "opened_at"}])
    def test_other_clocks_are_other_matters(self, change):
        escalation = rule("escalate", then=[("escalate", "director")], after="1h") | change

        assert codes(self.NOTICE, escalation) == []

    def test_conditions_that_exclude_each_other_are_other_matters(self):
        escalation = rule("escalate", when={"source": "website"}, then=[("escalate", "director")], after="1h")

        assert codes(rule("remind", when={"source": "store"}, after="48h"), escalation) == []
        assert codes(rule("remind", when={"score": "> 3"}, after="48h"), escalation) == ["escalation_before_notice"]

    def test_the_place_is_the_escalations_after(self):
        escalation = rule("escalate", then=[("escalate", "director")], after="1h")
        (fault,) = faults_in(policy_of(self.NOTICE, escalation))

        assert fault.location == ("rules", 1, "after")
        assert (fault.found, fault.allowed, fault.about) == ("1h", (">= 48h",), "remind")


class TestNeverRecorded:
    ASKED = (
        (rule("ask", on="opportunity", since="opened_at", when={"legal_approval": "missing"}),
         rule("require", on="opportunity", since="won_at", then=[("require", "legal_approval")])),
        (rule("ask", on="opportunity", since="opened_at", when={"stall_reason": "missing"}),
         rule("freeze", on="opportunity", since="last_action_at", after="15d") | {"then": ["freeze"]}),
        (rule("ask", when={"flag": "red"}), rule("flag", then=[("flag", "red")])),
        (rule("ask", on="opportunity", since="opened_at", when={"legal_approval": "missing"}),
         {"id": "gate", "on": "opportunity", "before": "sign", "when": {"legal_approval": "missing"}}),
    )  # fmt: skip
    LOOK = {"id": "look", "on": "unit", "every": "week", "then": [{"notify": "manager"}]}

    @pytest.mark.parametrize(("asking", "recording"), ASKED)
    def test_a_field_is_recorded_once_a_rule_asks_for_it(self, asking, recording):
        assert codes(asking) == ["never_recorded"]
        assert codes(asking, recording) == []

    def test_a_stage_asks_for_its_fields(self):
        asking = rule("ask", on="opportunity", since="opened_at", when={"contract_file": "missing"})
        without = [{"id": name, "name": {"en": name, "zh": name}} for name in ("one", "two", "three", "four", "five")]

        assert codes(asking) == []
        assert codes(asking, stages=without) == ["never_recorded"]

    @pytest.mark.parametrize(
        ("when", "without", "with_it"),
        [
            ({"behind_pace": "> 20%"}, {"targets": {"cadence": "none"}}, {"targets": {"cadence": "weekly"}}),
            ({"rank": "> 5"}, {"targets": {"visibility": "none"}}, {"targets": {"visibility": "public"}}),
            ({"upsells": "< 1"}, {}, {"targets": {"action_units": {"upsells": 1}}}),
            ({"adjustments": "> 1"}, {}, {"targets": {"elasticity": {"per_quarter": 2}}}),
        ],
    )
    def test_a_setting_brings_its_fields(self, when, without, with_it):
        assert codes(self.LOOK | {"when": when}, **without) == ["never_recorded"]
        assert codes(self.LOOK | {"when": when}, **with_it) == []

    def test_a_clock_that_nothing_starts_is_found(self):
        lone = rule("again", on="opportunity", since="reopened_at")
        with_other = rule("again", on="opportunity", since={"latest": ["reopened_at", "last_action_at"]})

        assert codes(lone) == ["never_recorded"]
        assert codes(with_other) == []

    def test_photo_and_interest_come_with_leads_filed_on_the_spot(self):
        asking = rule("ask", when={"photo": True})

        assert codes(asking) == ["never_recorded"]
        assert codes(asking, routing={"registration": "on_the_spot"}) == []

    def test_custom_fields_are_the_live_services_matter(self):
        assert codes(rule("ask", when={"custom.brand": "north"})) == []


class TestConditionsOfStages:
    @staticmethod
    def codes(**second):
        stages = [{"id": "first", "name": {"en": "First", "zh": "一"}}, {"id": "second", "name": {"en": "Second", "zh": "二"}}]
        stages[1] |= second
        return codes(stages=stages)

    @pytest.mark.parametrize("condition", [{"budget": "present"}, {"not": {"budget": "missing"}}, {"amount": ">= 100"}])
    @pytest.mark.parametrize("way", ["enter", "leave"])
    def test_what_people_can_record_is_no_problem(self, way, condition):
        assert self.codes(**{way: condition}) == []

    def test_a_condition_that_can_never_hold_is_found(self):
        assert self.codes(leave={"all": [{"amount": "> 5"}, {"amount": "< 5"}]}) == ["never_passed"]

    def test_a_condition_that_waits_for_what_nobody_can_record_is_found(self):
        assert self.codes(enter={"won_at": "present"}) == ["never_lifted"]
        assert self.codes(enter={"any": [{"won_at": "present"}, {"budget": "present"}]}) == []

    def test_the_first_stage_is_entered_from_no_other(self):
        first = {"id": "first", "name": {"en": "First", "zh": "一"}, "enter": {"budget": "present"}}
        assert codes(stages=[first]) == ["first_not_entered"]


@pytest.mark.parametrize(
    ("kind", "before", "steps"),
    [
        ("visit", "sign", ("create", "start", "complete")),
        ("opportunity", "complete", ("advance", "sign", "order", "expense", "create")),
        ("lead", "advance", ("create",)),
    ],
)
def test_a_gate_before_a_step_that_a_kind_does_not_have_is_told_with_those_that_it_has(kind, before, steps):
    title = {"en": "Mine", "zh": "我的"}
    rule = {"id": "held", "on": kind, "before": before, "when": {"owner": "missing"}}
    document = {"name": "mine", "title": title, "summary": title, "kinds": {"visit": {"title": title}}}
    policy = Policy.model_validate(document | {"rules": [rule]})
    (fault,) = [each for each in faults_in(policy) if each.code == "no_such_step"]
    assert (fault.location, fault.found, fault.allowed) == (("rules", 0, "before"), before, steps)
    assert "never fires" in policy.cannot_rehearse[0].en
    for step in steps:
        passing = Policy.model_validate(document | {"rules": [rule | {"before": step}]})
        assert all(each.code != "no_such_step" for each in faults_in(passing))


def test_texts_in_one_language_only_are_found():
    policy = policy_of().model_copy(update={"title": policy_of().title.model_copy(update={"zh": ""})})

    (fault,) = faults_in(policy)

    assert (fault.code, fault.location) == ("no_text", ("title",))


@pytest.mark.parametrize(
    "code",
    [
        "unreachable", "until_always", "rests_always", "escalation_before_notice", "never_recorded", "no_text", "cycle",
        "no_such_step",
    ],
)
def test_each_finding_has_its_sentence_in_both_languages(code):
    assert FAULTS[code]["en"].isascii()
    assert not FAULTS[code]["zh"].isascii()
