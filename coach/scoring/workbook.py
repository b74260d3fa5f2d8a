"""Scores as an Excel workbook: sheets for reps, opportunities, customers and the funnel, and how to read them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from coach.scoring.scores import Scored
from coach.winning.model import PLENTY, Reason, TooLittleHistory, reason_text
from policies.record.records import FIELDS
from policies.scores.score import Score, Words

_FILLS = {"green": "C6E7CE", "amber": "FFE8A3", "red": "F6B8B0"}
_WIDE = 60
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FIELD_NAMES = {field.name: (field.en, field.zh) for fields in FIELDS.values() for field in fields}
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
    "win": ("win probability", "赢单概率"),
    "why": ("reasons", "理由"),
    "why_win": ("reasons of the probability", "概率的理由"),
    "missing": ("not recorded", "未记录"),
    "open": ("open opportunities", "进行中商机"),
    "mean_health": ("mean S1", "S1 均值"),
    "expected_wins": ("expected wins", "预期赢单数"),
    "substitute": ("plan a substitute", "需规划替代客户"),
    "who": ("who", "范围"),
    "firm": ("the firm", "全公司"),
    "known": ("left the stage", "离开该阶段"),
    "went_on": ("went on", "继续推进"),
    "share": ("share", "推进率"),
    "benchmark": ("benchmark", "基准"),
    "bottleneck": ("bottleneck", "瓶颈"),
    "yes": ("yes", "是"),
    "two_weeks": ("below 60 two weeks running", "连续两周低于 60"),
    "two_months": ("two red months", "连续两个月为红"),
}


def write_scores(scored: Scored, path: str | Path, language: str, zone: str) -> Path:
    """Write the workbook in "en" or "zh"; instants are told in the time zone. Raises OSError when it cannot be written."""
    book = Workbook()
    book.remove(book.active)
    writer = _Writer(book, 1 if language == "zh" else 0)
    writer.reps(scored)
    writer.opportunities(scored)
    writer.customers(scored)
    writer.funnel(scored)
    writer.about(scored, zone)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


class _Writer:
    def __init__(self, book: Workbook, language: int):
        self.book, self.language = book, language

    def said(self, key: str) -> str:
        return _TEXTS[key][self.language]

    def words(self, words: Iterable[Words]) -> str:
        return ("；" if self.language else "; ").join(each[self.language] for each in words)

    def fields(self, names: Iterable[str]) -> str:
        return ("、" if self.language else ", ").join(_FIELD_NAMES.get(name, (name, name))[self.language] for name in names)

    def why(self, reasons: Iterable[Reason]) -> str:
        language = ("en", "zh")[self.language]
        return ("；" if self.language else "; ").join(reason_text(each, language) for each in reasons)

    def sheet(self, key: str, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
        sheet = self.book.create_sheet(self.said(key))
        sheet.append([self.said(column) for column in columns])
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
            cell.number_format = (
                "0%" if column in ("win", "s5", "share", "benchmark") else "#,##0.0" if column == "expected_wins" else "#,##0"
            )
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
        columns = ("id", "unit", "stage", "amount", "s1", "alarm", "s3", "win", "why_win", "why", "missing")
        order = sorted(scored.opportunities, key=lambda each: (each.health.value is None, each.health.value or 0))
        rows = (
            (
                each.id, each.unit, each.values.get("stage"), each.values.get("amount"), each.health,
                self.said("two_weeks") if each.alarm else None, each.journey, each.probability, self.why(each.why),
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
                name, each.stage, each.known, each.went_on, each.share, each.benchmark,
                self.said("yes") if each.stage == found.bottleneck else None,
            )
            for name, found in units
            for each in found.stages
        )  # fmt: skip
        self.sheet("funnel", columns, rows)

    def about(self, scored: Scored, zone: str) -> None:
        sheet = self.book.create_sheet(self.said("about"))
        sheet.column_dimensions["A"].width = 110
        at = datetime.fromtimestamp(scored.at / 1000, UTC).astimezone(ZoneInfo(zone))
        for line in (f"{at:%Y-%m-%d %H:%M} {zone}", *(each[self.language] for each in notes(scored))):
            sheet.append([line])
            sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")


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
        return Words(model.en, model.zh)
    en = f"The win probability was learnt from {model.won} won and {model.lost} lost opportunities."
    zh = f"赢单概率由 {model.won} 个赢单和 {model.lost} 个输单得出。"
    if model.rough:
        en += f" That is a small history (fewer than {PLENTY} of one kind): take it as rough."
        zh += f"历史较少（其中一类不足 {PLENTY} 个），仅供粗略参考。"
    if model.check is not None:
        check = model.check
        en += f" On the latest fifth, which it had not seen, it foretold {check.predicted:.0%}, and {check.won:.0%} were won;"
        zh += f"在未参与学习的最近五分之一上，平均预测 {check.predicted:.0%}，实际赢单 {check.won:.0%}；"
        better = model.better_than_base
        en += (
            " it foretold better than the plain win rate." if better else " it did not foretell better than the plain win rate."
        )
        zh += "预测优于直接使用赢单率。" if better else "预测并不优于直接使用赢单率。"
    return Words(en, zh)
