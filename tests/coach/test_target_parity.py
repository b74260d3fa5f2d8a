"""Parity of targets: from what an office recorded the coach reckons the targets that the office set, to the unit of money."""

import pytest

from coach.parity.check import office_with_journal, parity
from policies.documents.loader import edited, load_policy
from tests.coach.test_parity import five_reps

pytestmark = pytest.mark.parity
REGIONS = {"targets.level.market_by_region": {"region-1": 0.1}}
CASES = {
    "ratcheting-targets": {"targets.ratchet.up": 1.0, "targets.ratchet.down": 0.4},
    "quarterly-private": {"targets.level.core_share": 0.8},
    "weekly-private": REGIONS,
    "annual-twelfths": {},
    "elastic-targets": {"targets.elasticity.evidence": "none", "targets.elasticity.approved_by": ["director"]},
    "monthly-private": {"targets.level.method": "fixed", "targets.level.fixed_target": 41_237},
}


def three_regions():
    """Seven reps in three regions, some of whom leave and are replaced."""
    small = five_reps()
    people = small.people.model_copy(update={"reps": 7, "teams": 3, "regions": 3, "outside_pay": 30_000.0})
    return small.model_copy(update={"people": people})


@pytest.mark.system("G1")
@pytest.mark.system("G3")
@pytest.mark.parametrize("name", CASES)
def test_the_coach_reckons_the_targets_of_an_office_from_its_record(name):
    office = office_with_journal(three_regions(), edited(load_policy(name), CASES[name]), 3, 26)
    report = parity(office, batch_ms=14 * 86_400_000, restart=False)
    assert (report.missing_targets, report.extra_targets) == ([], [])
    assert report.same_targets >= 14


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("targets.level.stretch", 1.01),
        ("targets.level.core_share", 0.4),
        ("targets.level.market_correction", 0.01),
        ("targets.level.seasonal", False),
    ],
)
def test_a_level_that_the_office_did_not_have_is_noticed(path, value):
    office = office_with_journal(five_reps(), load_policy("monthly-private"), 1, 10)
    report = parity(office, edited(office.policy, {path: value}), batch_ms=14 * 86_400_000, restart=False)
    assert len(report.missing_targets) == len(report.extra_targets) > 0
