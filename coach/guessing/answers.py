"""A person's answers: each is to a question that can be asked, and one of its answers."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from coach.guessing.doubts import ASKED, BLANK_OWNER, LEFT_OUT, NOBODY, TIMES
from coach.guessing.money import FIRM
from coach.guessing.sources import Raw
from coach.mapping.files import MappingError
from coach.money import is_code
from policies.documents.errors import nearest_name

_COLUMN, _STAGE = "column.", "stage."
_FATES = ("open", "won", "lost")


def check_answers(answers: Mapping[str, str], tables: set[str], deals: Raw, stage_column: str | None) -> None:
    """Raises MappingError for an answer to no question, or that is none of its answers."""
    columns = [str(name) for name in deals.cells.columns]
    values = [] if stage_column is None else [str(value) for value in deals.cells[stage_column].unique() if value]
    allowed: dict[str, list[str]] = {"day_or_month": ["day", "month"], "deals": sorted(tables), "won": ["", *values]}
    allowed |= {"times": [*TIMES], "unread": ["set_aside"], BLANK_OWNER: [NOBODY, LEFT_OUT]}
    allowed |= {f"{_COLUMN}{concept}": ["", *columns] for concept in ASKED}
    allowed |= {f"{_STAGE}{value}": [*_FATES] for value in values}
    for key, value in answers.items():
        if key == "zone":
            _check_zone(value)
        elif key == FIRM:
            if not is_code(value):
                raise _wrong(f"{FIRM}={value}", value, ["CNY", "EUR", "USD"], "is no code of a currency", "不是货币代码")
        elif key not in allowed:
            raise _wrong(key, key, list(allowed), "is no question", "不是可回答的问题")
        elif value not in allowed[key]:
            raise _wrong(f"{key}={value}", value, allowed[key], "is no answer to that", "不是该问题的答案")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _wrong(f"zone={name}", name, ["Asia/Shanghai", "Europe/Berlin"], "is no time zone", "不是时区") from None


def _wrong(written: str, found: str, allowed: list[str], en: str, zh: str) -> MappingError:
    near = nearest_name(found, allowed)
    shown = ", ".join(each or "(empty)" for each in allowed[:20])
    hint = (f" Did you mean '{near}'?", f"是否想写“{near}”？") if near else ("", "")
    return MappingError(
        f"The answer '{written}' {en}; there are {shown}.{hint[0]} Nothing was stored.",
        f"“{written}”{zh}；可用：{shown}。{hint[1]}未存储任何内容。",
    )
