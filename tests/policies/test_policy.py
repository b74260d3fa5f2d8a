"""The document model: what it promises to compiled code, to forms and to editors."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from policies.documents.loader import LIBRARY, library_names, load_policy, policy_yaml
from policies.documents.schema import model_at, policy_schema
from policies.language.duration import DAY, Delay
from policies.language.effects import KINDS_WITH, settable
from policies.language.policy import Policy, Rule, default_stages
from policies.language.predicate import AllOf, Comparison
from policies.language.rule import moved_fields
from policies.record.records import EVENTS, FIELDS, FLAGS, MOVES, RECORD_KINDS, ROLES, SCORED, STAGES, column
from policies.record.supplying import askable


def models(model=Policy, seen=None):
    seen = seen if seen is not None else {}
    if model.__name__ not in seen:
        seen[model.__name__] = model
        for name in model.model_fields:
            inner = model_at((name,), model)
            if inner is not None:
                models(inner, seen)
    return seen


FIELDS_OF_POLICIES = [(model, name) for model in models().values() for name in model.model_fields]


class TestFieldsExplainThemselves:
    @pytest.mark.parametrize(("model", "name"), FIELDS_OF_POLICIES, ids=lambda each: getattr(each, "__name__", each))
    def test_every_field_has_a_unit_and_one_line_in_both_languages(self, model, name):
        about = model.model_fields[name].json_schema_extra

        assert about["unit"]
        assert about["en"].isascii()
        assert not about["zh"].isascii()
        assert "\n" not in about["en"] + about["zh"]

    @pytest.mark.parametrize(("model", "name"), FIELDS_OF_POLICIES, ids=lambda each: getattr(each, "__name__", each))
    def test_every_number_has_bounds(self, model, name):
        schema = model.model_json_schema()["properties"][name]
        field = model.model_fields[name]

        if field.annotation in (int, float):
            limits = {type(limit).__name__ for limit in field.metadata}
            assert {"Ge", "Le"} <= limits, schema

    def test_unknown_keys_are_errors_in_every_section(self):
        for model in models().values():
            assert model.model_config["extra"] == "forbid"

    def test_a_policy_never_changes_once_read(self):
        policy = Policy(name="mine")

        with pytest.raises(ValidationError, match="frozen"):
            policy.name = "yours"


class TestRule:
    def test_the_freeze_of_the_design(self):
        rule = Rule(
            id="freeze-idle", on="opportunity", when={"status": "open", "frozen": False},
            since={"latest": ["last_action_at", "reopened_at"]}, after="15d", then=["freeze", {"require": "stall_reason"}],
        )  # fmt: skip

        assert rule.predicate == AllOf((Comparison("status", "eq", 0.0), Comparison("frozen", "eq", 0.0)))
        assert rule.since_fields == ("last_action_at", "reopened_at")
        assert rule.delay == Delay(15 * DAY, "ms")
        assert [(each.code, each.argument) for each in rule.effects] == [
            ("frozen", 0), ("field_required", column("opportunity", "stall_reason")),
        ]  # fmt: skip
        assert (rule.mode, rule.activate, rule.exempt) == ("live", "from_now", ())

    def test_a_rule_acts_at_once_when_it_says_nothing_of_waiting(self):
        assert Rule(id="now", on="lead", since="assigned_at", then=["freeze"]).delay == Delay(0, "ms")
        assert Rule(id="now", on="lead", since="assigned_at", after=0, then=["freeze"]).delay == Delay(0, "ms")

    def test_a_periodic_rule_and_a_gate_have_no_clock(self):
        periodic = Rule(id="look", on="unit", every="week", streak=2, when={"behind_pace": "> 20%"}, then=[{"flag": "red"}])
        gate = Rule(id="gate", on="opportunity", before="sign", when={"contract_file": "missing"})

        assert periodic.since_fields == gate.since_fields == ()
        assert gate.effects == ()

    @pytest.mark.parametrize("kind", RECORD_KINDS)
    def test_since_may_name_what_some_event_moves_and_nothing_else(self, kind):
        movable = {name for moves in MOVES.values() for name in moves.get(kind, ())}

        assert set(moved_fields(kind)) == movable
        for field in FIELDS[kind]:
            if field.name in movable:
                assert Rule(id="r", on=kind, since=field.name, then=[{"notify": "owner"}]).since_fields == (field.name,)
            else:
                with pytest.raises(ValidationError, match="clock would never start"):
                    Rule(id="r", on=kind, since=field.name, then=[{"notify": "owner"}])


class TestEffects:
    def effects(self, *then, on="opportunity"):
        since = {"lead": "assigned_at", "opportunity": "opened_at"}.get(on) or moved_fields(on)[0]
        return Rule(id="r", on=on, since=since, then=list(then)).effects

    @pytest.mark.parametrize(("written", "code"), [("notify", "notified"), ("todo", "todo_opened"), ("escalate", "escalated")])
    @pytest.mark.parametrize("role", ROLES)
    def test_people_are_told_by_role(self, written, code, role):
        (effect,) = self.effects({written: role})

        assert (effect.code, effect.argument) == (code, ROLES.index(role))

    @pytest.mark.parametrize("colour", FLAGS)
    def test_a_flag_is_its_colour(self, colour):
        (effect,) = self.effects({"flag": colour})

        assert (effect.code, effect.argument) == ("flagged", FLAGS.index(colour))

    @pytest.mark.parametrize("kind", RECORD_KINDS)
    def test_what_can_be_recorded_can_be_required(self, kind):
        for name in askable(kind):
            (effect,) = self.effects({"require": name}, on=kind)
            assert (effect.code, effect.argument, effect.field) == ("field_required", column(kind, name), name)

    @pytest.mark.parametrize("kind", RECORD_KINDS)
    def test_texts_instants_and_what_changes_by_itself_cannot_be_set(self, kind):
        for field in FIELDS[kind]:
            may = field.type not in ("text", "instant") and not field.derived and field.name not in ("required", *SCORED)
            assert (field.name in settable(kind)) == may

    def test_several_values_are_set_in_the_order_written(self):
        effects = self.effects({"set": {"discount": "5%", "stage": 3, "frozen": True, "flag": "amber"}})

        assert [(each.code, each.field, each.value) for each in effects] == [
            ("field_set", "discount", 0.05), ("field_set", "stage", 3.0),
            ("field_set", "frozen", 1.0), ("field_set", "flag", 1.0),
        ]  # fmt: skip

    @pytest.mark.parametrize("kind", RECORD_KINDS)
    @pytest.mark.parametrize("effect", ["freeze", "reroute"])
    def test_freezing_and_rerouting_work_where_they_mean_something(self, kind, effect):
        if kind in KINDS_WITH[effect]:
            assert self.effects(effect, on=kind)[0].code in EVENTS
        else:
            with pytest.raises(ValidationError, match="does not work on"):
                self.effects(effect, on=kind)


class TestCustomFields:
    @pytest.mark.parametrize(
        "change",
        [
            {"when": {"any": [{"not": {"custom.size": "> 3"}}]}},
            {"since": {"latest": ["opened_at", "custom.size"]}},
            {"then": [{"require": "custom.size"}]},
            {"then": [{"set": {"custom.size": 4}}]},
        ],
    )
    def test_a_rule_that_names_one_runs_live_and_says_why_it_cannot_be_rehearsed(self, change):
        rule = {"id": "size", "on": "opportunity", "since": "opened_at", "then": ["freeze"], **change}
        policy = Policy(name="mine", rules=[rule, {**rule, "id": "off", "mode": "off"}])

        (reason,) = policy.cannot_rehearse
        assert reason.rule == "size"
        assert "custom.size" in reason.en
        assert "custom.size" in reason.zh

    def test_other_rules_can_be_rehearsed(self):
        rule = {"id": "plain", "on": "opportunity", "since": "opened_at", "then": ["freeze"]}

        assert Policy(name="mine", rules=[rule]).cannot_rehearse == []


@pytest.mark.system("P1")
class TestStages:
    def test_the_default_five_ask_for_what_they_promise(self):
        stages = default_stages()

        assert tuple(stage.id for stage in stages) == STAGES
        assert stages[1].requires == ("pain_points", "proposal_pages")

    @given(st.integers(0, 12))
    def test_one_to_nine_stages_are_allowed(self, count):
        stages = [{"id": f"s{n}"} for n in range(count)]
        if 1 <= count <= 9:
            assert len(Policy(name="mine", stages=stages).stages) == count
        else:
            with pytest.raises(ValidationError, match="1 – 9"):
                Policy(name="mine", stages=stages)

    def test_the_columns_that_a_stage_asks_for(self):
        stages = [{"id": f"s{n}", "requires": ["budget", "competitor"] if n == 5 else []} for n in range(6)]
        policy = Policy(name="mine", stages=stages)

        assert policy.opportunity_columns(6) == (column("opportunity", "budget"), column("opportunity", "competitor"))
        assert policy.opportunity_columns(1) == ()


class TestSchema:
    VALIDATOR = jsonschema.Draft202012Validator(policy_schema())

    def test_it_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(policy_schema())

    @pytest.mark.parametrize("name", library_names())
    def test_it_accepts_every_document_of_the_library_as_written_and_in_full(self, name):
        yaml = YAML(typ="safe", pure=True)

        assert list(self.VALIDATOR.iter_errors(yaml.load(LIBRARY / f"{name}.yaml"))) == []
        assert list(self.VALIDATOR.iter_errors(yaml.load(policy_yaml(load_policy(name))))) == []

    @pytest.mark.parametrize(
        "document",
        [
            {"name": "a", "targets": {"cadense": "weekly"}},
            {"name": "a", "targets": {"cadence": "weekley"}},
            {"name": "a", "pay": {"accelerator": 99}},
            {"name": "a", "rules": [{"id": "r", "after": "7d"}]},
            {"name": "a", "drop_rules": ["r"]},
            {"name": "a", "stages": []},
            {"name": "a", "stages": [{"id": "only", "begins_with": "discover"}]},
            {"name": "a", "rules": [{"id": "r", "on": "lead", "since": "assigned_at", "then": ["freez"]}]},
            {"name": "a", "notices": {"quiet_from": "25:00"}},
        ],
    )
    def test_it_refuses_what_the_models_refuse(self, document):
        assert list(self.VALIDATOR.iter_errors(document))
        with pytest.raises(ValidationError):
            Policy.model_validate(document)

    def test_a_rule_may_be_half_given_where_another_policy_has_the_rest(self):
        document = {"name": "a", "extends": "b", "rules": [{"id": "r", "after": "7d"}], "drop_rules": ["s"]}

        assert list(self.VALIDATOR.iter_errors(document)) == []

    def test_forms_find_unit_and_meaning_in_it(self):
        commission = policy_schema()["$defs"]["Pay"]["properties"]["commission"]

        assert {"unit", "en", "zh", "default"} <= set(commission)
