"""Handing a case to a rep: as a lead, or as an opportunity where what comes in is one already."""

from policies.jit.compiled import compiled_part
from policies.routing.choosing import again_at
from sim.office.cases.deals import open_opportunity
from sim.office.cases.leads import choose_rep, give
from sim.office.cases.portfolio import appraise
from sim.office.engine.events import ACTORS, ON, STATE
from sim.office.engine.ledger import post


@compiled_part
def hand_over(o, case, seat):
    """Make what was registered a rep's own; in a firm that keeps no leads it is an opportunity from now on."""
    give(o, case, seat)
    if o.firm[0].as_opportunities != 0.0:
        open_opportunity(o, case, seat)
        o.work[case].ready_at = o.state[0].now + 1
        appraise(o, case)


@compiled_part
def lead_assigned(o, case, taken_from):
    """The router picks a rep from what is recorded, not the one from whom the lead was taken; when nobody has room it tries
    again."""
    s = o.state[0]
    if o.cases[case].state != STATE.registered:  # a rule has given it to somebody
        return
    seat = choose_rep(o, o.cases[case].lead_row, o.cases[case].key, taken_from)
    if seat < 0:
        post(o, again_at(o.days, s.now), ACTORS, ON.lead_assigned, case, taken_from)
        return
    hand_over(o, case, seat)
