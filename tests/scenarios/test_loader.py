"""Scenarios from names and files, and what is told about faulty ones."""

import pytest

from policies.documents.errors import FaultyInput, PolicyError
from scenarios.loader import load_scenario, scenario_names, scenario_yaml

HEAD = "name: mine\ntitle: {en: Mine, zh: 我的}\nsummary: {en: Mine., zh: 我的。}\n"


@pytest.fixture
def written(tmp_path):
    """Writes a scenario file from what follows its head; gives its path."""

    def write(body: str):
        file = tmp_path / "mine.yaml"
        file.write_text(HEAD + body, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_of_the_library_goes_by_its_file_name_and_speaks_both_languages(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    for text in (scenario.title, scenario.summary):
        assert text.en
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_written_and_read_again_is_the_same(name, whole, tmp_path):
    file = tmp_path / "copy.yaml"
    file.write_text(scenario_yaml(load_scenario(name), whole=whole), encoding="utf-8")
    assert load_scenario(file) == load_scenario(name)


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ("people: {rep: 3}\n", "people.rep", "did you mean reps?"),
        ("people: {reps: 3, teams: 9}\n", "people.teams", "more than there are reps; allowed: <= 3"),
        ("people: {reps: 9, teams: 2, regions: 3}\n", "people.regions", "more than there are teams; allowed: <= 2"),
        ("deals: {margin: 40}\n", "deals.margin", "out of bounds"),
        ("behaviour: {skill_spred: 0.3}\n", "behaviour.skill_spred", "did you mean skill_spread?"),
        ("behaviour: {skill_spread: 9}\n", "behaviour.skill_spread", "9 is out of bounds"),
        ("leads: [400]\n", "leads", "does not fit here"),
    ],
)
def test_a_faulty_scenario_names_line_field_and_what_is_allowed(written, body, field, sentence):
    with pytest.raises(PolicyError) as caught:
        load_scenario(written(body))
    (problem,) = caught.value.problems
    assert (problem.line, problem.field) == (4, field)
    assert sentence in problem.en
    assert problem.zh


def test_every_fault_of_a_file_is_told_at_once(written):
    with pytest.raises(PolicyError) as caught:
        load_scenario(written("behaviour: {skill_spred: 0.3, ramp_months: -1}\n"))
    assert [problem.field for problem in caught.value.problems] == ["behaviour.skill_spred", "behaviour.ramp_months"]


def test_a_scenario_that_does_not_exist_is_told_with_the_nearest_name():
    with pytest.raises(FaultyInput) as caught:
        load_scenario("smal")
    assert "did you mean small?" in caught.value.faults[0].sentence("en")
    with pytest.raises(FaultyInput, match="no file"):
        load_scenario("absent.yaml")
