"""A posted event: one thing that a person, a customer or another system did, as it reaches the store.

Everything comes in this way: files that are imported, a CRM that posts, pages, and an office's journal. Only events of
actors are taken; effects of rules and derived fields are computed from the record and never posted.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from coach.money import CURRENCY, MONEY, amount_of, is_code, text_of
from policies.documents.errors import nearest_name
from policies.language.predicate import CUSTOM_PREFIX, is_custom, value_of
from policies.language.quantities import IDENTIFIER
from policies.record.fields import Field as RecordField
from policies.record.fields import Kind
from policies.record.records import ACTOR_EVENTS, EFFECT_EVENTS, FIELDS, GATES, RECORD_KINDS, found_field
from policies.record.texts import LARGEST, text_number
from policies.scores.fields import CUSTOM_TYPES

EARLIEST = 631_152_000_000
"""First instant that is taken, ms: 1 January 1990 UTC. Earlier ones are mistakes of unit or century."""
LATEST = 4_102_444_800_000
"""First instant that is no longer taken, ms: 1 January 2100 UTC."""
OWN_SOURCES = ("offers", "targets", "routing", "rules", "hand-over", "scores", "rates", "absences")
"""Sources of what the coach records by itself; nobody else posts or imports in their name."""
MOST_FIELDS = 60
LONGEST_TEXT = 4000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no text may hold."""
_NOT_POSTED = ("required",)
OWN_EVENTS = ("registered", "field_recorded", "assigned", "started", "completed", "withdrawn", "voided")
"""What happens to a record of a kind that a policy declares."""
STAGE = ("opportunity", "stage")
"""The field that counts: a stage by its place, from 1."""
_OWN_SHARES = {name: RecordField(name, "share", name, name) for name, told in CUSTOM_TYPES.items() if told == "share"}
BETWEEN = {("opportunity", "view_minutes"): (0, 1440)}
"""Numbers that can only lie between two others: nobody looks at something for less than no time, or for more than a day."""


class Fault(ValueError):
    """What is wrong with a posted event, in both languages."""

    def __init__(self, en: str, zh: str):
        super().__init__(en)
        self.en = en
        self.zh = zh


def _fault(en: str, zh: str) -> PydanticCustomError:
    return PydanticCustomError("posted", "{en} / {zh}", {"en": en, "zh": zh})


def _clean(text: str) -> str:
    if not text.strip() or CONTROL.search(text):
        raise _fault("must be a text without control characters", "须为不含控制字符的文本")
    return text


def _identifier(value: Any) -> Any:
    # Ids of CRMs have up to 19 digits: as JSON numbers they would lose their last ones on the way.
    if isinstance(value, (int, float)):
        raise _fault("an id is a text: put it in quotes", "编号须为文本，请加引号")
    return value


def _instant(value: Any) -> Any:
    if isinstance(value, str):
        return instant_of(value)
    if isinstance(value, bool):
        raise _fault("must be an instant", "须为时刻")
    if value is None:
        raise _fault(
            "must be told; only recorded_at may be null, for the instant of receipt",
            "必须填写；只有 recorded_at 可为空，表示收到时刻",
        )
    return value


def instant_of(written: str) -> int:
    """Milliseconds of an ISO 8601 instant with its offset from UTC; a clock time without one is refused."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _fault("must be whole milliseconds since 1970 or ISO 8601", "须为 1970 年以来的毫秒数或 ISO 8601 时刻") from None
    if moment.tzinfo is None:
        raise _fault("needs an offset from UTC, e.g. +08:00", "须注明时区，例如 +08:00")
    return round(moment.astimezone(UTC).timestamp() * 1000)


def instant_written(text: str, zone: str) -> float | None:
    """Milliseconds of a day or instant as ISO 8601 writes it, in `zone` where it tells no offset; None for any other text and
    for what lies before 1990 or from 2100 on."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    told = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    instant = round((told - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    return float(instant) if EARLIEST <= instant < LATEST else None


def _in_range(instant: int) -> int:
    if not EARLIEST <= instant < LATEST:
        raise _fault("must lie between 1990 and 2100, in milliseconds", "须在 1990 年至 2100 年之间，单位为毫秒")
    return instant


def _one_of(names: tuple[str, ...], value: str) -> str:
    if value in names:
        return value
    if value in EFFECT_EVENTS:
        raise _fault(
            f"'{value}' is an effect of rules: it is computed, never posted", f"“{value}”是规则的效果，由系统计算，不能提交"
        )
    near = nearest_name(value, names)
    hint = (f"; did you mean '{near}'?", f"；是否想写“{near}”？") if near else ("", "")
    raise _fault(f"unknown name '{value[:60]}'{hint[0]}", f"未知名称“{value[:60]}”{hint[1]}")


def _kind(name: str) -> str:
    """A built-in kind, or a name that a policy may declare: which there are, only the store knows."""
    return name if IDENTIFIER.fullmatch(name) else _one_of(RECORD_KINDS, name)


Identifier = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_identifier), AfterValidator(_clean)]
Instant = Annotated[
    int,
    BeforeValidator(_instant, json_schema_input_type=int | str),
    Field(description="milliseconds since 1970, or ISO 8601 with an offset"),
    AfterValidator(_in_range),
]
Value = float | str | bool | None


class PostedEvent(BaseModel):
    """One event of an actor; posting the same (source, key) again changes nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Identifier = Field(description="system that it comes from, e.g. zoho")
    key: Identifier = Field(description="the source's own id of the event; (source, key) is known once and for all")
    event: Annotated[str, AfterValidator(lambda name: _one_of(ACTOR_EVENTS, name))] = Field(description="kind of event")
    kind: Annotated[str, AfterValidator(_kind)] = Field(
        description="kind of record: one of " + ", ".join(RECORD_KINDS) + ", or one that a policy declares"
    )
    record: Identifier = Field(description="id of the record, a text")
    unit: Identifier | None = Field(None, description="unit that owns the record from now on; null leaves it as it is")
    acted_at: Instant = Field(description="when it happened")
    recorded_at: Instant | None = Field(None, description="when the source recorded it; null: when it is received")
    payload: dict[str, Value] = Field(
        default={},
        max_length=MOST_FIELDS,
        description="values by field; null takes a value away; money is a number in the firm's currency, a text such as "
        "'100 EUR', or a number with 'currency' beside it",
    )
    voids: Identifier | None = Field(None, description="key of the event of the same source that a 'voided' event withdraws")
    dated: bool = Field(True, description="false where nobody knows when it happened: acted_at is then when it became known")
    intent: Annotated[str, AfterValidator(lambda name: _one_of(GATES, name))] | None = Field(
        None, description="gate to pass first; refused, the event is not recorded"
    )
    not_the_same: tuple[Identifier, ...] = Field(
        (), max_length=50,
        description="with the intent to create a lead or customer: ids of the known ones of which a person says that they are "
        "others, although it is likely the same",
    )

    @property
    def known_at(self) -> int:
        """When the source recorded it, or else when it happened, ms."""
        return self.acted_at if self.recorded_at is None else self.recorded_at

    @model_validator(mode="after")
    def _holds_together(self):
        if (self.event == "voided") != (self.voids is not None):
            raise _fault(
                "'voids' names what a 'voided' event withdraws, and stands there only", "“voids”须且只能用于“voided”事件"
            )
        if self.recorded_at is not None and self.recorded_at < self.acted_at:
            raise _fault("'recorded_at' lies before 'acted_at'", "“recorded_at”早于“acted_at”")
        if self.not_the_same and self.event != "registered":
            raise _fault("'not_the_same' goes with 'registered' only", "“not_the_same”只能用于“registered”事件")
        spent = self.payload.get("expenses")
        if self.event == "spent" and isinstance(spent, (int, float)) and spent < 0:
            raise _fault("'expenses' is what a deal has cost so far, and not below nothing", "“expenses”为累计费用，不得小于零")
        if self.event == "voided" and self.payload:
            raise _fault("a 'voided' event carries no payload", "“voided”事件不带内容")
        if self.kind in RECORD_KINDS:
            told = with_currency(self.kind, self.payload).items()
            object.__setattr__(self, "payload", {name: kept_value(self.kind, name, value) for name, value in told})
        return self


def with_currency(kind: str, payload: dict[str, Value]) -> dict[str, Value]:
    """The payload with its `currency` put to the amounts that do not state their own."""
    if CURRENCY not in payload or not MONEY[kind]:
        return payload
    code, rest = payload[CURRENCY], {name: value for name, value in payload.items() if name != CURRENCY}
    told = MONEY[kind] & rest.keys()
    if code is None:
        return rest
    if not isinstance(code, str) or not is_code(code):
        raise _fault("'currency' is a code of three capitals such as EUR", "“currency”须为三个大写字母的代码，例如 EUR")
    if not told:
        fields = ", ".join(sorted(MONEY[kind]))
        raise _fault(
            f"'currency' goes with an amount in the same payload ({fields})",
            f"“currency”须与同一内容中的金额（{fields}）一起提交",
        )
    numbers = {name: number for name in told if isinstance(number := rest[name], (int, float))}
    return rest | {name: text_of(_number(name, number), code) for name, number in numbers.items()}


def kept_value(kind: str, name: str, value: Value) -> float | str | None:
    """A payload value as the store keeps it: numbers, texts and names of choices. Raises for what does not fit the field."""
    if name.startswith(CUSTOM_PREFIX):
        if not is_custom(name):
            raise _fault(f"'{name[:60]}' is no name of a custom field", f"“{name[:60]}”不是有效的自定义字段名")
        if name in _OWN_SHARES and value is not None:
            return _share(_OWN_SHARES[name], value)
        return _number(name, value) if isinstance(value, (bool, float, int)) else _custom(name, value)
    about = about_field(kind, name)
    if about is None:
        near = nearest_name(name, [each.name for each in kind.fields] if isinstance(kind, Kind) else FIELD_OF[kind])
        hint = (f"; did you mean '{near}'?", f"；是否想写“{near}”？") if near else ("", "")
        raise _fault(f"{kind} has no field '{name[:60]}'{hint[0]}", f"{kind} 没有字段“{name[:60]}”{hint[1]}")
    if about.derived or about.linked or name in _NOT_POSTED:
        raise _fault(f"'{name}' is computed, never posted", f"“{name}”由系统计算，不能提交")
    if about.to:
        value = _identifier(value)
    if value is None or about.type == "text":
        return _text(name, value) if isinstance(value, str) or value is None else _number(name, value)
    if about.type == "choice":
        return _choice(about, value)
    if about.type == "instant":
        return float(_in_range(instant_of(value) if isinstance(value, str) else round(_number(name, value))))
    if about.type == "share":
        return _share(about, value)
    if (kind, name) == STAGE:
        return _whole(name, value)
    if (kind, name) in BETWEEN:
        return _between(name, value, *BETWEEN[kind, name])
    return _money(name, value) if name in MONEY[kind] else _number(name, value)


def _money(name: str, value: float | str | bool) -> float | str:
    if not isinstance(value, str):
        return _number(name, value)
    amount = amount_of(value)
    if amount is None:
        raise _fault(
            f"'{name}' must be a finite number, or one with its currency such as '100 EUR'",
            f"“{name}”须为有限的数，或带货币的数，例如“100 EUR”",
        )
    return text_of(_number(name, amount.number), amount.currency)


def _text(name: str, value: str | None) -> str | None:
    if value is None or not value.strip():
        return None
    if CONTROL.search(value) or len(value) > LONGEST_TEXT:
        raise _fault(
            f"'{name}' holds control characters or is longer than {LONGEST_TEXT}", f"“{name}”含控制字符或超过 {LONGEST_TEXT} 字"
        )
    return value


def _custom(name: str, value: str | None) -> float | str | None:
    """A text, or the instant that it writes in a field in which scores look for one."""
    if value is not None and CUSTOM_TYPES.get(name) == "instant":
        return float(_in_range(instant_of(value)))
    return _number(name, value) if value is not None and name in CUSTOM_TYPES else _text(name, value)


def _number(name: str, value: float | str | bool) -> float:
    if isinstance(value, str) or not math.isfinite(value):
        raise _fault(f"'{name}' must be a finite number", f"“{name}”须为有限的数")
    if abs(value) > LARGEST:
        most = f"{LARGEST:g}"
        raise _fault(f"'{name}' must lie between -{most} and {most}", f"“{name}”须在 -{most} 与 {most} 之间")
    return float(value)


def _share(about: RecordField, value: float | str | bool) -> float:
    """A share as a number or with its percent sign; 30 is meant as 30 %, and never as thirty times the whole."""
    if isinstance(value, bool):
        return _number(about.name, value)
    number, fault = value_of(about, int(value) if isinstance(value, float) and value.is_integer() else value)
    if fault is not None:
        raise _fault(fault.sentence("en").removesuffix("."), fault.sentence("zh").removesuffix("。"))
    return _number(about.name, number)


def _whole(name: str, value: float | str | bool) -> float:
    number = math.nan if isinstance(value, (bool, str)) else _number(name, value)
    if not (number >= 1 and number % 1 == 0):
        raise _fault(
            f"'{name}' must be a whole number from 1 on, 1 being the first stage", f"“{name}”须为从 1 起的整数，1 为首个阶段"
        )
    return number


def _between(name: str, value: float | str | bool, least: int, most: int) -> float:
    number = _number(name, value)
    if not least <= number <= most:
        raise _fault(f"'{name}' must lie between {least:,} and {most:,}", f"“{name}”须在 {least:,} 与 {most:,} 之间")
    return number


def _choice(about: RecordField, value: Value) -> str:
    if isinstance(value, str) and value in about.choices:
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value in range(len(about.choices)):
        return about.choices[int(value)]
    allowed = ", ".join(about.choices)
    raise _fault(f"'{about.name}' must be one of {allowed}", f"“{about.name}”须为以下之一：{allowed}")


def with_payload(event: PostedEvent, payload: dict[str, Value]) -> PostedEvent:
    """The event with another payload, which fits its kind."""
    changed = event.model_copy(update={"payload": payload})
    object.__setattr__(changed, "__pydantic_fields_set__", event.model_fields_set)
    return changed


FIELD_OF: dict[str, dict[str, RecordField]] = {kind: {field.name: field for field in fields} for kind, fields in FIELDS.items()}


def about_field(kind: str, name: str) -> RecordField | None:
    """What is known of a field that is not of the firm's own; None for none."""
    return found_field(kind, name) if isinstance(kind, Kind) else FIELD_OF[kind].get(name)


def of_declared_kind(event: PostedEvent, declared: Mapping[str, Kind]) -> PostedEvent:
    """An event on a kind that is not built in, with its payload as the store keeps it. Raises Fault for what does not fit."""
    kind, place = declared.get(event.kind), "kind"
    try:
        if kind is None or not kind.declared:
            _one_of((*RECORD_KINDS, *declared), event.kind)
            raise _fault(f"no policy of this store declares the kind '{event.kind}'", f"没有制度声明类型“{event.kind}”")
        place = "event"
        _of_own_kinds(event)
        place = "payload"
        payload = {name: kept_value(kind, name, value) for name, value in event.payload.items()}
    except PydanticCustomError as error:
        told = error.context or {}
        raise Fault(f"{place}: {told['en']}", f"{place}：{told['zh']}") from None
    return with_payload(event.model_copy(update={"kind": kind}), payload)


def _of_own_kinds(event: PostedEvent) -> None:
    if event.event not in OWN_EVENTS:
        there_are = ", ".join(OWN_EVENTS)
        raise _fault(
            f"'{event.event}' does not happen to a record of the kind '{event.kind}'; there are {there_are}",
            f"类型“{event.kind}”的记录没有事件“{event.event}”，可用：{there_are}",
        )


def as_number(kind: str, name: str, value: float | str | None) -> float:
    """The number that stands for a kept value in the book; NaN for none. A text stands as the same number everywhere."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        about = about_field(kind, name)
        return float(about.choices.index(value)) if about and about.type == "choice" else text_number(value)
    return float(value)


def fault_of(error: ValidationError) -> Fault:
    """The first thing that a validation found, in both languages, with the place where it stands."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "event"
    en, zh = said_of(first)
    return Fault(f"{place}: {en}", f"{place}：{zh}")


def said_of(error: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, in English and Chinese, with a value that pydantic refused."""
    told = error.get("ctx", {})
    if error["type"] == "posted":
        return told["en"], told["zh"]
    return error["msg"], _ZH.get(error["type"], "值不符合要求").format_map(told)


_ZH = {
    "missing": "缺少该项",
    "extra_forbidden": "不认识该项",
    "string_type": "须为文本",
    "string_too_long": "文本过长，最多 {max_length} 个字符",
    "string_too_short": "文本过短，至少 {min_length} 个字符",
    "greater_than_equal": "不得小于 {ge}",
    "greater_than": "须大于 {gt}",
    "less_than_equal": "不得大于 {le}",
    "less_than": "须小于 {lt}",
    "int_type": "须为整数",
    "int_from_float": "须为整数",
    "int_parsing": "须为整数",
    "dict_type": "须为键值对",
    "too_long": "项目过多，最多 {max_length} 项",
    "too_short": "项目过少，至少 {min_length} 项",
}
