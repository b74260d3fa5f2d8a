"""Asking and entering: whoever thinks of it asks the customer to accept, and enters what was delivered and accepted."""

from policies.jit.compiled import compiled_part
from policies.time.calendar_arrays import NEVER, next_open
from sim.office.engine.draws import exponential, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, MINUTE, ON
from sim.office.engine.ledger import post

DELIVERY, ACCEPTANCE = 1, 2
"""What is entered of a step, as bits of `entered`."""
AT_THE_DESK = 30 * MINUTE  # after the opening: within it people have come to their lists
TURNS = 64  # keys of a step's own draws
ON_WORK, ON_HASTE, ON_ASKING, ON_ANSWER, ON_LOOK, ON_DOCUMENT, ON_OBJECTION, ON_ENTRY, ON_CONFIRM = range(9)


@compiled_part
def turn_of(o, item, what, number):
    """Key of a draw about a step of a project: what it is about, and which of them."""
    return ((o.items[item].step * TURNS + what) << 8) | (number & 255)


@compiled_part
def enter_later(o, item, what):
    """Who did it enters it some time later."""
    s = o.state[0]
    t = o.items[item]
    if t.row >= 0 and t.entered & what == 0:
        key = o.projects[t.project].key
        lag = exponential(s.seed, DRAW.project, key, turn_of(o, item, ON_ENTRY, what))
        at = next_open(o.days, s.now + 1 + int(lag * o.behaviour[0].project_entry_days * DAY))
        if at < NEVER:
            at += int(AT_THE_DESK * uniform(s.seed, DRAW.project, key, turn_of(o, item, ON_ENTRY, 8 + what)))
            post(o, at, ACTORS, ON.step_entered, item, what)


@compiled_part
def think_of_asking(o, item):
    """The customer is asked to accept at once, or when somebody looks at the project again."""
    s = o.state[0]
    b = o.behaviour[0]
    t = o.items[item]
    key = o.projects[t.project].key
    t.turn += 1
    if uniform(s.seed, DRAW.project, key, turn_of(o, item, ON_ASKING, t.turn)) < b.project_asked_share:
        ask_customer(o, item)
        return
    t.asked = 0
    t.answer += 1
    days = b.project_look_days * exponential(s.seed, DRAW.project, key, turn_of(o, item, ON_LOOK, t.turn))
    post(o, s.now + max(1, int(days * DAY)), ACTORS, ON.customer_answers, item, t.answer)


@compiled_part
def ask_customer(o, item):
    """The customer is asked to accept, or reminded of it: what is left of the wait gets shorter."""
    s = o.state[0]
    b = o.behaviour[0]
    t = o.items[item]
    days = b.project_accept_days * exponential(
        s.seed, DRAW.project, o.projects[t.project].key, turn_of(o, item, ON_ANSWER, t.turn)
    )
    if t.asked == 0:
        t.asked = s.now
        at = s.now + int(days * DAY)
    else:
        left = max(0.0, float(t.asked + int(days * DAY) - s.now)) * b.project_reminded_share
        t.asked = s.now - int(days * DAY) + int(left)
        at = s.now + int(left)
    t.answer += 1
    post(o, max(at, s.now + 1), ACTORS, ON.customer_answers, item, t.answer)
