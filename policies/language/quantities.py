"""Kinds of value that the sections of a policy share: shares, times of day, names, texts in both languages."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from policies.documents.errors import Fault, as_validation_error
from policies.language.predicate import as_number

_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]*")


class Section(BaseModel):
    """A part of a policy: unknown keys are errors, and a document never changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @field_validator("*", mode="before")
    @classmethod
    def _yes_is_no_number(cls, written: Any, info: ValidationInfo) -> Any:
        # Pydantic would take yes for 1 and 1 for yes: a slip of the pen, not a policy.
        name = info.field_name or ""
        type_asked = cls.model_fields[name].annotation
        if type_asked in (int, float) and isinstance(written, bool):
            raise as_validation_error([Fault("not_a_number", found=written, allowed=("@number",))])
        if type_asked is bool and not isinstance(written, bool):
            raise as_validation_error([Fault("not_a_flag", found=written, allowed=("true", "false"), about=name)])
        return written


def described(default: Any, unit: str, en: str, zh: str, *, acts: dict[str, Any] | None = None, **bounds: Any) -> Any:
    """A field of a policy: its default, unit and bounds, and one line on what it means in each language.

    `acts`: where it acts when not in both worlds, see `policies.language.acting`; it holds for all that stands below.
    """
    value = {"default_factory": default} if isinstance(default, type) else {"default": default}
    extra: JsonDict = {"unit": unit, "en": en, "zh": zh, **({} if acts is None else {"acts": acts})}
    return Field(**value, description=en, json_schema_extra=extra, **bounds)


def said_of(about: FieldInfo | None) -> JsonDict:
    """What `described` says of a field: unit, `en`, `zh` and perhaps `acts`; nothing of a field that is not described."""
    extra = about.json_schema_extra if about is not None else None
    return extra if isinstance(extra, dict) else {}


class Text(Section):
    """One text in both languages."""

    en: str = described("", "text", "in English", "英文")
    zh: str = described("", "text", "in Chinese", "中文")

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


def _share(written: Any) -> float:
    number = as_number(written)
    if number is None:
        raise as_validation_error([Fault("not_a_number", found=written, allowed=("@share",))])
    return number


def _clock_time(written: Any) -> Any:
    if written is not None and not (isinstance(written, str) and _CLOCK_TIME.fullmatch(written)):
        raise as_validation_error([Fault("not_a_clock_time", found=written, allowed=("@clock_time",))])
    return written


def _identifier(written: Any) -> str:
    if not (isinstance(written, str) and IDENTIFIER.fullmatch(written)):
        raise as_validation_error([Fault("bad_identifier", found=written, allowed=("@identifier",))])
    return str(written)


SHARE_READ = BeforeValidator(_share)
"""What marks a field as one that may be written in per cent."""

Share = Annotated[
    float,
    SHARE_READ,
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%$"}]}),
]
"""A share, written as 0.2 or 20%."""

ClockTime = Annotated[
    str | None,
    BeforeValidator(_clock_time),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^(?:{_CLOCK_TIME.pattern})$"}, {"type": "null"}]}),
]
"""A time of day such as 22:00, in the office's time zone; null for none."""

Identifier = Annotated[
    str, BeforeValidator(_identifier), WithJsonSchema({"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"})
]
"""A name that commands, paths and other documents can use."""


def told_share(share: float) -> str:
    """A share as people write it, such as 15% or -2.5%."""
    return f"{round(100.0 * share, 6):g}%"


def minute_of_day(clock_time: str | None) -> int:
    """Minutes after midnight of a time of day; -1 for none."""
    if clock_time is None:
        return -1
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)
