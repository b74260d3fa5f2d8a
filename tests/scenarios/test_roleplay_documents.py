"""What the author of a drill is told about a faulty document: file, line, field and what to do."""

import pytest

from policies.documents.errors import FaultyInput, PolicyError
from scenarios.roleplay.loader import load_roleplay
from tests.scenarios.drills import both, drill, written


def problems(folder, document):
    with pytest.raises(PolicyError) as caught:
        load_roleplay(written(folder, document))
    return caught.value.problems


def test_a_sound_drill_is_read(tmp_path):
    assert load_roleplay(written(tmp_path, drill())).name == "drill"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"moves__1__reactions__0__when": {"trust": 101}}, "moves[ask_boss].reactions[1].when.trust", "out of bounds"),
        (
            {"moves__1__reactions__0__reveals": ["bos_decides"]},
            "moves[ask_boss].reactions[1].reveals[1]",
            "did you mean boss_decides?",
        ),
        ({"moves__0__reactions__0__raises": ["cheap"]}, "moves[ask_heat].reactions[1].raises[1]", "allowed: dear"),
        ({"moves__1__reactions__1__when": {"trust": 10}}, "moves[ask_boss].reactions[2].when", "last reaction has a condition"),
        ({"moves__1__reactions__1__patience": 0}, "moves[ask_boss].reactions[2].patience", "could go on for ever"),
        ({"moves__0__says": {"en": "only English", "zh": ""}}, "moves[ask_heat].says.zh", "'zh' is missing"),
        ({"decision_chain__1__learned_by": "nothing"}, "decision_chain[boss].learned_by", "not one of the names"),
        (
            {"rubric__criteria__0__checks__0__passes": {"known": ["hot"]}},
            "rubric.criteria[needs].checks[heat].passes.known[1]",
            "too_hot",
        ),
        ({"facts__0__id": "Too Hot"}, "facts[Too Hot].id", "cannot be used as a name"),
        ({"persona__mood": 3}, "persona.mood", "no setting 'mood'"),
        ({"moves__1__id": "ask_heat"}, "moves[ask_heat].id", "used twice"),
    ],
)
def test_a_fault_is_told_with_line_field_and_remedy(tmp_path, changes, field, sentence):
    problem = problems(tmp_path, drill(**changes))[0]
    assert problem.field == field
    assert problem.line > 1
    assert problem.file.endswith("drill.yaml")
    assert sentence in problem.en
    assert problem.zh


def test_a_fact_that_no_play_brings_out_is_an_error_at_its_line(tmp_path):
    (problem,) = problems(tmp_path, drill(facts__1__id="boss_decides", moves__1__reactions__0__when={"trust": 61}))[:1]
    assert problem.field == "facts[boss_decides].id"
    assert "no play brings out the fact 'boss_decides'" in problem.en
    assert "boss_decides" in problem.zh


def test_an_objection_that_no_play_meets_is_an_error(tmp_path):
    unmet = [{"id": "dear", "text": both("a")}, {"id": "late", "text": both("b")}]
    (problem,) = problems(tmp_path, drill(objections=unmet))
    assert problem.field == "objections[late].id"


def test_a_rubric_that_no_play_passes_is_an_error_that_tells_the_best_score(tmp_path):
    problem = problems(tmp_path, drill(rubric__criteria__1__checks__0__passes={"done": ["propose", "lie"]}))[-1]
    assert problem.field == "rubric.pass_at"
    assert "the best reaches 60 of 80" in problem.en


def test_a_rubric_that_leaving_at_once_passes_is_an_error(tmp_path):
    problem = problems(tmp_path, drill(rubric__pass_at=1, rubric__criteria__1__checks__0__passes={"not_done": ["lie"]}))[-1]
    assert "leaves at once passes" in problem.en


def test_a_drill_that_does_not_exist_is_told_with_the_nearest_name():
    with pytest.raises(FaultyInput) as caught:
        load_roleplay("floor-stor")
    assert "did you mean floor-store?" in caught.value.faults[0].sentence("en")
