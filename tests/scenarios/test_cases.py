"""Reported cases: what may differ between before and after, what calibration may move, and how a claim is judged."""

from pathlib import Path

import numpy as np
import pytest

from policies.documents.errors import FaultyInput
from policies.language.policy import Policy
from scenarios.cases.calibrate import judging_seeds
from scenarios.cases.case import case_ids, load_case
from scenarios.cases.findings import findings, judged, like_the_firm
from scenarios.cases.others import other_cases
from scenarios.cases.page import VERDICTS, document, page_of
from scenarios.cases.rehearsal import before, levels, predict, run_arms
from scenarios.cases.run import Rehearsed
from sim.experiment.statistics.estimators import Interval
from sim.office.behaviour import BY_NAME
from sim.office.office import Office

IDS = case_ids()
ROOT = Path(__file__).parents[2]
SYSTEMS = {
    "C1": "G1 G2 G6 G7", "C2": "P1 P2 P3", "C3": "E1 E2", "C4": "L1 M1 H6", "C5": "L2", "C6": "P1 P4 S4",
    "C8": "P6", "C9": "H1", "C11": "M2", "C14": "P8",
}  # fmt: skip


def leaves(value, path=""):
    if isinstance(value, dict):
        return {
            leaf: end for key, child in value.items() for leaf, end in leaves(child, f"{path}.{key}" if path else key).items()
        }
    return {path: value}


def settings_of(policy: Policy) -> dict:
    data = policy.model_dump(mode="json", exclude={"name", "rules", "kinds"})
    data |= {stage["id"]: stage for stage in data.pop("stages")}
    return leaves(data)


def test_the_cases_are_those_that_were_promised():
    assert {case_id: " ".join(step.id for step in load_case(case_id).steps) for case_id in IDS} == SYSTEMS


@pytest.mark.parametrize("case_id", IDS)
class TestEveryCase:
    def test_nothing_but_the_rules_differs_between_before_and_after(self, case_id):
        case = load_case(case_id)
        before, *_, together = case.policies()
        stated = {path for step in case.steps for path in step.set}
        changed = {path for path, value in settings_of(before).items() if settings_of(together)[path] != value}
        assert changed <= stated
        assert before.rules == together.rules[: len(before.rules)]
        assert before.targets.level.stretch == together.targets.level.stretch

    def test_every_step_by_itself_is_a_part_of_all_together(self, case_id):
        before, *alone, together = load_case(case_id).policies()
        for policy in alone:
            assert policy != before
            assert {rule.id for rule in policy.rules} <= {rule.id for rule in together.rules}

    def test_fewer_things_are_moved_than_figures_met_and_each_stays_in_its_range(self, case_id):
        case = load_case(case_id)
        figures = [figure for figure in case.simulated if figure.before is not None]
        assert len(case.moved) < len(figures)
        assert set(case.values) == {moved.name for moved in case.moved}
        for moved in case.moved:
            assert moved.low <= case.values[moved.name] <= moved.high
            assert moved.source or moved.name in BY_NAME

    def test_what_is_not_supported_says_what_would_have_to_be_true(self, case_id):
        for figure in load_case(case_id).figures:
            if figure.cannot is not None:
                assert figure.would is not None

    def test_both_arms_come_from_one_office(self, case_id):
        case = load_case(case_id)
        setting = case.office()
        assert setting == case.office(case.values)
        office = Office.start(setting, case.policy_before(), None, 1)
        office.run_until(office.now + 7 * 86_400_000)
        twin = office.branch(case.policies()[-1])
        for name in ("cases", "customers", "behaviour", "firm", "sources"):
            assert getattr(twin.arrays, name).tobytes() == getattr(office.arrays, name).tobytes()


def test_a_step_that_changes_nothing_has_no_effect_at_all():
    case = load_case("C2").model_copy(update={"weeks": 4, "settle_weeks": 1})
    setting = case.office().model_copy(update={"warmup_weeks": 4})
    policy = case.policy_before()
    before, after = run_arms(case, setting, [policy, policy], None, 1)
    assert np.array_equal(before, after, equal_nan=True)


@pytest.mark.parametrize(
    ("low", "value", "high", "claimed", "verdict"),
    [
        (0.10, 0.20, 0.30, 0.25, "supported"),
        (0.30, 0.40, 0.50, 0.25, "supported"),
        (0.05, 0.08, 0.11, 0.25, "partly"),
        (0.01, 0.02, 0.03, 0.25, "not_supported"),
        (-0.1, 0.20, 0.50, 0.25, "not_supported"),
        (-0.3, -0.2, -0.1, 0.25, "not_supported"),
        (-30.0, -25.0, -20.0, -22.0, "supported"),
        (-12.0, -8.0, -4.0, -22.0, "partly"),
        (0.1, 0.2, 0.3, None, "no_claim"),
    ],
)
def test_a_claim_is_judged_by_the_interval(low, value, high, claimed, verdict):
    assert judged(Interval(value, low, high, 0.01), claimed) == verdict


def example(case_id: str) -> Rehearsed:
    """A case whose worlds are made up: each figure of the last arm is twice that of the first."""
    case = load_case(case_id)
    arms = len(case.policies())
    predicted = np.ones((30, arms, len(case.simulated), 2))
    predicted[:, :, :, 0] += np.linspace(0, 0.1, 30)[:, None, None]
    predicted[:, -1, :, 0] *= 2.0
    told = np.array([figure.before or 1.0 for figure in case.simulated])
    predicted[:, :, :, 0] *= told
    return Rehearsed(case, findings(case, told, predicted), 30, 30, 1)


def test_worlds_that_contradict_the_report_are_left_out():
    case = load_case("C5")
    told = np.array([figure.before for figure in case.simulated])
    predicted = np.ones((4, 2, len(told), 2))
    predicted[:, :, :, 0] = told
    predicted[1, 0, 0, 0] *= 2.1
    predicted[2, 0, 1, 0] *= 0.4
    predicted[3, 1, :, 0] *= 10.0  # what the rules do there is no reason to leave it out
    assert like_the_firm(case, predicted).tolist() == [True, False, False, True]


class TestPage:
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_every_figure_of_every_case_has_its_row_and_its_verdict(self, language):
        page = page_of([example(case_id) for case_id in IDS], language)
        for case_id in IDS:
            for figure in load_case(case_id).figures:
                rows = [
                    line for line in page.splitlines() if line.startswith(f"| {case_id} | {getattr(figure.name, language)} |")
                ]
                assert len(rows) == 1
                assert any(rows[0].endswith(f"| {words[language == 'zh']} |") for words in VERDICTS.values())

    def test_the_effect_found_is_the_change_between_the_arms(self):
        for figure in document([example("C4")])[0]["figures"]:
            assert figure["effects"][-1]["change"] == pytest.approx(1.0)
            assert figure["effects"][0]["change"] == pytest.approx(0.0)
            assert figure["reproduced"] is True

    def test_what_is_counted_can_be_all_at_most_and_a_target_more_than_met(self):
        for case_id, figure in (("C14", "projects of 6 to 18 months"), ("C1", "attainment")):
            (found,) = [each for each in example(case_id).findings if each.told.name.en == figure]
            assert found.effects[-1].found.value == pytest.approx(1.0)
            assert found.effects[-1].after == pytest.approx(1.0 if case_id == "C14" else 1.26)

    def test_a_figure_that_cannot_be_simulated_says_why(self):
        told = document([example("C1")])[0]["figures"][-1]
        assert told["verdict"] == "cannot"
        assert told["cannot"]["en"]
        assert told["would_have_to_be_true"]["zh"]


@pytest.mark.statistical
@pytest.mark.parametrize("case_id", IDS)
def test_the_figures_before_come_out_on_offices_that_calibration_never_saw(case_id):
    """Fixed seeds, and fewer offices than the page is made from: 20 % instead of 10 % for what scatters."""
    case = load_case(case_id)
    found = levels(before(case, case.values, judging_seeds(case)[:8]))
    for figure, level in zip(case.simulated, found, strict=True):
        if figure.before is not None:
            assert level == pytest.approx(figure.before, rel=0.2), figure.name.en


@pytest.mark.statistical
def test_routing_by_rule_brings_leads_sooner_to_a_rep():
    case = load_case("C5").model_copy(update={"weeks": 8, "settle_weeks": 1})
    predicted = predict(case, 4, 1)
    names = [figure.measure for figure in case.simulated]
    response = predicted[:, :, names.index("response_hours"), 0]
    assert (response[:, 1] < response[:, 0]).all()


def test_an_unknown_case_names_those_there_are():
    with pytest.raises(FaultyInput) as problem:
        load_case("C99")
    assert "C4" in str(problem.value.faults[0])


def test_every_reported_case_has_a_pack_or_a_paragraph_in_both_languages():
    others = other_cases()
    assert {*IDS, *(each.id for each in others)} == {f"C{number}" for number in range(1, 18)}
    for language, place in (("en", "docs/cases.md"), ("zh", "docs/zh/cases.md")):
        page = (ROOT / place).read_text(encoding="utf-8")
        for each in others:
            assert getattr(each.says, language) in page


def test_documentation_holds_the_verdicts_of_every_case():
    for language, place in (("en", "docs/cases.md"), ("zh", "docs/zh/cases.md")):
        page = (ROOT / place).read_text(encoding="utf-8")
        for case_id in IDS:
            assert f"## {case_id} {getattr(load_case(case_id).title, language)}" in page
