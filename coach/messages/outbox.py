"""The outbox: messages leave once, in order for each target, and are tried again until they are taken.

A message is written in the transaction that causes it and marked when its target has taken it. A process that dies between the
two sends it again with the same `Idempotency-Key`, by which the target can tell.
"""

import json
import logging
from collections.abc import Callable
from typing import NamedTuple

import httpx
from sqlalchemy import func, insert, select, update

from coach.messages.formats import FORMATS, Request, problem_in, request_for
from coach.problems import CoachError, not_found
from coach.serving.worker import Worker
from coach.store import tables
from coach.store.appending import now_ms
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask

FIRST_PAUSE_MS = 5_000
LONGEST_PAUSE_MS = 3_600_000
MOST_ATTEMPTS = 30
"""About a day of trying; then the message is given up, which the audit log says, and the next one goes."""
TIMEOUT_SECONDS = 10.0
IDLE_SECONDS = 60.0
_TEST = {
    "en": {"title": "Test message", "text": "Messages of Rehearse reach this place. Nobody has to do anything."},
    "zh": {"title": "测试消息", "text": "预演的消息可以送达此处，无需任何处理。"},
    "test": True,
}
_webhook, _outbox = tables.webhook.c, tables.outbox.c
_log = logging.getLogger("rehearse.outbox")


class Waiting(NamedTuple):
    """The first message that waits for a target."""

    id: int
    webhook: int
    name: str
    format: str
    url: str
    secret: str | None
    language: str
    body: str
    attempts: int
    next_at: int


def pause_ms(attempts: int) -> int:
    """Time until the next attempt after so many failed ones."""
    return min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(attempts - 1, 20))


def waiting(store: Store) -> list[Waiting]:
    """The first message of each target that has not gone out."""
    first = (
        select(func.min(_outbox.id)).where(_outbox.sent_at.is_(None), _outbox.given_up_at.is_(None)).group_by(_outbox.webhook)
    )
    columns = (
        _outbox.id, _outbox.webhook, _webhook.name, _webhook.format, _webhook.url, _webhook.secret, _webhook.language,
        _outbox.body, _outbox.attempts, _outbox.next_at,
    )  # fmt: skip
    query = select(*columns).join(tables.webhook, _outbox.webhook == _webhook.id).where(_outbox.id.in_(first), _webhook.active)
    with store.read() as connection:
        return [Waiting._make(row) for row in connection.execute(query.order_by(_outbox.id))]


class Sender(Worker):
    """Sends what waits. `send_due` does it once; `start` does it in a thread until `stop`."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms):
        super().__init__("outbox", FIRST_PAUSE_MS / 1000)
        self.store = store
        self.clock = clock
        # These would write every address, secrets included, into the log.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def send_due(self) -> int:
        """Send every message whose turn and time have come; returns how many were taken."""
        taken = 0
        with _client() as client:
            while True:
                due = [each for each in waiting(self.store) if each.next_at <= self.clock()]
                if not due or self.stopping:
                    return taken
                taken += sum(self._send(client, each) for each in due)

    def next_at(self) -> int | None:
        """When the next attempt is due, ms; None when nothing waits."""
        return min((each.next_at for each in waiting(self.store)), default=None)

    def _send(self, client: httpx.Client, message: Waiting) -> bool:
        now = self.clock()
        request = request_for(message.format, message.url, message.secret, json.loads(message.body), message.language, now)
        problem = _delivered(client, message.format, request, f"rehearse-{message.id}")
        with self.store.write() as connection:
            attempts = message.attempts + 1
            changed = {"attempts": attempts, "problem": problem}
            if problem is None:
                changed["sent_at"] = self.clock()
            elif attempts >= MOST_ATTEMPTS:
                changed["given_up_at"] = self.clock()
                audited(connection, now, "system", "message_given_up", str(message.id), webhook=message.name, problem=problem)
            else:
                changed["next_at"] = self.clock() + pause_ms(attempts)
            connection.execute(update(tables.outbox).where(_outbox.id == message.id).values(**changed))
        if problem is not None:
            _log.warning("message %d to %s was not taken (%s), attempt %d", message.id, message.name, problem, attempts)
        return problem is None

    def work(self) -> float:
        """Send what is due."""
        self.send_due()
        due = self.next_at()
        return IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.05, (due - self.clock()) / 1000))


def _client() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)


def _delivered(client: httpx.Client, form: str, request: Request, key: str) -> str | None:
    """Hand a message over; why it was not taken, None where it was."""
    try:
        answer = client.post(request.url, content=request.body, headers=request.headers | {"Idempotency-Key": key})
        return problem_in(form, answer.status_code, answer.content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__  # only the kind of error: its text names the address


def send_test(store: Store, viewer: Viewer, at: int, name: str) -> None:
    """Send a target a message that says that it is a test, at once and once. CoachError with why it was not taken."""
    ask(viewer, "admin")
    columns = (_webhook.format, _webhook.url, _webhook.secret, _webhook.language)
    with store.read() as connection:
        target = connection.execute(select(*columns).where(_webhook.name == name)).one_or_none()
    if target is None:
        raise not_found("webhook", "Webhook", name)
    request = request_for(target.format, target.url, target.secret, _TEST, target.language, at)
    with _client() as client:
        problem = _delivered(client, target.format, request, f"rehearse-test-{at}")
    with store.write() as connection:
        audited(connection, at, viewer.name, "message_tested", name, problem=problem)
    if problem is not None:
        raise CoachError(
            f"{name} did not take the test message: {problem}. Look at its address, its secret and its format.",
            f"“{name}”未接收测试消息：{problem}。请检查其地址、密钥与格式。",
        )


def add_webhook(
    store: Store, viewer: Viewer, at: int, *, name: str, form: str, url: str, secret: str | None = None,
    unit: str | None = None, language: str = "en",
) -> int:  # fmt: skip
    """Add a target, or change the one of that name; returns its number. `unit`: only what is for it or those below it."""
    ask(viewer, "admin")
    if form not in FORMATS:
        raise CoachError(f"A format is one of {', '.join(FORMATS)}.", f"格式须为以下之一：{', '.join(FORMATS)}。")
    if not url.startswith(("http://", "https://")):
        raise CoachError("The address of a webhook begins with https://.", "Webhook 地址须以 https:// 开头。")
    values = {"format": form, "url": url, "secret": secret, "unit": unit, "language": language, "active": True}
    with store.write() as connection:
        number = connection.scalar(select(_webhook.id).where(_webhook.name == name))
        if number is None:
            number = next_number(connection, _webhook.id)
            connection.execute(insert(tables.webhook).values(id=number, name=name, **values))
        else:
            connection.execute(update(tables.webhook).where(_webhook.id == number).values(**values))
        audited(connection, at, viewer.name, "webhook_set", name, format=form, unit=unit)
        return number


def switch_off_webhook(store: Store, viewer: Viewer, at: int, name: str) -> None:
    """Send nothing more to a target; what waits stays in the outbox."""
    _switch(store, viewer, at, name, active=False)


def switch_on_webhook(store: Store, viewer: Viewer, at: int, name: str) -> None:
    """Send to a target again; what waited goes first."""
    _switch(store, viewer, at, name, active=True)


def _switch(store: Store, viewer: Viewer, at: int, name: str, *, active: bool) -> None:
    ask(viewer, "admin")
    with store.write() as connection:
        changed = connection.execute(update(tables.webhook).where(_webhook.name == name).values(active=active))
        if changed.rowcount == 0:
            raise not_found("webhook", "Webhook", name)
        audited(connection, at, viewer.name, "webhook_on" if active else "webhook_off", name)


def webhooks(store: Store, viewer: Viewer) -> list[dict]:
    """All targets, without their addresses and secrets."""
    ask(viewer, "admin")
    columns = (_webhook.id, _webhook.name, _webhook.format, _webhook.unit, _webhook.language, _webhook.active)
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(*columns).order_by(_webhook.id))]


def messages(store: Store, viewer: Viewer, *, limit: int = 100) -> list[dict]:
    """Messages with what became of them, the latest first."""
    ask(viewer, *SEE_EVERYTHING)
    columns = (
        _outbox.id, _webhook.name.label("webhook"), _outbox.notice, _outbox.created_at, _outbox.attempts, _outbox.next_at,
        _outbox.sent_at, _outbox.given_up_at, _outbox.problem,
    )  # fmt: skip
    query = select(*columns).join(tables.webhook, _outbox.webhook == _webhook.id).order_by(_outbox.id.desc()).limit(limit)
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]
