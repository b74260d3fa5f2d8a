"""Role-play drills (H3): what moves do, what a score counts, what stays hidden, and what a debrief tells."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.roleplay.debrief import StillOpen, debrief
from scenarios.roleplay.document import Roleplay
from scenarios.roleplay.loader import load_roleplay, roleplay_names
from scenarios.roleplay.play import LEAVE, NotLegal, Play, first_state
from scenarios.roleplay.score import score
from scenarios.roleplay.search import find_play
from scenarios.roleplay.view import view
from tests.scenarios.drills import drill

NAMES = roleplay_names()
LIBRARY = {name: load_roleplay(name) for name in NAMES}
pytestmark = pytest.mark.system("H3")


def played(*moves: str, **changes) -> Play:
    play = Play(Roleplay.model_validate(drill(**changes)))
    for move in moves:
        play.make(move)
    return play


def passing(roleplay: Roleplay) -> Play:
    moves, _ = find_play(roleplay, lambda state: score(roleplay, state).points / 100, first_state(roleplay))
    play = Play(roleplay)
    for move in moves:
        play.make(move)
    if not play.over:
        play.make(LEAVE)
    return play


class TestMoves:
    def test_a_condition_on_trust_decides_what_a_question_yields(self):
        early = played("ask_boss")
        assert early.turns[0].reaction.evades
        assert early.state.known == set()
        late = played("ask_heat", "ask_boss")
        assert late.state.known == {"too_hot", "boss_decides"}

    def test_an_evaded_question_may_be_asked_again_and_one_that_landed_may_not(self):
        play = played("ask_boss", "ask_heat", "ask_boss")
        assert play.state.landed == ("ask_heat", "ask_boss")
        with pytest.raises(NotLegal, match="allowed: lie, answer_price, propose"):
            play.make("ask_boss")
        assert len(play.turns) == 3

    def test_a_move_is_offered_only_in_its_state(self):
        assert "answer_price" not in [move.id for move in played().moves()]
        assert "answer_price" in [move.id for move in played("ask_heat").moves()]

    def test_every_move_takes_patience_and_the_meeting_ends_without_it(self):
        play = played(*["propose"] * 6)
        assert (play.state.patience, play.state.end, play.moves()) == (0, "patience", [])

    def test_trust_at_zero_ends_the_meeting(self):
        assert played("lie").state.end == "trust"

    def test_an_agreement_ends_the_meeting(self):
        assert played("ask_heat", "ask_boss", "propose").state.end == "agreed"

    def test_an_objection_is_settled_only_after_it_was_raised(self):
        assert played("ask_heat", "answer_price").state.settled == {"dear"}
        assert view(played("ask_heat")).unsettled[0].id == "dear"
        assert view(played("ask_heat", "answer_price")).unsettled == ()


class TestScore:
    def test_partial_credit_is_the_share_of_checks_passed(self):
        state = played("ask_heat").state
        assert score(Roleplay.model_validate(drill()), state).points == 30.0

    def test_all_checks_pass_at_a_hundred(self):
        play = played("ask_heat", "ask_boss", "propose")
        assert debrief(play).score.points == 100.0
        assert debrief(play).score.passed

    def test_a_missed_milestone_caps_the_score(self):
        play = played("ask_heat", "ask_boss", "lie", "propose", moves__2__reactions__0__trust=0)
        told = debrief(play).score
        assert (told.points, told.uncapped, told.passed) == (30.0, 100.0, False)
        assert [each.id for each in told.missed_milestones] == ["honest"]

    def test_criteria_are_frozen_when_the_session_starts(self):
        stored = played("ask_heat", "ask_boss").to_json()
        again = Play.from_json(stored)
        again.make("propose")
        assert again.roleplay == Roleplay.model_validate(drill())
        assert debrief(again).score.points == 100.0
        changed = json.loads(stored)
        assert changed["roleplay"]["rubric"]["pass_at"] == 80  # the rubric travels with the session


class TestDebrief:
    def test_is_refused_while_the_meeting_goes_on(self):
        with pytest.raises(StillOpen):
            debrief(played("ask_heat"))

    def test_tells_the_first_turn_at_which_one_move_would_have_done_and_the_last_turn_that_left_a_way(self):
        told = debrief(played("ask_heat", "answer_price", LEAVE))
        chain = next(each for each in told.missed if each.what.id == "chain")
        assert chain.at_once == (2, ("ask_boss",))
        assert chain.last == (3, ("ask_boss",))
        assert [fact.id for fact in told.stayed_hidden] == ["boss_decides"]
        assert [decider.id for decider in told.never_met] == ["boss"]

    def test_tells_the_way_where_one_move_was_not_enough(self):
        told = debrief(played("propose", LEAVE))
        test = next(each for each in told.missed if each.what.id == "test")
        assert test.at_once is None
        assert test.last == (2, ("ask_heat", "ask_boss", "propose"))

    def test_names_the_move_that_broke_a_milestone(self):
        told = debrief(played("ask_heat", "lie"))
        honest = told.missed[0]
        assert (honest.what.id, honest.last.turn, honest.closed_by) == ("honest", 2, "lie")


@pytest.mark.parametrize("name", NAMES)
class TestLibrary:
    def test_goes_by_its_file_name_and_speaks_both_languages(self, name):
        assert LIBRARY[name].name == name
        texts = json.dumps(LIBRARY[name].model_dump()["moves"], ensure_ascii=False)
        assert any("\u4e00" <= character <= "\u9fff" for character in texts)

    def test_has_all_five_dimensions_and_passes_at_80(self, name):
        rubric = LIBRARY[name].rubric
        dimensions = {criterion.id for criterion in rubric.criteria}
        assert dimensions == {"technical_accuracy", "risk_disclosure", "alternatives", "needs", "next_step"}
        assert (rubric.pass_at, sum(each.weight for each in rubric.criteria)) == (80, 100)

    def test_has_a_play_that_gets_everything_and_one_that_fails(self, name):
        best = debrief(passing(LIBRARY[name]))
        assert best.score.points == 100.0
        assert best.missed == ()
        assert best.stayed_hidden == best.never_met == ()
        gone = Play(LIBRARY[name])
        gone.make(LEAVE)
        assert not debrief(gone).score.passed

    def test_a_play_without_an_agreed_step_never_passes(self, name):
        play = Play(LIBRARY[name])
        for turn in passing(LIBRARY[name]).turns[:-1]:
            play.make(turn.move)
        play.make(LEAVE)
        assert not debrief(play).score.passed

    @given(choices=st.lists(st.integers(0, 999), max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_any_legal_play_keeps_its_invariants_and_hides_what_did_not_come_out(self, name, choices):
        roleplay = LIBRARY[name]
        play = Play(roleplay)
        for choice in choices:
            before, options = play.state, play.moves()
            if not options:
                break
            play.make(options[choice % len(options)].id)
            now = play.state
            assert 0 <= now.trust <= 100
            assert 0 <= now.patience < before.patience
            assert before.known <= now.known
            assert before.settled <= now.settled <= now.raised
            assert len(set(now.landed)) == len(now.landed)
            assert 0 <= score(roleplay, now).points <= 100
            _hides(play)
        assert len(play.turns) <= roleplay.persona.patience
        assert play.over or play.moves(), "a meeting that is not over can go on"
        assert Play.from_json(play.to_json()).state == play.state


def _hides(play: Play) -> None:
    shown = json.dumps([[part if isinstance(part, (int, str)) else _plain(part)] for part in view(play)], ensure_ascii=False)
    hidden = [fact.text for fact in play.roleplay.facts if fact.id not in play.state.known]
    hidden += [
        each.role for each in play.roleplay.decision_chain if each.learned_by and each.learned_by not in play.state.known
    ]
    hidden += [each.text for each in play.roleplay.objections if each.id not in play.state.raised]
    hidden += [check.advice for criterion in play.roleplay.rubric.criteria for check in criterion.checks]
    for text in hidden:
        assert text.en not in shown
        assert text.zh not in shown


def _plain(part) -> list:
    """What a page draws of a part of the view: the words of a move, not what lies behind it."""
    if hasattr(part, "model_dump"):
        return [part.model_dump(exclude={"reactions", "when", "id", "learned_by"})]
    return [each.model_dump(exclude={"reactions", "when"}) if hasattr(each, "model_dump") else _turn(each) for each in part]


def _turn(said) -> list:
    return [said.move.says.model_dump(), said.reply.model_dump()]
