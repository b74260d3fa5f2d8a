"""Scenarios from names and files, and what is told about faulty ones."""

import pytest

from policies.documents.errors import FaultyInput, PolicyError
from scenarios.loader import load_scenario, scenario_names, scenario_yaml
from sim.office.projects.plan import plan_of

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


STEP = "{name: a, department: d, payment: 1}"
TASK = "{name: b, kind: task, department: d"


@pytest.mark.parametrize(
    ("steps", "field", "sentence"),
    [
        (f"{STEP}, {TASK}, payment: 0.1}}", "projects.steps[b].payment", "hang on milestones"),
        (f"{STEP}, {TASK}, deliverables: 2}}", "projects.steps[b].deliverables", "hang on milestones"),
        (f"{STEP}, {TASK}, after: [c]}}, {{name: c, department: d}}", "projects.steps[b].after[1]", "listed above this one"),
        (f"{STEP}, {TASK}, after: [aa]}}", "projects.steps[b].after[1]", "listed above this one"),
        (f"{STEP}, {TASK}, after: [a, a]}}", "projects.steps[b].after[2]", "listed twice"),
        (f"{STEP}, {TASK}, confirmed_by: [e]}}", "projects.steps[b].confirmed_by[1]", "names allowed here; allowed: d"),
        (f"{STEP}, {TASK}, confirmed_by: [d, d]}}", "projects.steps[b].confirmed_by[2]", "listed twice"),
        ("{name: a, department: e}", "projects.steps[a].department", "names allowed here; allowed: d"),
        ("{name: a, department: d, payment: 0.5}", "projects.steps", "add up to 50 % of the contract's sum; allowed: 100 %"),
        (f"{STEP}, {{name: b, department: d, payment: 0.3}}", "projects.steps", "add up to 130 %"),
        (", ".join(f"{{name: s{n}, department: d}}" for n in range(61)), "projects.steps", "allowed: <= 60"),
    ],
)
def test_faulty_steps_of_projects_are_told_at_their_own_field(written, steps, field, sentence):
    body = f"projects: {{departments: [{{name: d, staff: 1}}], steps: [{steps}]}}\n"
    with pytest.raises(PolicyError) as caught:
        load_scenario(written(body))
    (problem,) = caught.value.problems
    assert problem.field == field
    assert sentence in problem.en
    assert problem.zh


@pytest.mark.parametrize("payments", [(0.333, 0.333, 0.333), (0.3, 0.3, 0.4), (0, 0, 0)])
def test_payments_of_rounded_thirds_make_up_the_whole_contract(written, payments):
    steps = ", ".join(f"{{name: s{number}, department: d, payment: {paid}}}" for number, paid in enumerate(payments))
    file = written(f"projects: {{departments: [{{name: d, staff: 1}}], steps: [{steps}]}}\n")
    plan = plan_of(load_scenario(file).projects, 480.0)[0]
    assert plan[-1].paid_by == (1.0 if any(payments) else 0.0)


def test_weeks_that_customers_want_are_whole(written):
    with pytest.raises(PolicyError) as caught:
        load_scenario(written("production: {units_per_week: 5, wanted_weeks: 2.5}\n"))
    assert [problem.field for problem in caught.value.problems] == ["production.wanted_weeks"]
    assert "a whole number" in caught.value.problems[0].en


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
