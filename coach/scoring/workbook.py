"""Scores as an Excel workbook: sheets for reps, opportunities, customers and the funnel, and how to read them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from coach.scoring.readings import ALSO_IN_SHEETS
from coach.scoring.rows import Row
from coach.scoring.scores import Scored
from coach.winning.few import TooLittleHistory
from coach.winning.model import PLENTY, WITHIN_DAYS, Reason, reason_text
from policies.record.records import FIELDS
from policies.scores.about import About, written
from policies.scores.catalogue import ABOUT
from policies.scores.score import Score, Words

_FILLS = {"green": "C6E7CE", "amber": "FFE8A3", "red": "F6B8B0"}
_WIDE = 60
_MOVED = 0.05
"""The level of wins is spoken of where it moved the chances by so much."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FIELD_NAMES = {field.name: (field.en, field.zh) for fields in FIELDS.values() for field in fields}
_FORMATS = dict.fromkeys(("win", "ever", "if_closed", "s5", "share", "benchmark"), "0%")
_FORMATS |= dict.fromkeys(("expected_wins", "wins"), "#,##0.0")
_TEXTS: dict[str, tuple[str, str]] = {
    "reps": ("Reps", "销售"),
    "opportunities": ("Opportunities", "商机"),
    "customers": ("Customers", "客户"),
    "funnel": ("Funnel", "漏斗"),
    "about": ("About", "说明"),
    "id": ("id", "编号"),
    "unit": ("owner unit", "所属"),
    "stage": ("stage", "阶段"),
    "amount": ("expected value", "预计金额"),
    "s1": ("S1 health, 0-100", "S1 健康度（0–100）"),
    "alarm": ("alarm", "预警"),
    "s3": ("S3 journey, 0-100", "S3 旅程完整度（0–100）"),
    "s4": ("S4 health, 0-100", "S4 健康度（0–100）"),
    "s5": ("S5 time lost", "S5 时间损耗"),
    "s11": ("S11 funnel", "S11 漏斗"),
    "win": (f"won within {WITHIN_DAYS} days", f"{WITHIN_DAYS} 天内赢单概率"),
    "ever": ("ever won", "最终赢单概率"),
    "if_closed": ("won, if closed", "若关闭则赢单概率"),
    "why": ("reasons", "理由"),
    "why_win": ("reasons of the probability", "概率的理由"),
    "missing": ("not recorded", "未记录"),
    "open": ("open opportunities", "进行中商机"),
    "mean_health": ("mean S1", "S1 均值"),
    "expected_wins": (f"wins expected within {WITHIN_DAYS} days", f"{WITHIN_DAYS} 天内预期赢单数"),
    "forecast": ("Expected wins", "预期赢单"),
    "from_day": ("from day", "自第几天"),
    "to_day": ("to day", "至第几天"),
    "wins": ("wins expected of what is open", "在途商机的预期赢单数"),
    "low": ("low (10 %)", "下限（10%）"),
    "high": ("high (90 %)", "上限（90%）"),
    "substitute": ("plan a substitute", "需规划替代客户"),
    "who": ("who", "范围"),
    "firm": ("the firm", "全公司"),
    "known": ("left the stage", "离开该阶段"),
    "went_on": ("went on", "继续推进"),
    "share": ("share", "推进率"),
    "benchmark": ("benchmark", "基准"),
    "bottleneck": ("bottleneck", "瓶颈"),
    "yes": ("yes", "是"),
    "more": ("Further scores", "其他评分"),
    "score": ("score", "评分"),
    "title": ("of", "对象"),
    "value": ("value", "数值"),
    "interval": ("90 % interval", "90% 区间"),
    "cases": ("cases", "个案数"),
    "two_weeks": ("below 60 two weeks running", "连续两周低于 60"),
    "two_months": ("two red months", "连续两个月为红"),
}


def write_scores(scored: Scored, path: str | Path, language: str, zone: str) -> Path:
    """Write the workbook in "en" or "zh"; instants are told in the time zone. Raises OSError when it cannot be written."""
    book = Workbook()
    book.remove(book.active)
    writer = _Writer(book, 1 if language == "zh" else 0, scored.currency, scored.stages)
    writer.reps(scored)
    writer.opportunities(scored)
    writer.customers(scored)
    writer.funnel(scored)
    if scored.expected:
        writer.forecast(scored)
    writer.further(scored)
    writer.about(scored, zone)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


class _Writer:
    def __init__(self, book: Workbook, language: int, currency: str | None, stages: dict[int, Words]):
        self.book, self.language, self.currency, self.stages = book, language, currency, stages

    def said(self, key: str) -> str:
        return _TEXTS[key][self.language]

    def head(self, column: str) -> str:
        if column != "amount" or self.currency is None:
            return self.said(column)
        return f"{self.said(column)}（{self.currency}）" if self.language else f"{self.said(column)} ({self.currency})"

    def words(self, words: Iterable[Words]) -> str:
        return ("；" if self.language else "; ").join(each[self.language] for each in words)

    def fields(self, names: Iterable[str]) -> str:
        return ("、" if self.language else ", ").join(_FIELD_NAMES.get(name, (name, name))[self.language] for name in names)

    def why(self, reasons: Iterable[Reason]) -> str:
        language = ("en", "zh")[self.language]
        return ("；" if self.language else "; ").join(reason_text(each, language, self.stages) for each in reasons)

    def stage(self, number: float | None) -> str | float | None:
        name = None if number is None else self.stages.get(int(number))
        return number if name is None else name[self.language]

    def sheet(self, key: str, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
        sheet = self.book.create_sheet(self.said(key))
        sheet.append([self.head(column) for column in columns])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for number, row in enumerate(rows, start=2):
            for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
                self.cell(sheet.cell(number, place), column, value)
        for place, column in enumerate(columns, start=1):
            wide = column in ("why", "why_win", "missing", "s11")
            sheet.column_dimensions[get_column_letter(place)].width = _WIDE if wide else 18
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = sheet.dimensions

    def cell(self, cell, column: str, value: Any) -> None:
        if isinstance(value, Score):
            if value.colour is not None:
                cell.fill = PatternFill("solid", fgColor=_FILLS[value.colour])
            value = value.value
        if isinstance(value, str):
            # What comes from a CRM must stay a text: a spreadsheet would run a formula.
            value = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        elif isinstance(value, float):
            cell.number_format = _FORMATS.get(column, "#,##0")
        cell.value = value

    def reps(self, scored: Scored) -> None:
        columns = ("id", "open", "mean_health", "expected_wins", "s5", "s11", "why", "missing")
        rows = (
            (
                each.id, each.open, each.mean_health, each.expected_wins, each.energy, each.funnel.reason[self.language],
                self.words(each.energy.reasons), self.fields(each.energy.missing),
            )
            for each in scored.reps
        )  # fmt: skip
        self.sheet("reps", columns, rows)

    def opportunities(self, scored: Scored) -> None:
        with_dates = timed(scored)
        chances = ("win", "ever") if with_dates else ("if_closed",)
        columns = ("id", "unit", "stage", "amount", "s1", "alarm", "s3", *chances, "why_win", "why", "missing")
        order = sorted(scored.opportunities, key=lambda each: (each.health.value is None, each.health.value or 0))
        rows = (
            (
                each.id, each.unit, self.stage(each.values.get("stage")), each.values.get("amount"), each.health,
                self.said("two_weeks") if each.alarm else None, each.journey,
                *([each.probability, each.ever] if with_dates else [each.ever]), self.why(each.why),
                self.words([*each.health.reasons, *each.journey.reasons]),
                self.fields(dict.fromkeys(each.health.missing + each.journey.missing)),
            )
            for each in order
        )  # fmt: skip
        self.sheet("opportunities", columns, rows)

    def customers(self, scored: Scored) -> None:
        columns = ("id", "unit", "s4", "substitute", "why", "missing")
        rows = (
            (
                each.id, each.unit, each.health, self.said("two_months") if each.substitute else None,
                self.words(each.health.reasons), self.fields(each.health.missing),
            )
            for each in scored.customers
        )  # fmt: skip
        self.sheet("customers", columns, rows)

    def funnel(self, scored: Scored) -> None:
        columns = ("who", "stage", "known", "went_on", "share", "benchmark", "bottleneck")
        units = [(self.said("firm"), scored.firm), *((each.id, each.funnel) for each in scored.reps)]
        rows = (
            (
                name, self.stage(each.stage), each.known, each.went_on, each.share, each.benchmark,
                self.said("yes") if each.stage == found.bottleneck else None,
            )
            for name, found in units
            for each in found.stages
        )  # fmt: skip
        self.sheet("funnel", columns, rows)

    def further(self, scored: Scored) -> None:
        columns = ("score", "title", "id", "unit", "value", "interval", "cases", "why", "missing")
        told = [(ABOUT[name], row) for name, rows in scored.rows.items() if name not in ALSO_IN_SHEETS for row in rows]
        self.sheet("more", columns, (self.one(about, row) for about, row in told))

    def one(self, about: About, row: Row) -> tuple:
        score, ends = row.score, row.score.interval
        return (
            f"{about.id} {about.name[self.language]}", row.title["zh" if self.language else "en"], row.id, row.unit,
            written(about, score.value), None if ends is None else "–".join(written(about, end) for end in ends), score.cases,
            self.words([*score.reasons, *row.lines]), self.fields(score.missing),
        )  # fmt: skip

    def forecast(self, scored: Scored) -> None:
        columns = ("from_day", "to_day", "wins", "low", "high")
        self.sheet("forecast", columns, [tuple(each) for each in scored.expected])

    def about(self, scored: Scored, zone: str) -> None:
        sheet = self.book.create_sheet(self.said("about"))
        sheet.column_dimensions["A"].width = 110
        at = datetime.fromtimestamp(scored.at / 1000, UTC).astimezone(ZoneInfo(zone))
        for line in (f"{at:%Y-%m-%d %H:%M} {zone}", *(each[self.language] for each in notes(scored))):
            sheet.append([line])
            sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")


def timed(scored: Scored) -> bool:
    """Whether the chances say when; without dates of closing they say only which are won of those that are closed."""
    return isinstance(scored.model, TooLittleHistory) or scored.model.timed


def notes(scored: Scored) -> list[Words]:
    """What a reader must know of these scores."""
    return [
        Words(
            "Every score is computed from what was recorded by that instant. An empty cell means that the record does not "
            "allow a number; the columns beside it say what is missing.",
            "所有评分均依据该时刻之前的记录。单元格为空表示记录不足以得出数字，旁边的列说明缺少什么。",
        ),
        _model_note(scored),
        Words(f"Funnel of the firm: {scored.firm.reason.en}.", f"全公司漏斗：{scored.firm.reason.zh}。"),
    ]


def _model_note(scored: Scored) -> Words:
    model = scored.model
    if isinstance(model, TooLittleHistory):
        return _joined([Words(model.en, model.zh), *_sum(scored)])
    en = (
        f"The probability is that of being won within {WITHIN_DAYS} days from then; it was learnt from {model.won} won and "
        f"{model.lost} lost opportunities and from those that were open."
    )
    zh = f"概率指此后 {WITHIN_DAYS} 天内赢单的概率，由 {model.won} 个赢单、{model.lost} 个输单以及在途商机得出。"
    if not model.timed:
        untimed = Words(
            f"The record does not tell when opportunities were closed. What is told is the chance of being won for those "
            f"that are closed at all, learnt from {model.won} won and {model.lost} lost ones.",
            f"记录中没有关闭日期。所示为“若最终关闭则赢单”的概率，由 {model.won} 个赢单和 {model.lost} 个输单得出。",
        )
        return _joined([untimed, *_moved(model)])
    return _joined([Words(en, zh), *_left_out(model), *_rough(model), *_tried(model), *_sum(scored)])


def _joined(parts: list[Words]) -> Words:
    return Words(" ".join(each.en for each in parts), "".join(each.zh for each in parts))


def _left_out(model) -> list[Words]:
    if not model.undated:
        return []
    return [
        Words(
            f"{model.undated} closings were left out, because the record does not tell when they were.",
            f"{model.undated} 个关闭的商机没有关闭日期，未参与学习。",
        )
    ]


def _rough(model) -> list[Words]:
    if not model.rough:
        return []
    return [
        Words(
            f"That is a small history (fewer than {PLENTY} of one kind): take it as rough.",
            f"历史较少（其中一类不足 {PLENTY} 个），仅供粗略参考。",
        )
    ]


def _tried(model) -> list[Words]:
    check = model.check
    if check is None:
        return []
    better = model.better_than_base
    return [
        Words(
            f"Tried on the last {check.days:.0f} days, from what was known before them, it foretold that {check.expected:.1%} "
            f"of what was open would be won by their end, and {check.came:.1%} were;"
            + (" it foretold better than age alone." if better else " it did not foretell better than age alone."),
            f"以最后 {check.days:.0f} 天之前所知检验：预测届时在途商机有 {check.expected:.1%} 会在期末前赢单，"
            f"实际为 {check.came:.1%}；" + ("预测优于仅按创建时长。" if better else "预测并不优于仅按创建时长。"),
        )
    ]


def _sum(scored: Scored) -> list[Words]:
    whole, few = scored.expected_within, isinstance(scored.model, TooLittleHistory)
    if whole is None:
        return []
    return [
        Words(
            f"Of all that is open, {whole.wins:.1f} wins are to be expected within {WITHIN_DAYS} days (in four of five cases "
            f"{whole.low:.0f} to {whole.high:.0f})"
            + (", from the age of each opportunity alone and as if things went on as they did." if few else "."),
            f"全部在途商机在 {WITHIN_DAYS} 天内预期赢单 {whole.wins:.1f} 个"
            f"（五分之四的情况下为 {whole.low:.0f} 至 {whole.high:.0f} 个）"
            + ("，仅依据各商机的创建时长，并假定情况照旧。" if few else "。"),
        ),
        *_moved(scored.model),
    ]


def _moved(model) -> list[Words]:
    """How the latest windows moved the level of wins."""
    factor = None if isinstance(model, TooLittleHistory) else model.level.factor(0.0)
    if factor is None or abs(factor - 1) < _MOVED:
        return []
    by, more = f"{abs(factor - 1):.0%}", factor > 1
    en, zh = ("chances near at hand", "近期概率") if model.timed else ("the odds of winning", "赢单与丢单之比")
    lately = ("Lately", "近期") if model.timed else ("Of those opened lately", "近期创建的商机")
    return [
        Words(
            f"{lately[0]} {'more' if more else 'fewer'} were won than was foretold; {en} are "
            f"{'raised' if more else 'lowered'} by {by} for it.",
            f"{lately[1]}赢单{'多' if more else '少'}于预测，{zh}已因此{'上调' if more else '下调'} {by}。",
        )
    ]
