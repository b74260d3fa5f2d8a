"""What was recorded of a customer, short and in order, for somebody to whom a deal is escalated and who does not know it (P2).

It holds contacts, promises, requests, complaints and deals, and nothing of targets. It is told of records below the unit of
whom it is for, who may see all of them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, select

from coach.money import in_currency
from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.rates import firm_currency
from coach.store.titles import record_name, titles
from policies.record.records import CUSTOMER, DESKS, LEAD, OPPORTUNITY, RECORD_KINDS, REQUEST
from policies.record.texts import text_number
from policies.words.vocabulary import CHOICES

MOST = 12
"""Entries told, the latest ones."""
_NAMED = {"lead": LEAD.customer, "opportunity": OPPORTUNITY.customer, "customer": CUSTOMER.name}
_WORDS: dict[str, tuple[str, str]] = {
    "attempt": ("could not be reached", "未联系上"), "first_contact": ("first conversation", "首次沟通"),
    "contact": ("conversation", "沟通"), "document": ("document or quote sent", "发送资料或报价"),
    "next_step": ("next conversation promised for {at}", "约定 {at} 沟通"), "needs_recorded": ("needs recorded", "记录需求"),
    "complained": ("return or complaint", "退货或投诉"),
    "satisfaction": ("satisfaction {satisfaction} of 10", "满意度 {satisfaction}/10"),
    "service_visit": ("service visit", "服务拜访"), "delivered": ("delivery", "交付"), "purchase": ("order", "下单"),
    "won": ("deal won{amount}", "赢单{amount}"), "lost": ("lost", "输单"), "no_decision": ("no decision", "未决策"),
    "viewed": ("looked at what was sent", "查看所发资料"), "answered": ("{desk} answered", "{desk}已答复"),
    "registered.lead": ("lead", "线索"), "registered.opportunity": ("deal opened{amount}", "创建商机{amount}"),
    "registered.request": ("{desk} asked{promised}", "向{desk}提出请求{promised}"),
}  # fmt: skip
_OF = ("{what} ({deal})", "{what}（{deal}）")
_PROMISED = ("; promised by {at}", "，承诺 {at} 前答复")
_AMOUNT = (", {amount}", "，{amount}")
_BY = ("{at} {who}: {what}", "{at} {who}：{what}")
_HEAD = ("What was recorded of the customer:", "该客户的服务记录：")
_EARLIER = ("{number} earlier entries", "此前另有 {number} 条")
_LANGUAGES = ("en", "zh")
_UNNAMED = {"en": "", "zh": ""}
_Deals = dict[int, dict[str, str]]
_event, _record = tables.event.c, tables.record.c
_CHUNK = 400


class About(NamedTuple):
    """The record (its row in the store) for which a history is wanted, and the unit of whom it is for."""

    row: int
    reader: str | None


def histories(connection: Connection, live: LiveBook, wanted: Iterable[About]) -> dict[About, dict[str, list[str]]]:
    """Lines by what was asked for, in "en" and "zh"; empty lists where the reader may see nothing."""
    rows = {each: _of_customer(live, each) for each in set(wanted)}
    told = _entries(connection, {row for found in rows.values() for row in found})
    deals = _deals(connection, live, told)
    zone, currency = ZoneInfo(live.calendar.zone), firm_currency(connection)
    found = {}
    for each, own in rows.items():
        entries = sorted((entry for row in own for entry in told.get(row, [])), key=lambda each: (each.acted_at, each.sequence))
        lines = [_lines(live, entries, deals, zone, currency, place) for place in range(len(_LANGUAGES))]
        found[each] = dict(zip(_LANGUAGES, lines, strict=True))
    return found


def told_under(text: str, lines: Sequence[str], language: str) -> str:
    """A text with the history under it."""
    head = _HEAD[language == "zh"]
    return "\n".join([text, head, *(f"- {line}" for line in lines)]) if lines else text


def _of_customer(live: LiveBook, about: About) -> list[int]:
    """Rows of the same customer that stand below the reader, requests on its deals among them."""
    book, kind = live.book, str(live.kinds[about.row])
    rows, used = {about.row}, int(book.counts[0].rows)
    kinds, values = book.rows.kind[:used], book.values[:used]
    names = {values[about.row, _NAMED[kind]]} if kind in _NAMED else set()
    if kind == "customer":
        names.add(text_number(live.ids[about.row]))  # deals may name it by its id
    names = {name for name in names if name == name}
    for each, column in _NAMED.items() if names else ():
        of_kind = kinds == RECORD_KINDS.index(each)
        rows |= set(np.flatnonzero(of_kind & np.isin(values[:, column], list(names))).tolist())
    deals = [text_number(live.ids[row]) for row in rows if live.kinds[row] == "opportunity"]
    asked = (kinds == RECORD_KINDS.index("request")) & np.isin(values[:, REQUEST.opportunity], deals)
    rows |= set(np.flatnonzero(asked).tolist())
    return [row for row in sorted(rows) if about.reader is not None and about.reader in live.line(live.units[row])]


class _Entry(NamedTuple):
    sequence: int
    row: int
    name: str
    acted_at: int
    unit: str | None
    payload: dict[str, Any]


def _entries(connection: Connection, rows: set[int]) -> dict[int, list[_Entry]]:
    wanted = sorted(rows)
    found: dict[int, list[_Entry]] = {}
    names = {name.partition(".")[0] for name in _WORDS}
    for start in range(0, len(wanted), _CHUNK):
        query = select(tables.event, _record.kind).join(tables.record, _record.row == _event.record)
        query = query.where(_event.record.in_(wanted[start : start + _CHUNK]), _event.event.in_((*names, "voided")))
        told = connection.execute(query.order_by(_event.sequence)).all()
        withdrawn = {(each.source, each.voids) for each in told if each.event == "voided"}
        for each in told:
            name = f"registered.{each.kind}" if each.event == "registered" else each.event
            if name in _WORDS and (each.source, each.key) not in withdrawn:
                entry = _Entry(each.sequence, each.record, name, each.acted_at, each.unit, json.loads(each.payload))
                found.setdefault(each.record, []).append(entry)
    return found


def _deals(connection: Connection, live: LiveBook, rows: Iterable[int]) -> _Deals:
    """What the deals among some rows are called, and those on which their requests are, by row."""
    among = list(rows)
    called = titles(connection, (row for row in among if live.kinds[row] == "opportunity"), _without_customer)
    by_number = {text_number(live.ids[row]): name for row, name in called.items()}
    asked = {row: live.book.values[row, REQUEST.opportunity] for row in among if live.kinds[row] == "request"}
    return called | {row: by_number[number] for row, number in asked.items() if number in by_number}


def _without_customer(kind: str, identifier: str, values: Mapping[str, Any], zone: str, currency: str | None) -> dict[str, str]:
    """What a deal is called among those of one customer: by its own name, or its day and worth."""
    own = {name: value for name, value in values.items() if name not in ("customer", "owner")}
    return record_name(kind, identifier, own, zone, currency)


def _lines(live: LiveBook, entries: list[_Entry], deals: _Deals, zone: ZoneInfo, currency: str | None, place: int) -> list[str]:
    lines = [_line(live, each, deals, zone, currency, place) for each in entries[-MOST:]]
    left = len(entries) - len(lines)
    return [_EARLIER[place].format(number=left), *lines] if left else lines


def _line(live: LiveBook, entry: _Entry, deals: _Deals, zone: ZoneInfo, currency: str | None, place: int) -> str:
    values = live.book.values[entry.row]
    told, deal = {"amount": "", "promised": "", "desk": "", "at": ""}, deals.get(entry.row, _UNNAMED)[_LANGUAGES[place]]
    amount = values[OPPORTUNITY.amount] if live.kinds[entry.row] == "opportunity" else np.nan
    worth = in_currency(f"{amount:,.0f}", currency)
    if amount == amount and worth not in deal:
        told["amount"] = _AMOUNT[place].format(amount=worth)
    if live.kinds[entry.row] == "request":
        desk, promised = values[REQUEST.desk], values[REQUEST.promised_at]
        told["desk"] = CHOICES[DESKS[int(desk)] if desk == desk else "presales"][place]
        told["promised"] = _PROMISED[place].format(at=_clock(promised, zone)) if promised == promised else ""
    if entry.name == "next_step":
        told["at"] = _clock(float(entry.payload.get("next_step_at") or entry.acted_at), zone)
    told["satisfaction"] = f"{float(entry.payload.get('satisfaction') or 0):g}"
    what = _WORDS[entry.name][place].format(**told)
    if deal:
        what = _OF[place].format(what=what, deal=deal)
    return _BY[place].format(at=_clock(entry.acted_at, zone), who=entry.unit or live.units[entry.row] or "", what=what)


def _clock(instant: float, zone: ZoneInfo) -> str:
    """Day and time of day; the day alone at its very beginning, where a source that tells days only puts what happened."""
    local = datetime.fromtimestamp(instant / 1000, zone)
    return f"{local:%Y-%m-%d %H:%M}" if local.time() != time.min else f"{local:%Y-%m-%d}"
