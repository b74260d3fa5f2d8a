"""Who was refused by a gate looks at it again each business morning: what lifted it may be no business of the step's own."""

from policies.engine.gates import COMPLETE, START
from policies.jit.compiled import compiled_part
from policies.time.calendar_arrays import NEVER, next_open
from sim.office.engine.events import ACTORS, ON
from sim.office.engine.ledger import post
from sim.office.projects.money import WANTED, invoice_if_let
from sim.office.projects.records import lets_pass
from sim.office.projects.steps import PLANNED, begin_if_ready, complete


@compiled_part
def come_back_in_the_morning(o):
    """On a business day before it opens: where anything waits at a gate, somebody will look when it opens."""
    s = o.state[0]
    for item in range(s.items):
        if o.items[item].refused != 0 or o.items[item].wants_invoice == WANTED:
            at = next_open(o.days, s.now)
            if at < NEVER:
                post(o, at, ACTORS, ON.gates_again, 0, 0)
            return


@compiled_part
def look_at_gates(o):
    """Steps are begun or completed and invoices sent where the gates that refused them would let them pass now."""
    for item in range(o.state[0].items):
        t = o.items[item]
        if t.refused != 0:
            if t.state == PLANNED:
                if lets_pass(o, t.row, START):
                    begin_if_ready(o, item)
            elif lets_pass(o, t.row, COMPLETE):
                complete(o, item)
        if t.wants_invoice == WANTED:
            invoice_if_let(o, item)
