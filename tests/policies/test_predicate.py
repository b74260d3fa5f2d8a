"""Conditions: what `when` means, what it refuses, and when it contradicts itself."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.checks.satisfiable import can_hold, contradiction, verdict
from policies.documents.errors import FaultyInput
from policies.language.duration import DAY, HOUR, MINUTE, WEEK, Delay, is_duration, parse_duration
from policies.language.predicate import AllOf, AnyOf, Comparison, Not, comparisons, parse_when
from policies.record.records import FIELDS

NAN = math.nan
NUMBERS = ("amount", "actions", "discount")
VALUES = (-3.0, -2.0, -1.0, 0.0, 0.25, 0.5, 0.75, 1.0, 2.0, 3.0, 4.0, NAN)  # three fields below one another in every gap

single = st.builds(
    Comparison,
    st.sampled_from(NUMBERS),
    st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "missing", "present"]),
    st.sampled_from([0.0, 1.0]),
)
several = st.builds(Comparison, st.sampled_from(NUMBERS), st.just("in"), st.tuples(st.just(0.0), st.just(1.0)))
two_fields = st.builds(
    Comparison,
    st.sampled_from(NUMBERS),
    st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
    other=st.sampled_from(NUMBERS),
)
conditions = st.recursive(
    single | several | two_fields,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
records = st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in NUMBERS})


def one(kind, mapping, **options):
    (item,) = parse_when(kind, mapping, **options).items
    return item


class TestReading:
    @pytest.mark.parametrize(
        ("written", "op", "value"),
        [
            ("> 5", "gt", 5.0), (">= 5", "ge", 5.0), ("< 5", "lt", 5.0), ("<= 5", "le", 5.0), ("= 5", "eq", 5.0),
            ("!= 5", "ne", 5.0), (5, "eq", 5.0), (-2.5, "eq", -2.5), ([1, 2], "in", (1.0, 2.0)),
            ("missing", "missing", 0.0), ("present", "present", 0.0),
        ],
    )  # fmt: skip
    def test_a_comparison_is_an_operator_and_a_constant(self, written, op, value):
        assert one("opportunity", {"amount": written}) == Comparison("amount", op, value)

    @pytest.mark.parametrize("kind", FIELDS)
    def test_a_choice_is_its_position(self, kind):
        for field in FIELDS[kind]:
            for position, choice in enumerate(field.choices):
                assert one(kind, {field.name: choice}) == Comparison(field.name, "eq", float(position))
                assert one(kind, {field.name: f"!= {choice}"}) == Comparison(field.name, "ne", float(position))

    def test_a_flag_is_zero_or_one(self):
        assert one("lead", {"frozen": True}).value == 1.0
        assert one("lead", {"frozen": False}).value == 0.0

    @given(st.integers(0, 100))
    def test_a_percentage_is_a_share(self, percent):
        assert one("unit", {"behind_pace": f"> {percent}%"}) == Comparison("behind_pace", "gt", percent / 100)

    def test_any_all_and_not_nest(self):
        written = {"any": [{"amount": 1}, {"all": [{"not": {"actions": 2}}]}]}

        assert one("opportunity", written) == AnyOf(
            (
                AllOf((Comparison("amount", "eq", 1.0),)),
                AllOf((AllOf((AllOf((Not(AllOf((Comparison("actions", "eq", 2.0),))),)),)),)),
            )
        )

    def test_several_fields_must_all_hold_in_the_order_written(self):
        read = parse_when("lead", {"status": "open", "needs_summary": "missing"})

        assert [each.field for each in comparisons(read)] == ["status", "needs_summary"]

    def test_custom_fields_keep_their_name_and_may_hold_text(self):
        assert one("lead", {"custom.size": "> 3"}) == Comparison("custom.size", "gt", 3.0)
        assert one("lead", {"custom.brand": ["north", "south"]}) == Comparison("custom.brand", "in", ("north", "south"))


class TestTwoFields:
    @pytest.mark.parametrize(("sign", "op"), [(">", "gt"), (">=", "ge"), ("<", "lt"), ("<=", "le"), ("=", "eq"), ("!=", "ne")])
    def test_a_field_is_compared_with_another_of_its_type(self, sign, op):
        assert one("opportunity", {"amount": f"{sign} field budget"}) == Comparison("amount", op, other="budget")
        assert one("lead", {"first_contact_at": f"{sign}field  assigned_at"}).other == "assigned_at"

    @pytest.mark.parametrize("kind", FIELDS)
    def test_every_field_compares_with_those_of_its_type_and_with_no_others(self, kind):
        for left, right in itertools.product(FIELDS[kind], repeat=2):
            alike = (left.type, left.choices) == (right.type, right.choices)
            if alike:
                assert one(kind, {left.name: f"!= field {right.name}"}).fields == (left.name, right.name)
            else:
                with pytest.raises(FaultyInput, match="cannot be compared"):
                    parse_when(kind, {left.name: f"!= field {right.name}"})

    def test_own_fields_compare_with_each_other_and_with_numbers(self):
        assert one("opportunity", {"custom.shipped": "> field custom.ordered"}).fields == ("custom.shipped", "custom.ordered")
        assert one("opportunity", {"custom.paid": "< field amount"}).fields == ("custom.paid", "amount")
        with pytest.raises(FaultyInput, match="cannot be compared"):
            parse_when("opportunity", {"custom.paid": "= field status"})

    def test_names_and_texts_are_equal_or_not_and_have_no_order(self):
        assert parse_when("lead", {"owner": "!= field needs_summary"})
        with pytest.raises(FaultyInput, match="no order"):
            parse_when("lead", {"owner": "> field needs_summary"})

    def test_what_changes_by_itself_is_refused_in_a_timed_rule_on_either_side(self):
        for written in ({"actions": "< field days_idle"}, {"days_idle": "> field actions"}):
            assert parse_when("opportunity", written)
            with pytest.raises(FaultyInput, match="periodic rules and gates"):
                parse_when("opportunity", written, timed=True)

    @pytest.mark.parametrize("value", ["> gold", "<= a b", ["> 5", "gold"], ["> field custom.b"]])
    def test_texts_in_own_fields_have_no_order_and_lists_hold_plain_values(self, value):
        with pytest.raises(FaultyInput, match="no order"):
            parse_when("opportunity", {"custom.tier": value})

    @pytest.mark.parametrize("when", [{"custom.": 5}, {"amount": "> field custom."}])
    def test_an_own_field_has_a_name(self, when):
        with pytest.raises(FaultyInput):
            parse_when("opportunity", when)

    def test_a_text_that_only_looks_like_it_is_a_constant(self):
        assert one("lead", {"custom.trip": "field excursion"}) == Comparison("custom.trip", "eq", "field excursion")


class TestTimeNeverPassesInWhen:
    @pytest.mark.parametrize(
        "written", ["> 15d", "> 15 d", ">= 3bd", "< 8bh", "= 2w", "> 15 days", "> 90min", "> 15 天", "15d"]
    )
    @pytest.mark.parametrize("name", ["last_action_at", "days_idle", "idle", "amount", "custom.idle"])
    def test_a_duration_is_refused_wherever_it_stands(self, written, name):
        with pytest.raises(FaultyInput, match=r"`since`.*`after`"):
            parse_when("opportunity", {"any": [{name: written}]})

    def test_a_derived_field_is_refused_in_a_timed_rule_only(self):
        assert parse_when("opportunity", {"days_idle": "> 15"})
        with pytest.raises(FaultyInput, match=r"periodic rules and gates.*`since`.*`after`"):
            parse_when("opportunity", {"days_idle": "> 15"}, timed=True)

    @pytest.mark.parametrize("kind", FIELDS)
    def test_instants_can_only_be_missing_or_present(self, kind):
        for field in FIELDS[kind]:
            if field.type == "instant":
                assert one(kind, {field.name: "missing"}) == Comparison(field.name, "missing")
                with pytest.raises(FaultyInput, match="only be missing or present"):
                    parse_when(kind, {field.name: "> 5"})


class TestMeaning:
    @pytest.mark.parametrize("op", ["eq", "ne", "lt", "le", "gt", "ge", "in"])
    def test_a_comparison_with_a_missing_value_is_false_and_not_negates_plainly(self, op):
        comparison = Comparison("amount", op, (1.0,) if op == "in" else 1.0)

        assert verdict(comparison, {"amount": NAN}) is False
        assert verdict(Not(comparison), {"amount": NAN}) is True

    @given(conditions, records)
    def test_what_is_known_is_never_contradicted_by_what_becomes_known(self, condition, record):
        whole = verdict(condition, record)
        for known in itertools.combinations(NUMBERS, 2):
            assert verdict(condition, {name: record[name] for name in known}) in (None, whole)

    @given(conditions, records)
    def test_negation_by_parts(self, condition, record):
        both = AllOf((condition, Comparison("amount", "gt", 0.0)))
        either = AnyOf((Not(condition), Not(Comparison("amount", "gt", 0.0))))

        assert verdict(Not(both), record) == verdict(either, record)

    def test_nothing_to_hold_always_holds_and_nothing_to_choose_never_does(self):
        assert verdict(AllOf(), {}) is True
        assert verdict(AnyOf(), {}) is False


class TestContradictions:
    @given(conditions)
    def test_a_condition_can_hold_exactly_when_some_record_meets_it(self, condition):
        met = any(
            verdict(condition, dict(zip(NUMBERS, values, strict=True)))
            for values in itertools.product(VALUES, repeat=len(NUMBERS))
        )

        assert can_hold("opportunity", condition) == met

    @pytest.mark.parametrize(
        ("when", "names"),
        [
            ({"amount": "> 5", "not": {"amount": "> 3"}}, ("amount",)),
            ({"status": "open", "all": [{"amount": "< 3"}, {"actions": "> 1"}, {"amount": "> 3"}]}, ("amount", "actions")),
            ({"status": "open", "any": [{"status": "won"}, {"status": "lost"}]}, ("status",)),
            ({"frozen": "!= true", "not": {"frozen": False}}, ("frozen",)),
            ({"not": {"frozen": True}, "all": [{"not": {"frozen": False}}]}, ()),  # a missing flag is neither
            ({"all": [{"budget": "missing"}, {"budget": "> 0"}], "status": "open"}, ("budget",)),
            ({"all": [{"amount": "> field budget"}, {"budget": "> field amount"}]}, ("amount", "budget")),
            ({"amount": "> field amount"}, ("amount",)),
            ({"all": [{"amount": "< field budget"}, {"budget": "< field expenses"}, {"expenses": "<= 0"}]}, ()),
        ],
    )
    def test_the_fields_that_contradict_each_other_are_named(self, when, names):
        condition = parse_when("opportunity", when)

        assert contradiction("opportunity", condition) == names

    def test_a_field_that_must_be_there_is_never_missing(self):
        condition = parse_when("lead", {"first_contact_at": "missing"})

        assert can_hold("lead", condition)
        assert not can_hold("lead", condition, present=("first_contact_at",))


class TestDurations:
    @given(st.integers(0, 1000), st.sampled_from([("min", MINUTE), ("h", HOUR), ("d", DAY), ("w", WEEK)]))
    def test_minutes_hours_days_and_weeks_run_on(self, amount, unit):
        name, length = unit
        if amount * length <= 3660 * DAY:
            assert parse_duration(f"{amount}{name}") == Delay(amount * length, "ms")

    @given(st.integers(0, 1000))
    def test_open_hours_are_open_milliseconds_and_business_days_a_count(self, amount):
        assert parse_duration(f"{amount}bh") == Delay(amount * HOUR, "bh")
        assert parse_duration(f"{amount}bd") == Delay(amount, "bd")

    def test_zero_needs_no_unit(self):
        assert parse_duration(0) == Delay(0, "ms")

    @given(st.text(max_size=8))
    def test_any_other_text_is_refused_not_guessed(self, text):
        if not is_duration(text):
            with pytest.raises(FaultyInput, match="not a duration"):
                parse_duration(text)

    @pytest.mark.parametrize("value", [15, 1.5, None, True, "-3d", "3", "d", "1.5bd"])
    def test_numbers_without_a_unit_and_parts_of_business_days_are_refused(self, value):
        with pytest.raises(FaultyInput):
            parse_duration(value)
