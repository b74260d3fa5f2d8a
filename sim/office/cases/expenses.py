"""Expenses on customers: what a visit or a negotiation is to cost, who grants it, and what it has cost (M1)."""

from policies.engine.gates import ALLOWED, lacking, refusal
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, GATES, OPPORTUNITY
from policies.support.promise import FINANCE
from sim.office.cases.closing import FREE, WAITS_FOR_DESK
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.draws import uniform
from sim.office.engine.events import ACTIVITY, DRAW, HOUR, OWES_FIELD
from sim.office.engine.ledger import NO_COLUMN, journal_row, record_done, record_event, record_field, settle_now
from sim.office.people.desks import EXPENSE_TURN, ask_desk
from sim.office.record.complying import take_on

EXPENSE = GATES.index("expense")


@compiled_part
def waits_for_money(o, case, seat):
    """Whether the next touch has to wait for finance: it is to cost something, and nobody has granted it yet."""
    c = o.cases[case]
    w = o.work[case]
    turn = c.touches + 1
    if o.firm[0].expense_share <= 0.0 or (w.activity != ACTIVITY.visit and w.activity != ACTIVITY.negotiation):
        return False
    if c.row < 0 or c.expense_asked == turn:
        return False
    if uniform(o.state[0].seed, DRAW.expense, c.key, turn) >= o.firm[0].expense_share:
        return False
    c.expense_asked = turn
    if _refused(o, case, seat):
        return False
    if o.settings[0].expenses_on_record != 0.0:
        count(o, seat, M.expenses_asked, 1.0)
        c.expense_granted = turn
        return False
    c.request = ask_desk(o, FINANCE, case, NOBODY, seat, EXPENSE_TURN + turn)
    w.blocked = WAITS_FOR_DESK
    return True


@compiled_part
def _refused(o, case, seat):
    """Whether a rule refuses money for this opportunity now; the refusal is recorded, and the touch goes on without money."""
    s = o.state[0]
    row = o.cases[case].row
    rule = refusal(o.book, o.rules, o.days, row, EXPENSE, s.now)
    if o.book.counts[0].firings > 0:
        settle_now(o)
    if rule == ALLOWED:
        return False
    s.event_number += 1
    journal_row(o, EVENT.refused, row, o.seats[seat].unit, s.now, NO_COLUMN, float(EXPENSE), rule, s.now)
    count(o, seat, M.refusals, 1.0)
    count(o, seat, M.expenses_refused, 1.0)
    if uniform(s.seed, DRAW.comply, o.cases[case].key, o.cases[case].touches) < o.behaviour[0].comply_share:
        o.work[case].owes |= OWES_FIELD
        take_on(o, case, seat, lacking(o.book, o.rules, o.settings[0], row, rule, 0, EXPENSE))
    return True


@compiled_part
def expense_answered(o, number):
    """Finance has looked at an expense: the touch that waited for it can take place, with money."""
    q = o.requests[number]
    case = q.case
    c = o.cases[case]
    c.request = NOBODY
    c.expense_granted = c.expense_asked
    o.work[case].blocked = FREE
    count(o, c.owner, M.expenses_asked, 1.0)
    count(o, c.owner, M.expense_wait_hours, (q.answered_at - q.asked_at) / HOUR)


@compiled_part
def spend_granted(o, case, seat):
    """Spend what was granted for the touch that has just ended; returns the logit that the money adds."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    if c.expense_granted == 0 or c.expense_granted != c.touches:
        return 0.0
    amount = float(int(b.expense_value_share * c.value) + 1)
    c.spent += amount
    count(o, seat, M.expenses, amount)
    actor = o.seats[seat].unit
    record_event(o, c.row, EVENT.spent, s.now, actor)
    record_field(o, c.row, EVENT.spent, s.now, actor, OPPORTUNITY.expenses, c.spent)
    record_done(o, c.row)
    return b.expense_odds
