"""A step that a gate holds back goes on when something outside the step lifts the gate."""

import numpy as np

from policies.language.policy import Policy
from policies.time.calendar_arrays import next_open
from sim.office.office import Office
from sim.office.projects.money import UNWANTED
from tests.sim.project_offices import ran, rows, told, with_milestones

KINDS = {
    "milestone": {"title": {"en": "milestone", "zh": "里程碑"}, "plays": "milestone", "links": {"deal": "opportunity"}},
    "invoice": {"title": {"en": "invoice", "zh": "发票"}, "plays": "invoice", "links": {"deal": "opportunity"}},
    "opportunity": {
        "counts": {
            "unpaid": {
                "of": "invoice", "by": "deal", "where": {"completed_at": "missing"},
                "title": {"en": "invoices not yet paid", "zh": "未付发票数"},
            }
        }
    },
}  # fmt: skip


def held(kind: str, gate: str) -> Office:
    """An office in which a step waits until all invoices of the deal are paid."""
    rule = {"id": "paid-first", "on": kind, "before": gate, "when": {"deal.unpaid": "> 0"}}
    title = {"en": "Paid first", "zh": "先付款"}
    document = {"name": "paid-first", "title": title, "summary": title, "kinds": KINDS, "rules": [rule]}
    return ran(Policy.model_validate(document), with_milestones())


def unpaid_at(office: Office, item: np.record, instant: int) -> bool:
    """Whether an invoice of the step's project was out and not paid."""
    project = rows(office, "projects")[item.project]
    mine = rows(office, "items")[project.first : project.first + project.steps]
    out = (mine.invoiced_at > 0) & (mine.invoiced_at < instant)
    return bool((out & ((mine.paid_at == 0) | (mine.paid_at >= instant))).any())


def test_a_step_begins_on_the_first_morning_after_the_last_invoice_is_paid():
    office = held("milestone", "start")
    items = rows(office, "items")
    begun = items[items.started_at > 0]
    assert not any(unpaid_at(office, each, int(each.started_at)) for each in begun)
    refused = {int(row.row) for row in told(office, "milestone", "refused")}
    waited = [each for each in begun if each.row in refused]
    assert len(waited) > 5
    mornings = {int(next_open(office.arrays.days, int(day.midnight))) for day in office.arrays.days.days}
    assert any(int(each.started_at) in mornings for each in waited)
    ready = items[(items.state == 0) & (items.refused != 0)]
    assert all(unpaid_at(office, each, office.now - 3 * 86_400_000) for each in ready)


def test_a_step_is_completed_once_the_last_invoice_is_paid():
    office = held("milestone", "complete")
    items = rows(office, "items")
    waiting = items[items.refused != 0]
    assert (items.completed != 0).sum() > 20
    assert all(unpaid_at(office, each, office.now - 4 * 86_400_000) for each in waiting)


def test_an_invoice_that_a_gate_held_back_goes_out_once_the_one_before_it_is_paid():
    office = held("invoice", "create")
    items = rows(office, "items")
    assert len(told(office, "invoice", "refused")) > 5
    wanted = items[(items.wants_invoice != UNWANTED) & (items.invoiced_at == 0)]
    assert all(unpaid_at(office, each, office.now - 4 * 86_400_000) for each in wanted)
    for project in rows(office, "projects"):
        mine = items[project.first : project.first + project.steps]
        out = np.sort(mine.invoiced_at[mine.invoiced_at > 0])
        paid = np.sort(mine.paid_at[mine.paid_at > 0])
        assert all(later >= before for later, before in zip(out[1:], paid, strict=False))
