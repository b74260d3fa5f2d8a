"""Whether the `when` of a rule holds for a record, and when its clock runs out."""

import numpy as np

from policies.engine.compile import AND, BUSINESS_DAYS, NO_CONDITION, NO_OTHER, NOT, ONE_OF, OPEN_HOURS, OR, WITHIN
from policies.jit.compiled import compiled, compiled_inline
from policies.time.calendar_arrays import NEVER, add_business_days_of, add_open_of


@compiled_inline
def _compares(op, values, row):
    """Whether one comparison holds; a missing value lies within nothing."""
    value = values[row, op.column]
    if op.minus != NO_OTHER:
        value -= values[row, op.minus]
    if op.code == ONE_OF:
        return value >= 0.0 and value < 63.0 and value == np.floor(value) and (op.choices >> np.int64(value)) & 1 == 1
    return ((value >= op.low) & (value <= op.high)) == (op.code == WITHIN)


@compiled
def _holds_postfix(values, row, ops, start, end):
    """Run a condition's program over a stack of bits kept in one integer, the top lowest."""
    stack = np.int64(0)
    for place in range(start, end):
        op = ops[place]
        if op.code < AND:
            stack = stack << 1 | np.int64(_compares(op, values, row))
        elif op.code == NOT:
            stack ^= 1
        elif op.code == OR:
            stack = stack >> 1 | stack & 1
        else:
            stack = stack >> 2 << 1 | (stack >> 1 & stack & 1)
    return stack & 1 == 1


@compiled_inline
def holds(values, row, rule, ops):
    """Whether the `when` of a rule holds for a record."""
    if not rule.plain:
        return _holds_postfix(values, row, ops, rule.ops_from, rule.ops_to)
    for place in range(rule.ops_from, rule.ops_to):
        op = ops[place]
        if not _compares(op, values, row):
            return False
    return True


@compiled_inline
def stands(values, row, rule, rules):
    """Whether a rule fires for a record where its clock allows, and whether what it has open there ends.

    To-dos and flags end with `when`, or where the rule says it with `until`: then `when` alone does not end them, and the rule
    does not fire while `until` holds.
    """
    fires = holds(values, row, rule, rules.ops)
    over = not fires
    if rule.until != NO_CONDITION:
        over = holds(values, row, rules.conditions[rule.until], rules.ops)
        fires = fires and not over
    return fires, over


@compiled_inline
def since_of(values, row, rule, since):
    """Latest of the instants that start a rule's clock; NaN if none is recorded."""
    latest = np.nan
    for place in range(rule.since_from, rule.since_to):
        instant = values[row, since[place]]
        if not latest >= instant and instant == instant:
            latest = instant
    return latest


@compiled_inline
def later(days, owner, start, delay, unit):
    """An instant so much later, in one of DELAY_UNITS, by the calendar of the owning unit (its row); NEVER if that lies behind
    the compiled calendar."""
    if unit == BUSINESS_DAYS:
        return add_business_days_of(days, owner, start, delay)
    if unit == OPEN_HOURS:
        return add_open_of(days, owner, start, delay)
    return start + delay


@compiled_inline
def due_at(rule, days, owner, since):
    """max(since, activated_at) + after; NEVER if that lies behind the compiled calendar."""
    return later(days, owner, max(np.int64(since), rule.activated_at), rule.delay, rule.delay_unit)


@compiled
def due_again(rule, days, owner, fired, head, since):
    """When a rule that has come due may fire for a value of since; NEVER when it has fired as often as it may.

    `fired`, `head`: memory of the record's firings, the latest first. Before the first firing there is nothing to wait for: -1.
    """
    times = 0
    latest = np.int64(-1)
    while head >= 0:
        memory = fired[head]
        if memory.rule == rule.number and memory.since == since:
            if times == rule.times:
                return np.int64(NEVER)
            if times == 0:
                latest = memory.at
            times += 1
        head = memory.previous
    return latest if times == 0 else np.int64(later(days, owner, latest, rule.again, rule.again_unit))


@compiled
def latest_fired(rule, fired, head, since):
    """When a rule fired last for a value of since; -1 for never."""
    while head >= 0:
        memory = fired[head]
        if memory.rule == rule.number and memory.since == since:
            return np.int64(memory.at)
        head = memory.previous
    return np.int64(-1)


@compiled_inline
def leaves_alone(rule, exempt, position, unit):
    """Whether a rule exempts the unit of a record."""
    return rule.exempts and 0 <= unit < exempt.shape[1] and exempt[position, unit] == 1
