"""What a rule says to people: names in braces stand for values, and nothing private can stand there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.language.policy import Policy
from policies.language.quantities import Text
from policies.language.saying import RECORD, filled, saying_faults, speakable, spoken_fields
from policies.record.records import FIELDS
from policies.words.rule_words import rule_words

REMIND = {"id": "remind", "on": "opportunity", "since": "last_action_at", "after": "7d", "then": [{"notify": "owner"}]}
plain = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(plain, st.sampled_from(speakable("opportunity"))), max_size=4), plain, st.data())
def test_every_name_is_replaced_by_its_words_and_the_rest_stays(parts, end, data):
    text = "".join(f"{before}{{{name}}}" for before, name in parts) + end
    values = {name: data.draw(plain) for _, name in parts[::2]}

    assert spoken_fields(text) == tuple(name for _, name in parts)
    assert not list(saying_faults("opportunity", Text(en=text, zh=text)))
    assert filled(text, values, "?") == "".join(before + values.get(name, "?") for before, name in parts) + end


@given(st.text(st.sampled_from("{}ab!:."), max_size=8))
def test_any_text_is_filled_or_told_as_a_fault_and_never_fails(text):
    faults = list(saying_faults("lead", Text(en=text)))
    if not faults:
        assert filled(text, {}, "?") is not None
    assert all(fault.location == ("en",) and fault.code in ("bad_braces", "cannot_be_said") for fault in faults)


def test_braces_themselves_are_doubled():
    assert filled("{{{record}}}", {RECORD: "Sun Ltd"}, "?") == "{Sun Ltd}"


def test_private_figures_and_what_changes_by_itself_cannot_be_said():
    for name in ("target", "attained", "rank", "attainment", "behind_pace", "required"):
        rule = {"id": "far", "on": "unit", "every": "week", "then": [{"notify": "team"}], "says": {"en": f"{{{name}}}"}}
        with pytest.raises(ValidationError, match="private figure"):
            Policy(name="one", rules=[rule])


@pytest.mark.parametrize("kind", FIELDS)
def test_every_recorded_field_can_be_said_but_those(kind):
    kept_back = {"target", "attained", "rank", "required"} if kind == "unit" else {"required"}
    recorded = {about.name for about in FIELDS[kind] if not about.derived}

    assert set(speakable(kind)) == recorded - kept_back | {RECORD}


def test_the_words_of_a_rule_tell_what_it_says_and_a_rule_without_text_is_written_as_before():
    silent, speaking = (Policy(name="one", rules=[REMIND | more]).rules[0] for more in ({}, {"says": {"en": "Call {record}."}}))

    assert rule_words(speaking, "en") == rule_words(silent, "en") + " It says: 'Call [name of the record].'"
    assert "says" not in silent.model_dump()
