"""The verdict as an Excel workbook: the sentence, and every table with unrounded numbers."""

from collections.abc import Iterable
from io import BytesIO

from sim.experiment.report.both import LANGUAGES
from sim.experiment.report.reading import good, word
from sim.experiment.verdict.verdict import Effect, Verdict

_HEADS = {
    "metric": ("Metric", "指标"),
    "good": ("Better if", "何为好"),
    "unit": ("Unit", "单位"),
    "today": ("Today", "现行"),
    "proposed": ("Proposed", "拟改"),
    "difference": ("Difference", "差异"),
    "low": ("Low", "下限"),
    "high": ("High", "上限"),
    "relative": ("Relative", "相对变化"),
    "better": ("Better in share of worlds; higher where neither is better", "更好的情形占比（无好坏者为更高）"),
    "p": ("p, adjusted", "校正后 p 值"),
    "call": ("Reading", "判断"),
    "who": ("Who", "对谁"),
    "state": ("State", "状态"),
    "limit": ("Limit", "底线"),
    "value": ("Value", "数值"),
    "week": ("Week", "周"),
}
_STATES = {"held": ("held", "守住"), "broken": ("broken", "突破"), "undecided": ("undecided", "无法判定")}
_UNITS = {
    "money": ("money", "金额"),
    "share": ("share", "比例"),
    "deals": ("deals", "单"),
    "minutes": ("minutes", "分钟"),
    "hours": ("hours", "小时"),
    "days": ("days", "天"),
    "alerts": ("alerts", "条提醒"),
    "refusals": ("refusals", "次拦截"),
    "per year": ("per year", "每年"),
    "0–10": ("0–10", "0–10"),
}
_SHEETS = {
    "verdict": ("Verdict", "结论"),
    "metrics": ("Metrics", "指标"),
    "people": ("For whom", "对谁"),
    "guardrails": ("Guardrails", "底线"),
    "weekly": ("Over time", "过程"),
}
_FACTS = {
    "office": ("Office", "团队"),
    "today": ("Policy today", "现行制度"),
    "proposed": ("Policy tried", "拟改制度"),
    "window": ("Window", "窗口"),
    "pairs": ("Pairs", "模拟对数"),
    "worlds": ("Worlds", "世界数"),
    "stopped": ("Stopped by", "停止原因"),
    "confidence": ("Confidence", "置信度"),
    "seed": ("Number of the draws", "随机编号"),
}
_GROUPS = {
    "low": ("Third that sold least margin before", "变更前毛利靠后三分之一"),
    "middle": ("Middle third by margin sold before", "变更前毛利居中三分之一"),
    "high": ("Third that sold most margin before", "变更前毛利靠前三分之一"),
    "hires": ("Hires", "新人"),
}


def verdict_workbook(verdict: Verdict, language: str) -> bytes:
    """The workbook's file. An unknown language is a ValueError; an empty cell is a number that does not exist."""
    from openpyxl import Workbook

    place = LANGUAGES.index(language)
    book = Workbook()
    book.remove(book.active)
    contents = {
        "verdict": _facts(verdict, language),
        "metrics": _effects(verdict.metrics.items(), language, "metric"),
        "people": _effects(_people(verdict, place), language, "who"),
        "guardrails": _guardrails(verdict, language),
        "weekly": _weekly(verdict, language),
    }
    for name, rows in contents.items():
        _write(book.create_sheet(_SHEETS[name][place]), rows)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(sheet, rows: Iterable[list]) -> None:
    from openpyxl.styles import Alignment, Font

    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in sheet.columns:
        longest = max((len(str(cell.value)) for cell in column if cell.value is not None), default=8)
        sheet.column_dimensions[column[0].column_letter].width = min(60, 4 + longest)
    sheet.freeze_panes = "A2"


def _safe(cell):
    # A text that begins like a formula would be run by the program that opens the file.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def unit_name(unit: str, language: str) -> str:
    """What a metric is counted in; a code of a currency stands for itself."""
    return _UNITS.get(unit, (unit, unit))[LANGUAGES.index(language)]


def heads(language: str, *names: str) -> list[str]:
    """Heads of columns."""
    return [_HEADS[name][LANGUAGES.index(language)] for name in names]


def _facts(verdict: Verdict, language: str) -> list[list]:
    place = LANGUAGES.index(language)
    values = {
        "office": getattr(verdict.scenario.title, language),
        "today": getattr(verdict.policies.a.title, language),
        "proposed": getattr(verdict.policies.b.title, language),
        "window": f"{verdict.window.start} – {verdict.window.end}",
        "pairs": verdict.pairs,
        "worlds": verdict.worlds,
        "stopped": verdict.stopped,
        "confidence": verdict.settings.confidence,
        "seed": verdict.settings.seed,
    }
    return [[getattr(verdict.sentence, language)], *([_FACTS[name][place], value] for name, value in values.items())]


def _effects(named: Iterable[tuple[str, Effect | None]], language: str, first: str) -> list[list]:
    rows: list[list] = [
        heads(
            language, first, "good", "unit", "today", "proposed", "difference", "low", "high", "relative", "better", "p", "call"
        )
    ]
    for name, effect in named:
        if effect is None:
            continue
        title = getattr(effect.title, language) if first == "metric" else name
        levels, change = (effect.baseline.value, effect.variant.value), (effect.difference, effect.low, effect.high)
        share, read = effect.better_share_of_worlds.value, word(effect).of(language)
        rows.append(
            [title, good(effect).of(language), unit_name(effect.unit, language), *levels, *change, effect.relative.value,
             share, effect.p_adjusted, read]
        )  # fmt: skip
    return rows


def _people(verdict: Verdict, place: int) -> list[tuple[str, Effect | None]]:
    groups = [(words[place], getattr(verdict.groups, name)) for name, words in _GROUPS.items()]
    return [*groups, *verdict.groups.units.items()]


def _guardrails(verdict: Verdict, language: str) -> list[list]:
    rows = [heads(language, "metric", "limit", "value", "state")]
    place = LANGUAGES.index(language)
    return rows + [
        [getattr(rail.title, language), rail.limit, rail.value, _STATES[rail.state][place]] for rail in verdict.guardrails
    ]


def _weekly(verdict: Verdict, language: str) -> list[list]:
    rows: list[list] = [heads(language, "metric", "week", "today", "proposed", "difference", "low", "high")]
    for series in verdict.series.values():
        weeks = zip(
            series.a.mean, series.b.mean, series.difference.mean, series.difference.low, series.difference.high, strict=True
        )
        rows += [[getattr(series.title, language), number, *values] for number, values in enumerate(weeks, 1)]
    return rows
