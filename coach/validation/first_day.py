"""What activation sets off on its first day, at the end of the store's past: clocks from now, or catching up."""

from collections import Counter
from threading import Event

from sqlalchemy import Connection

from coach.rules.addressees import present_owner
from coach.rules.live_book import LiveBook
from coach.store import policies
from coach.store.settings import PROCESSED_THROUGH, setting
from coach.validation.parts import FirstDay
from coach.validation.past import stored_events, work_through
from policies.engine.driver import Done
from policies.language.policy import Policy
from policies.record.records import EVENT
from policies.time.calendar_arrays import DAY_MS

_FIRED = (EVENT.fired, EVENT.shadow_fired)


def first_day(connection: Connection, policy: Policy, at: int, cancel: Event) -> dict[str, FirstDay]:
    """By rule id, and under "" for all rules. What already fired in the store does not fire again."""
    now, _ = _fired(connection, _with_clocks(policy, "from_now"), at, cancel)
    late, live = _fired(connection, _with_clocks(policy, "catch_up"), at, cancel)
    ids = ["", *(rule.id for rule in policy.rules if rule.mode != "off")]
    return {rule: _of(rule, now, late, live) for rule in ids}


def _of(rule: str, now: list[Done], late: list[Done], live: LiveBook) -> FirstDay:
    caught = [each for each in late if rule in ("", each.rule_id)]
    owners = (present_owner(live, each.row, each.at) for each in caught)
    people = Counter(owner for owner in owners if owner is not None)
    return FirstDay(
        from_now=sum(rule in ("", each.rule_id) for each in now), catch_up=len(caught), catch_up_people=people.most_common()
    )


def _with_clocks(policy: Policy, activate: str) -> Policy:
    rules = tuple(rule.model_copy(update={"activate": activate}) if rule.since is not None else rule for rule in policy.rules)
    return Policy.model_validate(policy.model_copy(update={"rules": rules}).model_dump(mode="json"))


def _fired(connection: Connection, policy: Policy, at: int, cancel: Event) -> tuple[list[Done], LiveBook]:
    live = _as_it_stands(connection, policy, at, cancel)
    switched = at + 1
    live.reach([], switched)
    live.switch_to(policy, switched)
    live.ready(switched)
    done = live.driver.work_off(switched)
    until = switched + DAY_MS - 1
    done += work_through(live, [], switched + 1, until, lambda _: None, lambda *_: None, cancel)
    return [each for each in done if each.event in _FIRED], live


def _as_it_stands(connection: Connection, policy: Policy, at: int, cancel: Event) -> LiveBook:
    """The coach's own book, with what was recorded since it last worked."""
    processed = setting(connection, PROCESSED_THROUGH)
    live = LiveBook(connection, policies.current(connection), at if processed is None else processed, also=policy)
    if processed is not None:
        waiting = stored_events(connection, processed)
        live.expect({each.row: (each.event.kind, each.event.record) for each in waiting})
        for _ in work_through(live, waiting, processed + 1, at, lambda _: None, lambda *_: None, cancel, connection):
            pass
    return live
