"""Messages leave through a real HTTP server: once, in order for each target, tried again, in the form that the target takes."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from coach.messages.formats import FORMATS, problem_in, request_for
from coach.messages.outbox import FIRST_PAUSE_MS, MOST_ATTEMPTS, Sender, add_webhook, messages, pause_ms
from coach.messages.quiet_hours import leaves_at
from coach.problems import NotAllowed
from coach.store import SYSTEM, Viewer
from policies.language.policy import Policy
from tests.coach.firm import OFFICE, STALL, Firm, at, policy_of

ANSWERS = {"wecom": {"errcode": 0}, "dingtalk": {"errcode": 0}, "feishu": {"code": 0}, "slack": "ok", "generic": {}}


class Target:
    """A server that keeps what it was sent; `refuse` makes it answer 503."""

    def __init__(self, answer=None):
        self.taken: list[tuple[str, dict]] = []
        self.headers: list[dict] = []
        self.refuse = False
        target = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not target.refuse:
                    target.taken.append((self.headers["Idempotency-Key"], body))
                    target.headers.append(dict(self.headers) | {"path": self.path})
                told = json.dumps(answer or {}).encode()
                self.send_response(503 if target.refuse else 200)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_):
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook?key=topsecret"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def target():
    target = Target()
    yield target
    target.close()


@pytest.fixture
def firm(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal("A", "rep-1")
    firm.deal("B", "rep-2")
    return firm


def due(firm: Firm) -> Sender:
    """Two deals fall due: four notices."""
    firm.until("2026-01-13 00:00")
    return Sender(firm.store, lambda: firm.now)


def test_messages_go_out_once_and_in_order(firm, target):
    add_webhook(firm.store, SYSTEM, firm.now, name="all", form="generic", url=target.url)
    sender = due(firm)
    assert sender.send_due() == 4
    assert sender.send_due() == 0
    assert [(body["record"], body["role"]) for _, body in target.taken] == [
        ("A", "owner"), ("A", "manager"), ("B", "owner"), ("B", "manager"),
    ]  # fmt: skip
    assert len({key for key, _ in target.taken}) == 4
    assert all(body["en"]["title"].isascii() and not body["zh"]["title"].isascii() for _, body in target.taken)


def test_a_target_that_refuses_holds_up_only_its_own_messages(firm, target):
    other = Target()
    add_webhook(firm.store, SYSTEM, firm.now, name="down", form="generic", url=target.url)
    add_webhook(firm.store, SYSTEM, firm.now, name="up", form="generic", url=other.url)
    target.refuse = True
    sender = due(firm)
    assert sender.send_due() == 4
    assert (len(target.taken), len(other.taken)) == (0, 4)
    target.refuse = False
    assert sender.send_due() == 0  # not before its time
    firm.now += FIRST_PAUSE_MS
    assert sender.send_due() == 4
    assert [body["id"] for _, body in target.taken] == sorted(body["id"] for _, body in target.taken)
    other.close()


@pytest.mark.parametrize(
    ("quiet", "now", "leaves"),
    [
        (("22:00", "08:00"), "2026-01-12 21:59", "2026-01-12 21:59"),
        (("22:00", "08:00"), "2026-01-12 22:00", "2026-01-13 08:00"),
        (("22:00", "08:00"), "2026-01-13 07:59", "2026-01-13 08:00"),
        (("22:00", "08:00"), "2026-01-13 08:00", "2026-01-13 08:00"),
        (("12:00", "13:30"), "2026-01-12 12:30", "2026-01-12 13:30"),
        (("12:00", "13:30"), "2026-01-12 14:00", "2026-01-12 14:00"),
        (("18:00", "00:00"), "2026-01-12 20:00", "2026-01-13 00:00"),
        ((None, None), "2026-01-12 03:00", "2026-01-12 03:00"),
    ],
)
def test_quiet_hours_end_when_the_policy_says(quiet, now, leaves):
    notices = Policy(name="quiet", notices={"quiet_from": quiet[0], "quiet_to": quiet[1]}).notices
    assert leaves_at(notices, OFFICE.zone, at(now)) == at(leaves)


def test_a_message_that_falls_into_quiet_hours_leaves_when_they_end(tmp_path, target):
    firm = Firm(tmp_path, policy_of(STALL, notices={"quiet_from": "08:00", "quiet_to": "11:00"}))
    add_webhook(firm.store, SYSTEM, firm.now, name="all", form="generic", url=target.url)
    firm.deal("A")
    firm.until("2026-01-12 09:00")
    sender = Sender(firm.store, lambda: firm.now)
    assert sender.send_due() == 0
    assert firm.service.next_due() == at("2026-01-12 11:00")
    firm.until("2026-01-12 11:00")
    assert sender.send_due() == 2


def test_only_what_is_for_the_unit_of_a_target_reaches_it(firm, target):
    add_webhook(firm.store, SYSTEM, firm.now, name="rep-2", form="generic", url=target.url, unit="rep-2")
    due(firm).send_due()
    assert [(body["record"], body["unit"]) for _, body in target.taken] == [("B", "rep-2")]


def test_what_nobody_takes_is_given_up_after_a_day_or_so_and_the_audit_log_says_so(firm, target):
    add_webhook(firm.store, SYSTEM, firm.now, name="down", form="generic", url=target.url)
    target.refuse = True
    sender, start = due(firm), firm.now
    for _ in range(MOST_ATTEMPTS):
        firm.now = max(firm.now, sender.next_at())
        sender.send_due()
    first = messages(firm.store, SYSTEM)[-1]
    assert (first["attempts"], first["problem"], first["given_up_at"] is not None) == (MOST_ATTEMPTS, "HTTP 503", True)
    assert 12 <= (firm.now - start) / 3_600_000 <= 36
    assert pause_ms(1) < pause_ms(2) <= pause_ms(100)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_what_its_tool_takes(firm, form):
    target = Target(ANSWERS[form])
    add_webhook(firm.store, SYSTEM, firm.now, name=form, form=form, url=target.url, secret="shh", language="zh")
    assert due(firm).send_due() == 4
    body, headers = target.taken[0][1], target.headers[0]
    told = {
        "generic": lambda: body["zh"]["title"], "wecom": lambda: body["markdown"]["content"],
        "dingtalk": lambda: body["markdown"]["text"], "feishu": lambda: body["content"]["text"], "slack": lambda: body["text"],
    }[form]()  # fmt: skip
    assert "2026 年 1 月 5 日的商机" in told
    signed = {
        "generic": "X-Rehearse-Signature" in headers, "dingtalk": "sign=" in headers["path"], "feishu": "sign" in body,
        "wecom": True, "slack": True,
    }  # fmt: skip
    assert signed[form]
    target.close()


def test_an_answer_of_200_may_still_be_a_refusal():
    assert problem_in("wecom", 200, b'{"errcode": 93000}') == "errcode 93000"
    assert problem_in("dingtalk", 200, b"<html>") is not None
    assert problem_in("feishu", 200, b'{"StatusCode": 0}') is None
    assert problem_in("slack", 302, b"") == "HTTP 302"
    assert request_for("slack", "http://x", None, {"en": {"title": "t", "text": "x"}}, "en", 0).headers["Content-Type"]


def test_no_secret_reaches_the_log(firm, target, caplog):
    caplog.set_level(logging.DEBUG)
    add_webhook(firm.store, SYSTEM, firm.now, name="down", form="generic", url=target.url, secret="hidden")
    target.refuse = True
    due(firm).send_due()
    assert "down" in caplog.text
    assert "topsecret" not in caplog.text
    assert "hidden" not in caplog.text


def test_targets_are_an_admins_business(firm):
    with pytest.raises(NotAllowed):
        add_webhook(firm.store, Viewer("m", "manager", "team-1"), firm.now, name="x", form="generic", url="https://x")
