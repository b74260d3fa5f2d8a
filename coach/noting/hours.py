"""Times of day beside a day that a note names: 下午两点半, 10am, at nine thirty, 14:00, noon."""

import re
from datetime import time

from coach.noting import numerals

_NUMBER_ZH = rf"(?:\d{{1,2}}|{numerals.ZH})"
_ZH = re.compile(
    rf"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)?\s*(?P<hour>{_NUMBER_ZH})\s*(?:点钟?|时(?!间)|[:：](?=\d\d))"
    rf"(?P<minute>半|一刻|三刻|\d{{1,2}}分?|{numerals.ZH}分?(?![万个]))?"
)
_PART_ZH = re.compile(r"凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚")
_MINUTES_EN = {"thirty": 30, "fifteen": 15, "forty five": 45, "forty-five": 45}
_HOUR_EN = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_EN = re.compile(
    rf"\b(?P<noon>noon|midday)\b|(?:\bat\s+)?(?<![\w$£€.])(?P<hour>\d{{1,2}}|{_HOUR_EN})(?:[:.](?P<figures>\d\d)"
    rf"|\s+(?P<words>thirty|fifteen"
    r"|forty[- ]five))?(?:\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|o['’]?clock|(?:in the )?(?:morning|afternoon|evening)))?(?![\w%/])",
    re.IGNORECASE,
)
MORNING, NOON, AFTERNOON, EVENING = time(9), time(12), time(14), time(19)
_PARTS = {
    "凌晨": MORNING, "早上": MORNING, "早晨": MORNING, "上午": MORNING, "早": MORNING, "中午": NOON, "下午": AFTERNOON,
    "傍晚": EVENING, "晚上": EVENING, "晚": EVENING, "morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING,
}  # fmt: skip
_PART_EN = re.compile(r"\b(morning|afternoon|evening)\b", re.IGNORECASE)
NEAR = 18
"""How many characters from the day a time of day may begin."""
_BREAK = re.compile(r"[。；;!！?？\n]|\.\s|[，,](?!\s*\d)")


def hour_at(note: str, start: int, end: int) -> tuple[time | None, time | None, int, int]:
    """The time that goes with the day at `[start, end)`: (said, part of the day, start and end of day and time together)."""
    behind = note[end : end + NEAR + 14]
    cut = _BREAK.search(behind)
    behind = behind if cut is None else behind[: cut.start()]
    for pattern, reading in ((_ZH, _of_chinese), (_EN, _of_english)):
        for match in pattern.finditer(behind):
            if match.start() <= NEAR and (found := reading(match, note[max(0, end - 1) : end])) is not None:
                return found, None, start, end + match.end()
    before = note[max(0, start - NEAR) : start]
    for match in list(_EN.finditer(before))[::-1]:
        rest = before[match.end() :].strip().lower()
        if rest in ("", "on", ",") and (match["half"] or match["figures"]) and (found := _of_english(match, "")) is not None:
            return found, None, start - len(before) + match.start(), end
    part = _PART_ZH.match(behind) or _PART_EN.match(behind.lstrip())
    if part is None and note[end - 1] in "早晚":
        return None, _PARTS[note[end - 1]], start, end
    if part is None:
        return None, None, start, end
    lead = len(behind) - len(behind.lstrip()) if part.re is _PART_EN else 0
    return None, _PARTS[part.group().lower()], start, end + lead + part.end()


def _of_chinese(match: re.Match, before: str) -> time | None:
    hour = _whole(match["hour"])
    told = match["minute"]
    minute = {"半": 30, "一刻": 15, "三刻": 45, None: 0}.get(told, -1)
    if minute == -1:
        minute = _whole(told.removesuffix("分")) or 0
    part = match["part"] or (before if before in ("早", "晚") else "")
    if hour is None:
        return None
    late = part in ("下午", "傍晚", "晚上", "晚") or (part == "中午" and hour < 11) or (not part and 1 <= hour <= 6)
    return _time(hour + 12 if late and hour < 12 else hour, minute)


def _of_english(match: re.Match, _before: str) -> time | None:
    if match["noon"]:
        return NOON
    half = (match["half"] or "").lower().replace(".", "")
    figures, words = match["figures"], match["words"]
    at = match.group().lower().startswith("at")
    if not half and not figures and not at and not words:
        return None
    hour = int(match["hour"]) if match["hour"].isdigit() else int(numerals.of_english(match["hour"]) or -1)
    minute = int(figures) if figures else _MINUTES_EN.get((words or "").lower(), 0)
    late = half.startswith("p") or half.endswith(("afternoon", "evening"))
    early = half.startswith("a") or half.endswith("morning")
    if late and hour < 12 or (not late and not early and not figures and 1 <= hour <= 6) or (
        not half and figures and 1 <= hour <= 6
    ):  # fmt: skip
        hour += 12
    return _time(0 if early and hour == 12 else hour, minute)


def _whole(text: str) -> int | None:
    value = float(text) if text.isdigit() else numerals.of_chinese(text)
    return None if value is None else int(value)


def _time(hour: int, minute: int) -> time | None:
    return time(hour % 24, minute) if 0 <= hour <= 24 and 0 <= minute < 60 else None
