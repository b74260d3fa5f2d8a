"""Rules on records of a firm's own kinds do the same in an office that keeps them and in the coach that gets its journal."""

import pytest

from coach.mapping.export import export_office
from coach.parity.check import office_with_journal, parity
from coach.parity.journal_events import OfficeJournal
from policies.documents.loader import edited
from tests.sim.project_offices import process, with_chain, with_milestones, with_works

pytestmark = pytest.mark.parity
WEEKS, SEED = 10, 2
OFFICES = {
    "project-milestones": (with_milestones, {("accepted-in-five-days", "escalated"), ("invoice-after-acceptance", "refused")}),
    "task-chain": (with_chain, {("predecessors-first", "refused"), ("three-days-each", "fired")}),
    "capacity-promises": (with_works, {("within-capacity", "refused")}),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("project-milestones", marks=pytest.mark.system("P8")),
        pytest.param("task-chain", marks=pytest.mark.system("P9")),
        pytest.param("capacity-promises", marks=pytest.mark.system("P11")),
    ],
)
def test_a_process_does_the_same_in_the_office_and_live(name):
    scenario, expected = OFFICES[name]
    office = office_with_journal(scenario(), process(name), SEED, WEEKS)
    assert {(did.rule, did.effect) for did in OfficeJournal(office).did()} >= expected
    report = parity(office)
    assert (report.missing, report.extra) == ([], [])
    assert report.same > 15


def test_records_of_declared_kinds_are_left_out_of_the_files_that_are_read_as_the_own_layout(tmp_path):
    office = office_with_journal(with_milestones(), process("project-milestones"), SEED, 2)
    written = {path.name for path in export_office(office, tmp_path)}
    assert "opportunities.csv" in written
    assert not any("milestone" in path.read_text(encoding="utf-8-sig") for path in tmp_path.iterdir())


def test_a_rule_on_a_milestone_that_waits_longer_is_noticed():
    office = office_with_journal(with_milestones(), process("project-milestones"), SEED, 6)
    later = edited(office.policy, {"accepted-in-five-days.after": "5.01d"})
    report = parity(office, later, restart=False)
    assert {did.rule for did in (*report.missing, *report.extra)} == {"accepted-in-five-days"}
