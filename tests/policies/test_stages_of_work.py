"""Where the work of a firm's own stages lies: what a policy may say, and what follows from it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.documents.loader import edited, load_policy, policy_yaml
from policies.engine.settings import settings
from policies.language.policy import Policy
from policies.record.phases import PHASE_NAMES, PHASES, evenly, phase_at, stage_at
from policies.words.policy_words import differences, policy_words
from policies.words.vocabulary import PARTS, PHASE_WORDS
from tests.policies.stage_layouts import MOST, anything_said, first_falling, layouts, stages_of

pytestmark = pytest.mark.system("P1")
FOUR_OF_DISCOVERY = ["discovery", None, None, None, "solution", "negotiation", "contract"]


def policy(said) -> Policy:
    return Policy(name="mine", stages=stages_of(said))


def reached(begins) -> list[int]:
    return [stage_at(phase, begins) for phase in range(1, PHASES + 1)]


class TestWhatAPolicyMaySay:
    @given(anything_said())
    def test_the_work_never_goes_back_and_starts_with_discovery(self, said):
        falling = first_falling(said)
        if falling is None:
            assert len(policy(said).begins) == len(said)
            return
        with pytest.raises(ValidationError) as refused:
            policy(said)
        first = refused.value.errors()[0]
        fault = first["ctx"]["fault"]
        assert first["loc"] == ("stages", falling - 1, "begins_with")
        for language in ("en", "zh"):  # the stage by its name, what it says, and what it may say
            assert all(word in fault.sentence(language) for word in (f"stage-{falling}", fault.found, *fault.allowed))
        assert first_falling([*said[: falling - 1], fault.allowed[0], *[None] * (len(said) - falling)]) is None

    @given(layouts())
    def test_a_stage_without_a_word_is_one_more_name_within_the_same_phase(self, said):
        assume(any(said))
        in_full = [PHASE_NAMES[phase - 1] for phase in policy(said).begins]
        assert policy(in_full).begins == policy(said).begins
        assert all(name == word for name, word in zip(in_full, said, strict=True) if word)
        assert all(in_full[n] == (in_full[n - 1] if n else "discovery") for n, word in enumerate(said) if word is None)

    @given(layouts())
    def test_it_is_written_and_read_back(self, tmp_path_factory, said):
        file = tmp_path_factory.mktemp("own") / "mine.yaml"
        file.write_text(policy_yaml(policy(said)), encoding="utf-8")
        assert load_policy(file) == policy(said)

    def test_a_policy_that_does_not_say_it_is_written_as_ever(self):
        assert "begins_with" not in policy_yaml(load_policy("monthly-private"))
        assert "begins_with" not in load_policy("monthly-private").model_dump_json()

    @given(layouts(), layouts())
    def test_a_copy_with_other_stages_has_their_work(self, one, other):
        first = policy(one)
        assert len(first.begins) == len(one)
        assert first.model_copy(update={"stages": policy(other).stages}).begins == policy(other).begins

    def test_it_can_be_changed_like_any_setting(self):
        usual = load_policy("monthly-private")
        assert edited(usual, {"value_proof.begins_with": "negotiation"}).begins == (1, 1, 4, 4, 4)


class TestWhatFollows:
    @given(st.integers(1, MOST))
    def test_without_a_word_stages_are_laid_evenly(self, stages):
        begins = policy([None] * stages).begins
        assert begins == evenly(stages)
        assert reached(begins) == [*(1 + phase * stages // PHASES for phase in range(PHASES - 1)), stages]

    @given(layouts())
    def test_a_record_is_in_the_stage_of_its_phase_and_every_stage_belongs_to_one(self, said):
        begins = policy(said).begins
        # A stage can be left once its work is done, and entered when that of all before it is.
        by_walking = [
            max(n for n, begun in enumerate(begins, 1) if begun <= phase and all(each < phase for each in begins[: n - 1]))
            for phase in range(1, PHASES + 1)
        ]
        assert reached(begins) == by_walking == sorted(by_walking)
        assert settings(policy(said)).stage_at[0].tolist() == by_walking
        for phase in range(1, PHASES + 1):
            assert phase_at(stage_at(phase, begins), begins) <= phase
            assert (phase_at(stage_at(phase, begins), begins) == phase) == (phase in begins)
        spoken = [phase_at(stage, begins) for stage in range(1, len(said) + 1)]
        assert spoken == sorted(spoken)
        assert spoken[0] == 1

    @given(st.integers(1, MOST))
    def test_an_even_layout_can_be_said(self, stages):
        said = policy([PHASE_NAMES[phase - 1] for phase in evenly(stages)])
        assert np.array_equal(settings(said), settings(policy([None] * stages)))

    def test_the_work_of_a_phase_that_no_stage_begins_is_part_of_the_stage_before(self):
        assert reached(policy(FOUR_OF_DISCOVERY).begins) == [1, 5, 5, 6, 7]
        assert reached(policy(["discovery", None, "contract"]).begins) == [1, 2, 2, 2, 3]
        assert reached(policy([None]).begins) == [1] * PHASES


class TestWords:
    @given(layouts())
    def test_a_policy_tells_where_the_work_begins_if_it_says_so(self, said):
        for place, language in enumerate(("en", "zh")):
            opening = PARTS["work"][place].partition("{")[0]
            told = [sentence for sentence in policy_words(policy(said), language) if sentence.startswith(opening)]
            assert len(told) == any(said)
            for number, word in enumerate(said, start=1):
                if word and word not in said[: number - 1] and not (word == "discovery" and number > 1):
                    stage = f"{'Stage' if language == 'en' else '阶段'} {number}"
                    assert PARTS["work_begins"][place].format(phase=PHASE_WORDS[word][place], stage=stage) in told[0]

    @given(layouts(), layouts())
    def test_two_policies_differ_in_words_where_they_differ_in_work(self, one, other):
        other = [*other, *[None] * len(one)][: len(one)]
        assume(first_falling(other) is None)
        first, second = policy(one), policy(other)
        for language in ("en", "zh"):
            assert bool(differences(first, second, language)) == (first.begins != second.begins)
