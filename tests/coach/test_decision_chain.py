"""S14, decision chain: who really decides, by the words of meeting notes in Chinese and English."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from policies.scores.decision_chain import decision_chain, read_chain
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

NOTES = YAML(typ="safe").load((Path(__file__).parent / "decision_notes.yaml").read_text(encoding="utf-8"))
LEAST_RIGHT = 0.85


def called(person: str | None) -> str | None:
    return None if person is None else person.lower().removeprefix("the ")


@pytest.mark.parametrize("part", ["made", "kept"])
def test_the_decider_is_found_in_notes_that_had_no_part_in_making_the_lists(part):
    told = [(each, read_chain(each["notes"]).decides) for each in NOTES if each["part"] == part]
    wrong = [(each["notes"], person) for each, person in told if called(person) != called(each["decides"])]
    assert len(told) >= 20
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(told), wrong


@pytest.mark.parametrize("notes", [each["notes"] for each in NOTES if each["decides"] is None])
def test_nobody_decides_where_no_note_says_so(notes):
    assert read_chain(notes).decides is None


@given(notes=st.lists(st.text(max_size=200), max_size=5))
def test_any_text_is_read_and_every_quote_stands_in_the_notes(notes):
    chain = read_chain(notes)
    assert all(any(each.words in note for note in notes) for each in chain.said)
    score = decision_chain(notes)
    assert (score.value is None) == (chain.decides is None)
    assert score.value is None or 0 < score.value <= 1


@given(chosen=st.lists(st.sampled_from(NOTES), min_size=1, max_size=4))
def test_weights_are_the_sum_of_what_was_said(chosen):
    chain = read_chain([note for each in chosen for note in each["notes"]])
    for person, weight in chain.weights.items():
        assert weight == sum(each.weight for each in chain.said if each.person == person)


def test_two_who_are_said_to_decide_alike_are_told_as_such():
    score = decision_chain(["老板说了算。", "院长说了算。"])
    assert score.value is None
    assert "老板 and 院长 alike" in score.reasons[0].en


@pytest.mark.parametrize(
    ("note", "decides"),
    [
        ("王总签字只是走形式，真正决定的是老板娘", "老板娘"),
        ("Mr Tan's signature is a formality; the owner decides", "owner"),
        ("不是张总决定，是刘厂长决定", "刘厂长"),
        ("不用王总签字，刘副厂长批准就行", "刘副厂长"),
        ("Ms Lee is not the decision maker; Mr Tan is", "Mr Tan"),
        ("It is not Mr Tan who decides, it is Ms Lee", "Ms Lee"),
        ("决定权不在采购部，在技术部", "技术部"),
        ("决策人不是采购经理，而是技术总监", "技术总监"),
        ("since May Ms. Green decides", "Ms Green"),
        ("Mr. Tan cannot decide. Ms. Lee has to approve.", "Ms Lee"),
    ],
)
def test_negations_formalities_and_titles_are_read_as_they_are_meant(note, decides):
    chain = read_chain([note])
    assert chain.decides == decides
    assert all(weight <= 0 for person, weight in chain.weights.items() if person != decides)


@pytest.mark.parametrize(
    ("note", "both"), [("王总和李总都要签字", {"王总", "李总"}), ("Both Mr Tan and Ms Lee must sign", {"Mr Tan", "Ms Lee"})]
)
def test_people_who_are_joined_have_the_same_part(note, both):
    chain = read_chain([note])
    assert (chain.decides, chain.weights) == (None, dict.fromkeys(both, 3.0))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    firm = ScoredFirm(tmp_path_factory.mktemp("decision"))
    firm.tell(30, "registered", "D", unit="rep-1", owner="rep-1", stage=2.0, customer="North", decision_maker="采购经理")
    firm.tell(20, "contact", "D", custom__note="采购经理负责比价，最后还是王总拍板。")
    firm.tell(10, "contact", "D", custom__note="合同要等王总签字。")
    firm.write()
    return Desk(firm)


@pytest.mark.system("S14")
def test_the_owner_is_told_who_decides_from_which_words_and_that_the_record_says_otherwise(desk):
    (mine,) = rows(desk, "rep", "S14")
    assert (mine["value"], mine["cases"], mine["colour"]) == (1.0, 2, "amber")
    assert "王总 decides" in words(mine)
    assert "王总：“最后还是王总拍板”" in words(mine)
    assert "the record says: 采购经理" in words(mine)
    assert rows(desk, "peer", "S14") == []
    assert [each["id"] for each in rows(desk, "manager", "S14")] == ["D"]
