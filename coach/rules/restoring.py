"""After a step back: what the policy in between had closed is open again, and what its rules wrote is gone, as if that policy
had not been.

Only what would still be open is opened again: the record stands as it did for the rule. A to-do keeps its due and the instant
at which it was opened; what people did meanwhile stays done. Freezes, flags, fields set and fields asked for by rules that the
earlier policy does not have are taken away, and their notices that wait do not leave.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.policies import StepBack
from coach.store.story import FIELD_WRITTEN, WRITING, stories
from policies.engine.compile import PERIODIC, rule_ids
from policies.engine.conditions import stands
from policies.engine.driver import Done
from policies.jit.by_reference import pinned
from policies.record.book import set_by_rule
from policies.record.records import EVENT, FLAGS, ROLES, column

_OPENED = {"todo_closed": "todo_opened", "flag_closed": "flagged"}
_firing, _todo, _notice = tables.firing.c, tables.todo.c, tables.notice.c


def restored(connection: Connection, live: LiveBook, closed_at: int, now: int) -> list[Done]:
    """Take away what was written since the switch of that instant, by rules that are no more, and open again what it closed;
    returns the flags, which are written as things done."""
    ids, flags = rule_ids(live.driver.policy), []
    _take_away(connection, live, StepBack(closed_at, now, frozenset(ids)))
    _hold_back(connection, closed_at, ids)
    closings = select(tables.firing).where(_firing.event.in_(tuple(_OPENED)), _firing.at == closed_at, _firing.rule.in_(ids))
    for closing in connection.execute(closings.order_by(_firing.number)).all():
        opened = _opened(connection, closing)
        place = ids.index(closing.rule)
        if opened is None or not _would_be_open(live, place, opened):
            continue
        live.book.rows[closing.record].open |= 1 << place
        live.touched.add(closing.record)
        if closing.event == "todo_closed":
            same = (_todo.rule == closing.rule, _todo.record == closing.record, _todo.role == closing.argument)
            connection.execute(update(tables.todo).where(*same, _todo.closed_at == closed_at).values(closed_at=None))
        else:
            flags.append(_as_done(opened)._replace(at=now))
            _raise(live, closing.record, FLAGS.index(closing.argument))
    return flags


def _take_away(connection: Connection, live: LiveBook, step: StepBack) -> None:
    """Fields that rules wrote which are no more become what they would be without them."""
    gone = select(_firing.record, _firing.event, _firing.argument).distinct()
    gone = gone.where(WRITING, _firing.at >= step.began, _firing.rule.not_in(step.rules))
    written: dict[int, set[str]] = {}
    for row, event, argument in connection.execute(gone):
        written.setdefault(row, set()).add(FIELD_WRITTEN.get(event, argument))
    for row, story in stories(connection, written, back=step).items():
        live.put_back(row, written[row], story, step.ended)


def _hold_back(connection: Connection, since: int, rules: Sequence[str]) -> None:
    """Notices of rules that are no more do not leave if they wait yet."""
    of_the_step = (_notice.at >= since, _notice.rule.not_in(rules), _notice.told_at.is_(None))
    connection.execute(update(tables.notice).where(*of_the_step).values(sent=False))


def _opened(connection: Connection, closing):
    """The firing that had opened what a closing closed."""
    same = (_firing.rule == closing.rule, _firing.record == closing.record, _firing.argument == closing.argument)
    before = select(tables.firing).where(*same, _firing.event == _OPENED[closing.event], _firing.number < closing.number)
    return connection.execute(before.order_by(_firing.number.desc()).limit(1)).one_or_none()


def _would_be_open(live: LiveBook, place: int, opened) -> bool:
    """Whether what the rule opened would be open still: until it ends, or for a look while `when` held at the latest one."""
    rule = live.driver.rules.rules[place]
    if rule.trigger == PERIODIC:
        return live.driver.cause_lasts(_as_done(opened))
    return not stands(live.book.values, opened.record, rule, live.driver.rules)[1]


def _as_done(firing) -> Done:
    todo = firing.event == "todo_opened"
    argument = (ROLES if todo else FLAGS).index(firing.argument)
    event = EVENT.todo_opened if todo else EVENT.flagged
    return Done(firing.rule, firing.record, event, float(argument), 0.0, firing.due_at, firing.at, firing.since, {})


def _raise(live: LiveBook, row: int, colour: int) -> None:
    """The colour of a record is that of its worst open flag."""
    place = column(live.kinds[row], "flag")
    before = live.book.values[row, place]
    set_by_rule(pinned(live.book), row, place, float(max(colour, 0.0 if before != before else before)))
