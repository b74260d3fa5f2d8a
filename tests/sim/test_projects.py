"""After a deal is won: milestones with acceptance and invoices, task chains, dates within capacity (P8, P9, P11)."""

import numpy as np
import pytest

from policies.documents.loader import load_policy
from policies.language.policy import Policy
from policies.time.calendar_arrays import open_between
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.counting.tally import MEASURES
from sim.office.engine.clocks import SimpyClock
from sim.office.engine.events import DAY, MINUTE
from sim.office.office import Office
from sim.office.projects.steps import CLOSED
from sim.office.rehearsing import not_rehearsed
from tests.sim.offices import WEEK, same_journals, started, tiny, written
from tests.sim.project_offices import process, ran, rows, told, watched, with_chain, with_milestones, with_works

MILESTONES, CHAIN, CAPACITY = "project-milestones", "task-chain", "capacity-promises"
OFFICES = {MILESTONES: with_milestones, CHAIN: with_chain, CAPACITY: with_works}
EVERY = pytest.mark.parametrize("name", OFFICES)


def total(office: Office, measure: str) -> float:
    return float(office.arrays.totals[0, MEASURES.index(measure)])


def field(office: Office, kind: str, name: str) -> np.ndarray:
    """A field of all records of a kind, by row."""
    assert office.layout is not None
    return office.arrays.book.values[:, office.layout.place(office.policy.kind(kind), name)]


@pytest.mark.system("P8")
class TestMilestones:
    def test_payments_add_up_to_the_contract_and_come_once_each(self):
        office = ran(process(MILESTONES), with_milestones())
        projects, items = rows(office, "projects"), rows(office, "items")
        assert len(projects) > 20
        for project in projects:
            mine = items[project.first : project.first + project.steps]
            assert mine.amount.sum() == project.value
            assert mine.amount[mine.paid_at > 0].sum() == project.paid
            assert (mine.paid_at[mine.paid_at > 0] > mine.invoiced_at[mine.paid_at > 0]).all()
        assert total(office, "project_money_paid") == projects.paid.sum()

    def test_what_is_invoiced_is_paid_in_the_end_whether_or_not_rules_see_to_it(self):
        for policy in (process(MILESTONES), watched(MILESTONES)):
            office = ran(policy, with_milestones())
            items = rows(office, "items")
            old = items[(items.invoiced_at > 0) & (items.invoiced_at < office.now - 17 * WEEK)]
            assert len(old) > 5
            assert (old.paid_at > 0).mean() > 0.9

    def test_receivable_days_are_the_money_owed_over_the_days_for_what_was_invoiced(self):
        office = ran(process(MILESTONES), with_milestones())
        items, since = rows(office, "items"), int(office.arrays.state[0].marked_at)
        owed = sum(
            each.amount * ((each.paid_at if each.paid_at > 0 else office.now) - max(each.invoiced_at, since)) / DAY
            for each in items if each.invoiced_at > 0
        )  # fmt: skip
        outcomes = office.outcomes()
        assert outcomes.totals[0, MEASURE_NAMES.index("receivable_money_days")] == pytest.approx(owed)
        assert outcomes.totals[0, MEASURE_NAMES.index("money_invoiced")] == items.amount[items.invoiced_at > 0].sum()

    def test_nothing_is_invoiced_before_it_is_accepted_on_record_where_a_gate_stands_before_it(self):
        def early(office: Office) -> int:
            at = {int(row.row): int(row.recorded_at) for row in told(office, "invoice", "registered")}
            milestone, accepted = field(office, "invoice", "milestone"), field(office, "milestone", "accepted_at")
            return sum(not accepted[int(milestone[row])] <= then for row, then in at.items())

        assert early(ran(process(MILESTONES), with_milestones())) == 0
        assert early(ran(watched(MILESTONES), with_milestones())) > 0

    def test_what_is_delivered_and_not_accepted_after_five_days_is_escalated_and_sooner_accepted(self):
        def days_to_accept(office: Office) -> float:
            items = rows(office, "items")
            done = items[items.accepted_at > 0]
            return float((done.accepted_at - done.done_at).mean() / DAY)

        kept, only_watched = (ran(each, with_milestones()) for each in (process(MILESTONES), watched(MILESTONES)))
        assert len(told(kept, "milestone", "escalated")) > 20
        assert days_to_accept(kept) < 0.8 * days_to_accept(only_watched)

    def test_a_milestone_is_completed_with_all_its_documents_only(self):
        def incomplete(office: Office) -> int:
            file, of = field(office, "deliverable", "file"), field(office, "deliverable", "milestone")
            completed = {int(row.row): int(row.recorded_at) for row in told(office, "milestone", "completed")}
            filed = {int(row.row): int(row.recorded_at) for row in told(office, "deliverable", "field_recorded")}
            documents = [int(row.row) for row in told(office, "deliverable", "registered")]
            mine = [row for row in documents if of[row] in completed]
            return sum(np.isnan(file[row]) or filed[row] > completed[int(of[row])] for row in mine)

        assert incomplete(ran(process(MILESTONES), with_milestones())) == 0
        assert incomplete(ran(watched(MILESTONES), with_milestones())) > 0

    def test_projects_under_way_are_entered_when_a_policy_first_asks_for_them(self):
        before = started("freeze-15d", 1, with_milestones())
        before.run_until(before.now + 16 * WEEK)
        after = before.branch(process(MILESTONES))
        entered = {int(row.row) for row in told(after, "milestone", "registered")}
        under_way = rows(after, "projects")[rows(after, "projects").finished_at == 0]
        assert len(entered) == under_way.steps.sum() > 10
        after.run_until(after.now + 8 * WEEK)
        assert len(told(after, "milestone", "escalated")) > 0
        assert len(told(after, "milestone", "registered")) > len(entered)

    def test_a_department_serves_one_after_the_other_in_open_time(self):
        """Lindley's recursion for one server: each job ends its own work after it came or the one before it ended."""
        quiet = {"project_work_spread": 0.1, "project_objection_share": 0.02}
        document = with_milestones(**quiet).model_dump()
        document["projects"] |= {
            "departments": [{"name": "design", "staff": 1}],
            "steps": [{"name": "concept", "department": "design", "work_days": 4, "due_days": 20}],
        }
        office = ran(load_policy("freeze-15d"), type(with_milestones()).model_validate(document))
        items, usual = rows(office, "items"), float(office.arrays.plan[0].minutes)
        items = items[(items.done_at > 0) & (items.state >= CLOSED - 1)]
        assert len(items) > 20
        assert (np.diff(items.done_at) > 0).all()
        begun = np.maximum(items.started_at[1:], items.done_at[:-1])
        spells = zip(begun, items.done_at[1:], strict=True)
        worked = [open_between(office.arrays.days, one, two) / MINUTE for one, two in spells]
        undisturbed = [minutes for minutes in worked if minutes < 1.25 * usual]
        assert len(undisturbed) > 0.8 * len(worked)
        assert np.exp(np.log(undisturbed).mean()) == pytest.approx(usual, rel=0.08)


@pytest.mark.system("P9")
class TestTaskChain:
    def starts_too_early(self, office: Office) -> int:
        items = rows(office, "items")
        early = 0
        for project in rows(office, "projects"):
            mine = items[project.first : project.first + project.steps]
            for one, two in zip(mine[:-1], mine[1:], strict=True):
                early += two.started_at > 0 and not 0 < one.closed_at <= two.started_at
        return early

    def test_no_step_starts_before_all_departments_have_confirmed_where_the_gate_holds(self):
        office = ran(process(CHAIN), with_chain())
        assert total(office, "steps_done") > 200
        assert self.starts_too_early(office) == 0
        assert total(office, "steps_reworked") == 0
        assert len(told(office, "task", "refused")) > 20

    def test_without_it_steps_start_too_early_and_are_done_again(self):
        office = ran(watched(CHAIN), with_chain())
        assert self.starts_too_early(office) > 20
        assert total(office, "steps_reworked") > 20

    def test_rework_is_the_share_of_the_steps_closed_in_the_window_that_were_done_again(self):
        hasty = {"project_hasty_share": 0.6, "project_objection_share": 0.4}
        office = started(watched(CHAIN), 1, with_chain(**hasty))
        office.run_until(office.now + 12 * WEEK)
        since = office.now
        office.mark()
        office.run_until(office.now + 6 * WEEK)
        items = rows(office, "items")
        closed = items[items.closed_at > since]
        assert total(office, "steps_done") == len(closed)
        assert 0 < total(office, "steps_reworked") == (closed.again > 0).sum() < len(closed)

    def test_a_chain_has_twelve_tasks_each_after_the_one_before(self):
        office = ran(process(CHAIN), with_chain())
        tasks, before = told(office, "task", "registered"), told(office, "precedence", "registered")
        projects = len(rows(office, "projects"))
        assert (len(tasks), len(before)) == (12 * projects, 11 * projects)


@pytest.mark.system("P11")
class TestPromises:
    def most_promised(self, office: Office) -> float:
        """The most units that stood promised for one week at any time."""
        units, week = field(office, "promise", "units"), field(office, "promise", "week")
        events = [(int(row.number), sign, int(row.row)) for event, sign in (("completed", 1.0), ("withdrawn", -1.0))
                  for row in told(office, "promise", event)]  # fmt: skip
        standing, given, most = dict[float, float](), set(), 0.0
        for _, sign, row in sorted(events):
            if sign > 0 or row in given:
                standing[week[row]] = standing.get(week[row], 0.0) + sign * units[row]
                most = max(most, standing[week[row]])
                given.add(row)
        return most

    def test_promises_never_exceed_what_a_week_can_make_where_the_gate_holds(self):
        assert 0 < self.most_promised(ran(process(CAPACITY), with_works())) <= 50.0
        assert self.most_promised(ran(watched(CAPACITY), with_works())) > 50.0

    def test_more_of_them_are_kept_and_fewer_deals_are_won(self):
        held, not_held = ran(process(CAPACITY), with_works()), ran(watched(CAPACITY), with_works())
        accuracy = [total(each, "promises_kept") / total(each, "promises_due") for each in (held, not_held)]
        assert accuracy[0] > 0.8
        assert accuracy[0] > accuracy[1] + 0.3

    def test_a_works_with_room_to_spare_keeps_its_promises_anyway(self):
        office = ran(watched(CAPACITY), with_works(2000.0))
        assert total(office, "promises_kept") == total(office, "promises_due") > 20


@EVERY
def test_both_clocks_write_the_same_journal(name):
    one, two = (started(process(name), 3, OFFICES[name]()) for _ in range(2))
    one.run_until(one.now + 12 * WEEK)
    SimpyClock(two).run_until(two.now + 12 * WEEK)
    assert same_journals(one, two)


@EVERY
def test_a_saved_office_and_a_branch_go_on_where_they_stood(name, tmp_path):
    office = started(process(name), 3, OFFICES[name]())
    office.run_until(office.now + 8 * WEEK)
    office.save(tmp_path / "office.npz")
    others = [Office.load(tmp_path / "office.npz"), office.branch()]
    for each in (office, *others):
        each.run_until(each.now + 4 * WEEK)
    assert all(same_journals(office, each) for each in others)


@EVERY
def test_an_office_without_such_projects_records_what_it_would_without_the_rules_and_says_so(name):
    policy = process(name)
    bare = Policy.model_validate(policy.model_dump(mode="json") | {"rules": [], "kinds": {}})
    one, two = (started(each, 2, tiny()) for each in (policy, bare))
    for each in (one, two):
        each.run_until(each.now + 6 * WEEK)
    assert written(one).tobytes() == written(two).tobytes()
    assert policy.cannot_rehearse == []
    assert {each.rule for each in not_rehearsed(policy, tiny())} == {rule.id for rule in policy.rules}
    assert not_rehearsed(policy, OFFICES[name]()) == []


@EVERY
def test_a_journal_tells_the_fields_of_declared_kinds(name):
    office = ran(process(name), OFFICES[name]())
    frame = office.journal()
    for kind in office.policy.played.kinds.values():
        fields = set(frame.loc[frame.kind == kind, "field"].dropna())
        assert fields <= {each.name for each in office.policy.record_kinds[kind].fields}


@pytest.mark.system("P9")
def test_departments_that_only_the_policy_or_only_the_office_has_are_named():
    written = process(CHAIN).model_dump(mode="json")
    (name,) = [field for field, each in written["kinds"]["task"]["fields"].items() if each.get("plays", field) == "department"]
    choices = written["kinds"]["task"]["fields"][name]["choices"]
    choices["logistics"] = choices.pop("design")
    told = not_rehearsed(Policy.model_validate(written), with_chain())
    assert {each.rule for each in told} == {f"task.{name}"}
    assert any("'logistics' of" in each.en and "“logistics”" in each.zh for each in told)
    assert any("'design'" in each.en for each in told)
