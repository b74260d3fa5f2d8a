"""What a person records on the board, as posted events: allowed, checked and worked off like any other."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.board.taps import Moment
from coach.customers.creating import Creation, create
from coach.customers.register import Register
from coach.entering import entered, key_of, new_key
from coach.events import PostedEvent, about_field
from coach.problems import CoachError
from coach.rules.gating import through_gates
from coach.rules.service import Service
from coach.rules.stretch import GateRefusal
from coach.store import Store, Viewer
from coach.store.own_entries import ask_for_entry
from coach.store.posting import may_post
from policies.language.predicate import value_of
from policies.record.fields import Kind
from policies.record.records import RECORD_KINDS

SOURCE = "board"
TAPS = {"contact": ("opportunity", "lead"), "first_contact": ("lead",), "attempt": ("lead",)}
"""Actions that can be recorded with one tap, and on which kinds of record."""
LEAD_FIELDS = ("customer", "phone", "tax_number")
"""What is asked of a customer before a lead is filed."""


class Recording:
    """Records for one viewer. Raises CoachError when the viewer may not, or what is recorded is wrong."""

    def __init__(self, store: Store, service: Service, viewer: Viewer):
        self._store, self._service, self._viewer = store, service, viewer

    def tap(self, event: str, kind: str, record: str, moment: Moment | None = None) -> str:
        """Record that an action has just taken place, or at the moment of a tap that was kept; returns the key by which it can
        be withdrawn."""
        if kind not in TAPS.get(event, ()):
            raise CoachError("There is no such action.", "没有这种动作。")
        return self._post(event, kind, record, {}, moment=moment)

    def step(self, event: str, record: str, payload: dict) -> tuple[str, GateRefusal | None]:
        """Move a deal on through the gates of the policy; returns the entry's key, and why it was refused if it was."""
        (posted,) = through_gates(self._viewer, [self._event(event, "opportunity", record, payload)])
        for _, refusal in may_post(self._store, self._viewer, [posted])[1]:
            raise refusal
        told = self._service.post([posted], self._viewer.name).whole()
        return posted.key, told.refusals[0] if told.refusals else None

    def withdraw(self, key: str, kind: str, record: str) -> None:
        """Take an entry back. Raises NotFound where there is none of that key on the record."""
        ask_for_entry(self._store, self._viewer, SOURCE, key, kind, record)
        self._post("voided", kind, record, {}, voids=key)

    def explain(self, kind: str, record: str, fields: dict[str, str], moment: Moment | None = None) -> None:
        """Record fields that a rule asks for, as they were typed; a stall reason reopens what is frozen."""
        payload = {name: typed(kind, name, text, self._store.calendar.zone) for name, text in fields.items()}
        if not payload or any(value is None for value in payload.values()):
            raise CoachError("Fill in every field; nothing was recorded.", "请填写每一项；尚未记录任何内容。")
        event = "stall_explained" if "stall_reason" in payload else "field_recorded"
        self._post(event, kind, record, payload, moment=moment)

    def file_lead(self, customers: Register, fields: dict[str, str], apart: Iterable[str] = ()) -> Creation:
        """File a new lead of the viewer's own unit; refused where it is likely known, unless by those said to be `apart`."""
        payload = {name: text.strip() for name, text in fields.items() if name in LEAD_FIELDS and text.strip()}
        if "customer" not in payload:
            raise CoachError("Write the customer's name; nothing was recorded.", "请填写客户名称；尚未记录任何内容。")
        if self._viewer.unit is None:
            raise CoachError("Your sign-in belongs to no unit yet.", "您的账号尚未关联单位。")
        unit = self._viewer.unit
        posted = self._event("registered", "lead", secrets.token_hex(8), payload | {"owner": unit}, unit=unit, apart=apart)
        for _, refusal in may_post(self._store, self._viewer, [posted])[1]:
            raise refusal
        done = create(self._service, customers, self._viewer, posted)
        if done.posted is not None:
            done.posted.whole()
        return done

    def _event(
        self, event: str, kind: str, record: str, payload: dict, *, voids: str | None = None, unit: str | None = None,
        apart: Iterable[str] = (), moment: Moment | None = None,
    ) -> PostedEvent:  # fmt: skip
        now = self._service.clock()
        key, at = new_key(self._viewer.name), now
        if moment is not None:
            key, at = key_of(self._viewer.name, moment.once), min(now, moment.at)
        return entered(
            source=SOURCE, key=key, event=event, kind=kind, record=record, unit=unit, acted_at=at, payload=payload,
            voids=voids, not_the_same=tuple(apart),
        )  # fmt: skip

    def _post(
        self, event: str, kind: str, record: str, payload: dict, voids: str | None = None, moment: Moment | None = None
    ) -> str:
        posted = self._event(event, kind, record, payload, voids=voids, moment=moment)
        for _, refusal in may_post(self._store, self._viewer, [posted])[1]:
            raise refusal
        self._service.post([posted], self._viewer.name).whole()
        return posted.key


def typed(kind: str, name: str, text: str, zone: str) -> float | str | None:
    """The value of a field as somebody typed it, None for nothing; CoachError for what does not fit."""
    known = isinstance(kind, Kind) or kind in RECORD_KINDS
    about, text = about_field(kind, name) if known else None, text.strip()
    if not text:
        return None
    if about is None or about.type in ("text", "choice"):
        return text
    if about.type == "instant":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise _wrong(about, text) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1000 // 1
    if about.type == "share":
        number, fault = value_of(about, text)
        if fault is not None:
            raise CoachError(fault.sentence("en"), fault.sentence("zh"))
        return number
    try:
        return float(text.replace(",", "").removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise _wrong(about, text) from None


def _wrong(about, text: str) -> CoachError:
    return CoachError(
        f"{about.en}: {text[:60]!r} does not fit; nothing was recorded.", f"{about.zh}：“{text[:60]}”不符合要求；尚未记录。"
    )
