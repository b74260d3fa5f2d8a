"""Notices on their way to people: each leaves when quiet hours are over, by itself or in the day's digest, to whom it is for or
to the deputy of somebody on leave."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, Row, insert, select, update

from coach import texts
from coach.messages.quiet_hours import leaves_at
from coach.messages.saying import said_first, sayings
from coach.messages.service_history import About, histories, told_under
from coach.routing.reading import reasons_at
from coach.routing.words import ROUTING
from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.database import next_number
from coach.store.deputies import standing_in
from coach.store.titles import titles
from policies.language.sections import Notices
from policies.time.calendar_arrays import NEVER, day_of, next_close

_notice, _webhook = tables.notice.c, tables.webhook.c


def next_leaving(connection: Connection) -> int | None:
    """When the first notice that waits is going to leave; None when none waits."""
    first = select(_notice.leaves_at).where(_notice.told_at.is_(None), _notice.sent).order_by(_notice.leaves_at).limit(1)
    return connection.scalar(first)


def tell_due(connection: Connection, live: LiveBook, now: int) -> int:
    """Let every notice leave whose time has come; returns how many messages went to the outbox."""
    due = select(tables.notice).where(_notice.told_at.is_(None), _notice.sent, _notice.leaves_at <= now)
    notices = connection.execute(due.order_by(_notice.leaves_at, _notice.id)).all()
    return _Leaving(connection, live, now).tell(notices) if notices else 0


class _Leaving:
    """Notices that leave at one instant, in one transaction."""

    def __init__(self, connection: Connection, live: LiveBook, now: int):
        self.connection, self.live, self.now = connection, live, now
        self.settings: Notices = live.driver.policy.notices
        self.deputies = standing_in(connection, self.settings)
        self.hooks = connection.execute(select(tables.webhook).where(_webhook.active).order_by(_webhook.id)).all()
        self.number = next_number(connection, tables.outbox.c.id)
        self.rows: list[dict] = []
        self._told_today: dict[str | None, int] = {}

    def tell(self, notices: Sequence[Row]) -> int:
        """Those of the digest together, the others by themselves or, beyond the day's number, put into a digest."""
        gathered = sorted((each for each in notices if each.in_digest), key=lambda each: (self._to(each) or "", each.id))
        for to, of_one in groupby(gathered, key=self._to):
            self._send(to, list(of_one), digest=True)
        for each in notices:
            if each.in_digest:
                continue
            to = self._to(each)
            close = self._next_digest(to)
            if each.effect == "notified" and 0 < self.settings.digest_above <= self._had(to) and close < NEVER:
                self._change([each.id], in_digest=True, leaves_at=close)
            else:
                self._send(to, [each], digest=False)
        if self.rows:
            self.connection.execute(insert(tables.outbox), self.rows)
        return len(self.rows)

    def _to(self, notice: Row) -> str | None:
        return self.deputies.get(notice.unit, notice.unit)

    def _next_digest(self, to: str | None) -> int:
        close = int(next_close(self.live.days_of(to), self.now))
        return close if close == NEVER else leaves_at(self.settings, self.live.calendar_of(to).zone, close)

    def _send(self, to: str | None, notices: list[Row], *, digest: bool) -> None:
        self._told_today[to] = self._had(to) + 1
        self._change([each.id for each in notices], told_at=self.now, told_to=to)
        called = titles(self.connection, (each.record for each in notices)) if self.hooks else {}
        if not called:
            return
        about = ((each.rule, self.live.kinds[each.record], each.record) for each in notices)
        said = sayings(self.connection, self.live.driver.policy, about)
        why = reasons_at(self.connection, [(each.record, each.at) for each in notices if each.rule == ROUTING])
        readers = {each.id: About(each.record, to) for each in notices if each.effect == "escalated" and each.role != "owner"}
        past = histories(self.connection, self.live, readers.values()) if readers else {}
        bodies = [
            message(
                self.live, each, to, called[each.record], why.get((each.record, each.at)) or said.get((each.rule, each.record))
            )
            for each in notices
        ]  # fmt: skip
        body = json.dumps(digest_of(bodies, to, self.now) if digest else bodies[0], ensure_ascii=False)
        fuller = body
        if past and not digest:
            fuller = json.dumps(with_history(bodies[0], past[readers[notices[0].id]]), ensure_ascii=False)
        line = self.live.line(to)
        for hook in self.hooks:
            if hook.unit is None or hook.unit in line:
                self.rows.append(
                    {"id": self.number + len(self.rows), "webhook": hook.id, "notice": notices[0].id,
                     "body": body if hook.unit is None else fuller, "created_at": self.now, "attempts": 0, "next_at": self.now}
                )  # fmt: skip

    def _change(self, numbers: list[int], **values) -> None:
        self.connection.execute(update(tables.notice).where(_notice.id.in_(numbers)).values(**values))

    def _had(self, to: str | None) -> int:
        """Messages that somebody has had since the latest business day began; a digest counts as one."""
        if to not in self._told_today:
            query = select(_notice.in_digest, _notice.told_at).where(_notice.told_to == to)
            query = query.where(_notice.told_at >= self._morning(to))
            told = self.connection.execute(query).all()
            self._told_today[to] = sum(not each.in_digest for each in told) + len({at for digest, at in told if digest})
        return self._told_today[to]

    def _morning(self, to: str | None) -> int:
        days = self.live.days_of(to)
        index = day_of(days, self.now)
        while index > 0 and not days.days[index].business:
            index -= 1
        return int(days.days[index].midnight)


def message(
    live: LiveBook, notice: Row, to: str | None, called: Mapping[str, str], said: Mapping[str, str] | None = None
) -> dict:
    """What a notice says, for a webhook: codes for programs, and a title and a text in both languages for people.

    `called`: what its record is called, `said`: what the rule's author has it say, by language. `deputy`: the unit that it goes
    to in place of `unit`, which is on leave.
    """
    kind, record = live.kinds[notice.record], live.ids[notice.record]
    told = {name: getattr(notice, name) for name in ("id", "rule", "effect", "role", "unit", "due_at", "at", "late")}
    told |= {"kind": kind, "record": record, "deputy": None if to == notice.unit else to}
    rules = {rule.id: rule for rule in live.driver.policy.rules}
    for language in ("en", "zh"):
        about = (notice.effect, notice.role, called[language], rules.get(notice.rule), notice.rule)
        words = texts.notice_text(*about, language, said_first(said, language))
        if told["deputy"] is not None:
            words["text"] = f"{texts.deputy_text(notice.unit, language)}{words['text']}"
        told[language] = words
    return told


def with_history(told: dict, lines: Mapping[str, Sequence[str]]) -> dict:
    """A message with what was recorded of the customer; for channels of a unit, since peers may read those of the firm."""
    return told | {
        language: told[language] | {"text": told_under(told[language]["text"], lines[language], language)}
        for language in ("en", "zh")
    }


def digest_of(messages: list[dict], to: str | None, now: int) -> dict:
    """A digest of notices as one message, with all of them under `notices`."""
    told = {"id": messages[0]["id"], "effect": "digest", "unit": to, "at": now, "notices": messages}
    for language in ("en", "zh"):
        told[language] = texts.digest_text([_line(each[language]) for each in messages], language)
    return told


def _line(words: Mapping[str, str]) -> str:
    """One message in a digest: what its rule says in its author's words, or else its title."""
    said, _, why = words["text"].partition("\n")
    return said if why else words["title"]
