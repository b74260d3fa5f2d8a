"""Managers: one queue of notices, to-dos, escalations, approvals and leads, against the same hours as coaching."""

import math

from policies.jit.compiled import compiled_part
from policies.time.calendar_arrays import add_open, next_open
from sim.office.counting.tally import M, W, count, count_week
from sim.office.engine.draws import lognormal
from sim.office.engine.events import ACTORS, DAY, DRAW, HOUR, MINUTE, ON, TASK
from sim.office.engine.ledger import post

NOBODY = -1
OVERTAKEN = -2
BY_ITSELF, IN_DIGEST = 0.0, 1.0  # `amount` of a notice: one beyond the day's number is read with the others
IDLE, ON_TASK, COACHING, REPORTING = 0, 1, 2, 3


@compiled_part
def new_task(o, kind, row, case, seat, rule, due_at, amount):
    """Write down what is to be brought to somebody; returns its number."""
    s = o.state[0]
    number = s.tasks
    s.tasks += 1
    t = o.tasks[number]
    t.kind = kind
    t.row = row
    t.case = case
    t.seat = seat
    t.rule = rule
    t.due_at = due_at
    t.amount = amount
    return number


@compiled_part
def add_task(o, manager, kind, row, case, seat, rule, due_at, amount):
    """Queue something for a manager's attention."""
    s = o.state[0]
    number = new_task(o, kind, row, case, seat, rule, due_at, amount)
    t = o.tasks[number]
    t.created_at = s.now
    t.next = NOBODY
    m = o.managers[manager]
    if m.last_task >= 0:
        o.tasks[m.last_task].next = number
    else:
        m.first_task = number
    m.last_task = number
    m.tasks += 1
    if kind <= TASK.escalation:
        gathered = kind == TASK.notice and amount == IN_DIGEST
        if not gathered or m.digest_at != s.now:
            m.alerts_today += 1
        if gathered:
            m.digest_at = s.now
        count(o, seat, M.alerts, 1.0)
        count_week(o, W.alerts, 1.0)
    if m.busy == REPORTING and kind != TASK.notice:
        _interrupt(o, manager)
    return number


@compiled_part
def _interrupt(o, manager):
    """Approvals, escalations and leads break off reporting; notices wait for the next look."""
    s = o.state[0]
    m = o.managers[manager]
    m.version += 1
    m.busy = IDLE
    post(o, next_open(o.days, s.now + 1), ACTORS, ON.manager_free, manager, m.version)


@compiled_part
def put_down(o, manager, version):
    """The manager has finished something: returns the task, -1 when it was none, -2 when this end was overtaken."""
    m = o.managers[manager]
    if version != m.version:
        return OVERTAKEN
    task = NOBODY
    if m.busy == ON_TASK:
        task = m.task
    elif m.busy == COACHING:
        _finish_coaching(o, manager)
    m.busy = IDLE
    return task


@compiled_part
def take_up(o, manager):
    """Approvals and leads first, then alerts as long as the day's time for them lasts, then coaching, then reporting."""
    s = o.state[0]
    b = o.behaviour[0]
    m = o.managers[manager]
    number = _pick_task(o, manager)
    if number >= 0:
        minutes = _task_minutes(o, number) * lognormal(s.seed, DRAW.task_time, number_key(o, number), 0, 1.0, 0.4)
        m.task = number
        m.task_minutes = minutes
        _busy(o, manager, ON_TASK, minutes)
    elif m.coaching_left > 0.0 and _whom_to_coach(o, manager):
        _busy(o, manager, COACHING, min(m.coaching_left, b.coaching_block_minutes))
    else:
        _busy(o, manager, REPORTING, b.block_minutes)


@compiled_part
def number_key(o, number):
    """Name of a task for draws: the record it is about and the rule, not its place in the queue."""
    t = o.tasks[number]
    return (t.row << 8) | (t.kind << 5) | (t.rule & 31)


@compiled_part
def _busy(o, manager, what, minutes):
    s = o.state[0]
    m = o.managers[manager]
    m.busy = what
    m.version += 1
    m.started_at = s.now
    m.busy_until = max(add_open(o.days, s.now, int(minutes * MINUTE)), s.now + 1)
    post(o, m.busy_until, ACTORS, ON.manager_free, manager, m.version)


@compiled_part
def _pick_task(o, manager):
    """First approval or lead in the queue; else the oldest alert that is young enough, while time for alerts is left.

    Alerts older than `alert_life_days` are dropped unread: with more alerts than time, the share acted on falls.
    """
    s = o.state[0]
    b = o.behaviour[0]
    m = o.managers[manager]
    best = -1
    before_best = -1
    before = -1
    number = m.first_task
    seen = 0
    while number >= 0 and seen < 40:
        t = o.tasks[number]
        if t.kind > TASK.escalation:
            best, before_best = number, before
            break
        if s.now - t.created_at > b.alert_life_days * DAY:
            following = t.next
            _unlink(o, manager, before, number)
            number = following
            continue
        if m.alert_left > 0.0 and (best < 0 or (t.kind == TASK.escalation and o.tasks[best].kind != TASK.escalation)):
            best, before_best = number, before
        before = number
        number = t.next
        seen += 1
    if best >= 0:
        _unlink(o, manager, before_best, best)
    return best


@compiled_part
def _unlink(o, manager, before, number):
    m = o.managers[manager]
    following = o.tasks[number].next
    if before >= 0:
        o.tasks[before].next = following
    else:
        m.first_task = following
    if m.last_task == number:
        m.last_task = before
    m.tasks -= 1


@compiled_part
def _task_minutes(o, number):
    b = o.behaviour[0]
    kind = o.tasks[number].kind
    if kind == TASK.notice:
        return b.notice_minutes * (b.digest_share if o.tasks[number].amount == IN_DIGEST else 1.0)
    if kind == TASK.todo:
        return b.todo_minutes
    if kind == TASK.escalation:
        return b.escalation_minutes
    if kind == TASK.discount or kind == TASK.approval:
        return b.discount_minutes
    if kind == TASK.adjustment or kind == TASK.move:
        return b.adjustment_minutes
    if kind == TASK.joint:
        return b.joint_call_minutes
    return b.assign_minutes


@compiled_part
def _whom_to_coach(o, manager):
    """The rep of the team who was coached longest ago and is present; False when there is none."""
    s = o.state[0]
    m = o.managers[manager]
    best = -1
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        there = r.team == m.team and r.vacant == 0 and r.absent_until <= s.now
        if there and (best < 0 or r.coached_at < o.seats[best].coached_at):
            best = seat
    m.coached_seat = best
    return best >= 0


@compiled_part
def _finish_coaching(o, manager):
    """Coaching costs both sides the same minutes; what it teaches fades, and the dose saturates."""
    s = o.state[0]
    m = o.managers[manager]
    minutes = (s.now - m.started_at) / MINUTE if s.now - m.started_at < 4 * HOUR else o.behaviour[0].coaching_block_minutes
    minutes = min(minutes, o.behaviour[0].coaching_block_minutes)
    m.coaching_left -= minutes
    r = o.seats[m.coached_seat]
    r.training_due += int(minutes)
    r.coached_at = s.now
    r.coached += minutes / 60.0 * m.skill


@compiled_part
def start_of_day(o):
    """A manager's day: time for alerts and coaching is set apart from the same hours; the rest goes to reporting."""
    b = o.behaviour[0]
    p = o.settings[0]
    for manager in range(len(o.managers)):
        m = o.managers[manager]
        m.alerts_today = 0
        m.alert_left = min(p.escalation_hours_week / 5.0, b.manager_hours_day * b.manager_team_share) * 60.0
        team = 0
        for seat in range(len(o.seats)):
            if o.seats[seat].team == m.team and o.seats[seat].vacant == 0:
                team += 1
        free = max(0.0, b.manager_hours_day * b.manager_team_share * 60.0 - m.alert_left * math.exp(-1.0))
        m.coaching_left = min(p.coaching_hours_rep_month * team / 21.0 * 60.0, free)
        count(o, _any_seat_of(o, m.team), M.manager_days, 1.0)


@compiled_part
def _any_seat_of(o, team):
    for seat in range(len(o.seats)):
        if o.seats[seat].team == team:
            return seat
    return -1
