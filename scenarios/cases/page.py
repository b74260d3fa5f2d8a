"""Cases as a page of the documentation, in either language, and as JSON."""

import math
from collections.abc import Sequence

from scenarios.cases.case import Moved, Told
from scenarios.cases.findings import Effect, Finding
from scenarios.cases.others import other_cases
from scenarios.cases.run import Rehearsed
from sim.experiment.verdict.digits import digits
from sim.office.behaviour import BY_NAME

LANGUAGES = ("en", "zh")
VERDICTS = {
    "supported": ("supported", "支持"),
    "partly": ("partly", "部分支持"),
    "not_supported": ("not supported", "不支持"),
    "cannot": ("cannot be simulated", "无法模拟"),
    "no_claim": ("–", "–"),
}
_WORDS = {
    "title": ("What the office says to vendors' claims", "模拟团队如何看待厂商的说法"),
    "intro": (
        "Written by `rehearse cases --page`. Of {claims} claims {supported} are supported, {partly} partly, {not_supported} "
        "not, and {cannot} cannot be simulated. *Before* is reproduced on an office of the size and setting told, by moving "
        "fewer things than there are figures; *after* is predicted by turning on the rules and nothing else: the told figure, "
        "changed in the office's proportion, and never more than 100 % of what is counted. Intervals are of "
        "95 %, over worlds of behaviour; a claim is supported if the interval reaches it, partly if the effect excludes zero "
        "and is at least a quarter of the claim.",
        "由 `rehearse cases --page` 生成。{claims} 条说法中，{supported} 条得到支持，{partly} 条部分支持，"
        "{not_supported} 条不支持，{cannot} 条无法模拟。*之前*的数字在所述规模与情境的团队上复现，"
        "调动的参数少于数字的个数；*之后*的数字只靠启用规则预测得出："
        "案例的数字按模拟中的比例变化，占比不超过 100%。区间为 95%，跨行为参数的各种可能取值；"
        "区间触及说法即为支持，效果不含零且达到说法的四分之一为部分支持。",
    ),
    "told": ("Told", "案例所述"),
    "assumed": ("Assumed", "假设"),
    "moved": ("Moved by calibration", "校准所调"),
    "nothing": ("nothing", "无"),
    "rules": ("Rules", "规则"),
    "drawn": (
        "Worlds: {alike} of {worlds} drawn, those in which every figure before lies between half and twice the told one",
        "情形：抽取 {worlds} 种，采用 {alike} 种，即之前各项数字都在所述值的一半与两倍之间",
    ),
    "figure": ("figure", "指标"),
    "before": ("before, told / office", "之前：案例／模拟"),
    "claimed": ("after, claimed", "之后：案例"),
    "predicted": ("after, predicted", "之后：预测"),
    "interval": ("change [interval]", "变化〔区间〕"),
    "worlds": ("range over worlds", "各世界的范围"),
    "verdict": ("verdict", "判定"),
    "alone": ("by itself", "单独"),
    "would": ("For the claim to hold", "若要成立"),
    "table": ("All claims", "全部说法"),
    "together": ("together", "合计"),
    "of": ("of", "范围"),
    "others": ("Cases without a pack", "没有案例包的案例"),
    "others_intro": (
        "What the office can say of the other reports, with the command that shows it, and what it cannot.",
        "对其余案例，模拟能说什么（附查看命令），以及不能说什么。",
    ),
    "missed": ("more than 10 % off", "偏差超过 10%"),
}


def text(key: str, language: str) -> str:
    """A word of the page."""
    return _WORDS[key][LANGUAGES.index(language)]


def written(told: Told, number: float | None) -> str:
    """A level in the figure's unit."""
    if number is None or not math.isfinite(number):
        return "–"
    if told.unit == "share":
        return f"{100.0 * number:.1f} %"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def changed(finding: Finding, number: float) -> str:
    """A change, as a share of the figure before unless the claim is absolute."""
    if not math.isfinite(number):
        return "–"
    sign = "-" if number < 0 else "+" if number > 0 else ""
    return sign + (digits(abs(number), 1) if finding.absolute else f"{digits(100.0 * abs(number), 0)} %")


def told_change(finding: Finding) -> str:
    """What is claimed."""
    if finding.told.after is not None:
        return written(finding.told, finding.told.after)
    return "–" if finding.claimed is None else changed(finding, finding.claimed)


def effect_words(finding: Finding, effect: Effect) -> tuple[str, str, str]:
    """Level after, change with its interval, range over worlds."""
    low, high = changed(finding, effect.found.low), changed(finding, effect.found.high)
    ranged = " … ".join(changed(finding, end) for end in effect.worlds)
    return written(finding.told, effect.after), f"{changed(finding, effect.found.value)} [{low}, {high}]", ranged


def verdict_words(finding: Finding, language: str) -> str:
    """The verdict."""
    return VERDICTS[finding.verdict][LANGUAGES.index(language)]


def _moved(moved: Moved, value: float, language: str) -> str:
    parameter = BY_NAME.get(moved.name)
    unit = f" {parameter.unit}" if parameter else ""
    return f"`{moved.name}` = {value:g}{unit} ({text('of', language)} {moved.low:g} – {moved.high:g})"


def document(cases: Sequence[Rehearsed]) -> list[dict]:
    """Cases as JSON."""
    return [
        {
            "id": each.case.id,
            "title": each.case.title.model_dump(),
            "rules": [step.id for step in each.case.steps],
            "worlds": each.worlds,
            "worlds_like_the_firm": each.like_the_firm,
            "pairs": each.pairs,
            "moved": each.case.values,
            "figures": [_figure(finding) for finding in each.findings],
        }
        for each in cases
    ]


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 5)


def _figure(finding: Finding) -> dict:
    told = finding.told
    return {
        "name": told.name.model_dump(),
        "unit": told.unit,
        "before_told": told.before,
        "before": _number(finding.before),
        "reproduced": finding.reproduced,
        "after_claimed": told.after,
        "claimed": _number(finding.claimed),
        "absolute": finding.absolute,
        "effects": [
            {
                "rules": effect.rules,
                "change": _number(effect.found.value),
                "low": _number(effect.found.low),
                "high": _number(effect.found.high),
                "worlds": [_number(end) for end in effect.worlds],
                "after": _number(effect.after),
            }
            for effect in finding.effects
        ],
        "verdict": finding.verdict,
        "cannot": told.cannot.model_dump() if told.cannot else None,
        "would_have_to_be_true": told.would.model_dump() if told.would else None,
    }


def page_of(cases: Sequence[Rehearsed], language: str) -> str:
    """A page in Markdown: the table of all claims, then each case."""
    verdicts: list[str] = [finding.verdict for each in cases for finding in each.findings if finding.verdict != "no_claim"]
    counts = {name: verdicts.count(name) for name in VERDICTS}
    lines = [f"# {text('title', language)}", "", text("intro", language).format(claims=len(verdicts), **counts), ""]
    lines += [f"## {text('table', language)}", "", *_table(cases, language), ""]
    for each in cases:
        lines += _section(each, language)
    return "\n".join([*lines, *_others(language)])


def _others(language: str) -> list[str]:
    """Cases without a pack, a paragraph each."""
    lines = [f"## {text('others', language)}", "", text("others_intro", language), ""]
    for each in other_cases():
        title, told, says = (getattr(words, language) for words in (each.title, each.told, each.says))
        lines += [f"**{each.id} {title}** ({each.rules}): {told}. {says}" if language == "en" else
                  f"**{each.id} {title}**（{each.rules}）：{told}。{says}", ""]  # fmt: skip
    return lines


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _head(keys: Sequence[str], language: str) -> list[str]:
    return [_row([text(key, language) if key else "" for key in keys]), "|" + "---|" * len(keys)]


def _table(cases: Sequence[Rehearsed], language: str) -> list[str]:
    lines = _head(["", "figure", "before", "claimed", "predicted", "interval", "verdict"], language)
    for each in cases:
        for finding in each.findings:
            name = getattr(finding.told.name, language)
            after, change, _ = effect_words(finding, finding.together) if finding.together else ("–", "–", "–")
            lines.append(
                _row(
                    [
                        each.case.id,
                        name,
                        _before(finding),
                        told_change(finding),
                        after,
                        change,
                        verdict_words(finding, language),
                    ]
                )
            )
    return lines


def _before(finding: Finding) -> str:
    return f"{written(finding.told, finding.told.before)} / {written(finding.told, finding.before)}"


def _section(each: Rehearsed, language: str) -> list[str]:
    case = each.case
    stop = "；" if language == "zh" else "; "
    moved = stop.join(_moved(one, case.values[one.name], language) for one in case.moved if one.name in case.values)
    lines = [
        f"## {case.id} {getattr(case.title, language)}",
        "",
        f"{getattr(case.source, language)}",
        "",
        f"- {text('told', language)}: {stop.join(getattr(words, language) for words in case.told)}",
        f"- {text('assumed', language)}: {stop.join(getattr(words, language) for words in case.assumed)}",
        f"- {text('moved', language)}: {moved or text('nothing', language)}",
        f"- {text('rules', language)}: {', '.join(step.id for step in case.steps)}",
        f"- {text('drawn', language).format(alike=each.like_the_firm, worlds=each.worlds)}",
        "",
    ]
    keys = ["figure", "rules", "predicted", "interval", "worlds"]
    lines += _head(keys, language)
    for finding in each.findings:
        for effect in finding.effects:
            name = text("together", language) if effect.rules == "together" else effect.rules
            lines.append(_row([getattr(finding.told.name, language), name, *effect_words(finding, effect)]))
    return [*lines, "", *_reasons(each, language)]


def _reasons(each: Rehearsed, language: str) -> list[str]:
    lines = []
    for finding in each.findings:
        name = getattr(finding.told.name, language)
        if finding.told.cannot is not None:
            lines.append(f"- **{name}** – {verdict_words(finding, language)}: {getattr(finding.told.cannot, language)}")
        if finding.told.caution is not None:
            lines.append(f"- **{name}** – {getattr(finding.told.caution, language)}")
        if finding.told.would is not None and finding.verdict in ("partly", "not_supported", "cannot"):
            lines.append(f"- **{name}** – {text('would', language)}: {getattr(finding.told.would, language)}")
        if finding.reproduced is False:
            lines.append(f"- **{name}** – {text('before', language)}: {_before(finding)}, {text('missed', language)}")
    return [*lines, ""] if lines else lines
