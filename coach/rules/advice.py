"""What a rep should do now, and why: obligations from rules first, then actions by expected value per minute."""

import heapq
from collections.abc import Callable, Sequence
from typing import NamedTuple

from coach import texts
from coach.desks.queue import approvals_asked
from coach.guidance.cards import Card, cards
from coach.messages.saying import said_first, saying_of
from coach.money import in_currency
from coach.offering.offered import STANDS_MS, offered
from coach.rules.service import Service
from coach.rules.worded import rule_text, with_todo_texts
from coach.store import reading
from coach.store.store import Store
from coach.store.viewer import Viewer
from policies.language.policy import Policy
from policies.record.phases import phase_at
from policies.record.records import APPROVALS, DESKS
from policies.time.calendar_arrays import DAY_MS

AHEAD_MS = 7 * DAY_MS
"""How far ahead obligations are told that a rule is going to make."""
MOST_ACTIONS = 20
MINUTES = (45.0, 60.0, 90.0, 60.0, 50.0)
"""Minutes of the usual next step in each phase, as the office assumes: discovery, demo, visit, negotiation, contract."""
FEW = 20
"""Closed opportunities below which shares are said to rest on little."""
PRIOR_CASES, PRIOR_SHARE = 4.0, 0.25
"""A stage without history counts as so many closed opportunities with this share of wins."""


class Share(NamedTuple):
    """Of the closed opportunities that got to a stage how many were won, and the share to reckon with for the next one."""

    share: float
    cases: int
    won: int


def win_shares(outcomes: Sequence[tuple[float, str, int]], stages: int) -> list[Share]:
    """Shares by stage from 1 on, from (last stage, status, number) of closed opportunities."""
    shares = []
    for stage in range(1, stages + 1):
        reached = [(status, number) for last, status, number in outcomes if last >= stage]
        cases = sum(number for _, number in reached)
        won = sum(number for status, number in reached if status == "won")
        shares.append(Share((won + PRIOR_CASES * PRIOR_SHARE) / (cases + PRIOR_CASES), cases, won))
    return shares


class Action(NamedTuple):
    """Something a rep could do for a record."""

    kind: str
    record: str
    stage: int
    minutes: float
    value_per_minute: float
    reasons: dict[str, list[str]]


Rank = Callable[[Sequence[dict], Sequence[Share], Policy, int, int], list[Action]]


def minutes_at(stage: int, policy: Policy) -> float:
    """Minutes of the usual next step of an opportunity in a stage: those of the work with which the stage begins."""
    return MINUTES[phase_at(stage, policy.begins) - 1]


def rank_actions(deals: Sequence[dict], shares: Sequence[Share], policy: Policy, now: int, most: int) -> list[Action]:
    """Open opportunities by win share of their stage × amount ÷ minutes of the next step: the best `most`, best first."""
    found = []
    for deal in deals:
        values = deal["values"]
        amount = values.get("amount")
        if values.get("frozen") == 1.0 or not amount:
            continue
        stage = min(max(int(values.get("stage", 1)), 1), len(shares))
        value = shares[stage - 1].share * amount / minutes_at(stage, policy)
        found.append((-value, deal["id"], stage, deal))
    best = heapq.nsmallest(most, found, key=lambda each: each[:2])
    return [_action(deal, stage, -value, shares[stage - 1], policy, now) for value, _, stage, deal in best]


def _action(deal: dict, stage: int, value: float, share: Share, policy: Policy, now: int) -> Action:
    values, minutes = deal["values"], minutes_at(stage, policy)
    idle = (now - values["last_action_at"]) / DAY_MS if "last_action_at" in values else None
    name = policy.stages[stage - 1].name
    worth = in_currency(f"{values['amount']:,.0f}", deal.get("currency"))
    reasons = {
        language: texts.action_reasons(name[language], share, worth, minutes, idle, FEW, language) for language in ("en", "zh")
    }
    return Action(deal["kind"], deal["id"], stage, minutes, value, reasons)


def today(store: Store, service: Service, viewer: Viewer, rep: str, now: int, rank: Rank = rank_actions) -> dict:
    """A rep's list: `obligations`, those overdue first, then `actions`. NotFound when the viewer may not see that rep."""
    reading.record(store, viewer, "unit", rep)
    policy = service.policy()
    deals = reading.open_opportunities(store, viewer, rep)
    shares = win_shares(reading.stage_outcomes(store, viewer), len(policy.stages))
    obligations = [
        *_todos(store, service, viewer, rep),
        *_asked_for(deals),
        *_approvals(store, deals),
        *_offered(service, deals, now),
        *_coming(service, rep, policy, now),
    ]
    obligations.sort(key=lambda each: each["due_at"])
    actions = rank(deals, shares, policy, now, MOST_ACTIONS)
    told_of = [(each["kind"], each["record"]) for each in obligations] + [(each.kind, each.record) for each in actions]
    called = reading.titles_of(store, told_of)
    with store.read() as connection:
        musts = {deal["id"]: found.get(deal["row"]) for found in [cards(connection, policy, deals, now)] for deal in deals}
    return {
        "rep": rep,
        "at": now,
        "obligations": [
            {**each, "title": called[each["kind"], each["record"]], "overdue": _overdue(each, now)} for each in obligations
        ],
        "actions": [
            each._asdict() | {"title": called[each.kind, each.record], "must": _must(musts.get(each.record))}
            for each in actions
        ],
        "open_opportunities": len(deals),
    }


def _overdue(obligation: dict, now: int) -> bool:
    """Whether the rep is late with it; what waits for a desk is nobody's delay but the desk's."""
    return obligation["what"] != "waits" and obligation["due_at"] <= now


def _must(card: Card | None) -> list[dict[str, str]]:
    """What a newcomer's card says to do, by language; nothing without a card."""
    return [] if card is None else [each._asdict() for each in card.must]


def _obligation(kind: str, record: str, what: str, rule: str | None, due_at: int, told: dict[str, str], **more) -> dict:
    return {"kind": kind, "record": record, "what": what, "rule": rule, "due_at": due_at, "text": told, **more}


def _todos(store: Store, service: Service, viewer: Viewer, rep: str) -> list[dict]:
    rules = {rule.id: rule for rule in service.policy().rules}

    def named(each: dict) -> dict[str, str]:
        return {lang: texts.todo_title(rules.get(each["rule"]), each["role"], lang) for lang in ("en", "zh")}

    return [
        _obligation(
            each["kind"], each["record_id"], "todo", each["rule"], each["due_at"], each["text"], todo=each["id"],
            named=named(each),
        )  # fmt: skip
        for each in with_todo_texts(service, reading.todos(store, viewer, unit=rep))
    ]


def to_record(deal: dict) -> list[str]:
    """Fields that a rule wants somebody to record on a deal; a frozen one wants a reason at least."""
    asked = [name for name in deal["required"] if name not in APPROVALS]
    return asked or (["stall_reason"] if deal["values"].get("frozen") == 1.0 else [])


def to_approve(deal: dict) -> list[str]:
    """Desks whose approval a deal lacks: they give it by answering a request, and nobody records it for them."""
    return [desk for desk, name in zip(DESKS, APPROVALS, strict=True) if name in deal["required"]]


def _asked_for(deals: Sequence[dict]) -> list[dict]:
    """Fields that a rule asked for, and frozen deals with how to reopen them."""
    found = []
    for deal in deals:
        frozen = deal["values"].get("frozen") == 1.0
        missing = to_record(deal)
        if missing:
            told = {language: texts.asked_text(deal["kind"], missing, frozen, language) for language in ("en", "zh")}
            found.append(
                _obligation(deal["kind"], deal["id"], "frozen" if frozen else "required", None, deal["updated_at"], told,
                            missing=missing)
            )  # fmt: skip
    return found


def _approvals(store: Store, deals: Sequence[dict]) -> list[dict]:
    """Approvals that deals lack: `waits` where the desk has been asked, `ask` where it is still to be, or said no."""
    lacking = {deal["id"]: desks for deal in deals if (desks := to_approve(deal))}
    asked = approvals_asked(store, lacking)
    found = []
    for deal in deals:
        for desk in lacking.get(deal["id"], ()):
            one = (deal["id"], desk)
            told = {language: texts.approval_text(desk, one in asked, language) for language in ("en", "zh")}
            due_at = asked.get(one) or deal["updated_at"]
            found.append(_obligation("opportunity", deal["id"], "waits" if one in asked else "ask", None, due_at, told))
    return found


def _offered(service: Service, deals: Sequence[dict], now: int) -> list[dict]:
    """What rules say to send to customers; each stands for a while."""
    with service.store.read() as connection:
        found = offered(connection, [deal["row"] for deal in deals], now)
    return [
        _obligation(
            deal["kind"], deal["id"], "offered", each.rule, each.at + STANDS_MS, rule_text(service, each.rule), offer=each.offer
        )
        for deal in deals if (each := found.get(deal["row"])) is not None
    ]  # fmt: skip


def _coming(service: Service, rep: str, policy: Policy, now: int) -> list[dict]:
    """What rules are going to do within a week unless something is recorded before."""
    rules, found = {rule.id: rule for rule in policy.rules}, []
    for kind, record, rule, due_at in service.coming(rep, now + AHEAD_MS):
        said = saying_of(service.store, policy, rule, kind, record)
        told = {language: texts.coming_text(rules[rule], language, said_first(said, language)) for language in ("en", "zh")}
        found.append(_obligation(kind, record, "coming", rule, due_at, told))
    return found
