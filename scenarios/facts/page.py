"""The facts as a page of the documentation and as JSON."""

import math
from collections.abc import Callable, Sequence

from scenarios.facts.fact import Figure
from scenarios.facts.run import Found

DIGITS = 4


def written(figure: Figure, number: float) -> str:
    """A number in the figure's unit."""
    if not math.isfinite(number):
        return "–"
    if figure.unit == "ratio":
        return f"{number:.2f}"
    return f"{100.0 * number:{'+' if figure.unit in ('relative', 'points') else ''}.1f} %"


def ranged(figure: Figure) -> str:
    """The target of a figure."""
    if figure.reported:
        return ""
    low, high = (written(figure, end) if math.isfinite(end) else None for end in (figure.least, figure.most))
    told = f"{low} … {high}" if low and high else f">= {low}" if low else f"<= {high}"
    return f"{told} *" if figure.certain else told


def _number(value: float) -> float | None:
    return round(value, DIGITS) if math.isfinite(value) else None


def _figure(figure: Figure) -> dict:
    return {
        "name": figure.name._asdict(),
        "unit": figure.unit,
        "value": _number(figure.found.value),
        "low": _number(figure.found.low),
        "high": _number(figure.found.high),
        "target": [_number(figure.least), _number(figure.most)],
        "interval_must_fit": figure.certain,
        "judged": not figure.reported,
        "passed": figure.passed,
    }


def document(found: Sequence[Found]) -> list[dict]:
    """The facts as JSON."""
    return [
        {
            "number": each.fact.number,
            "title": each.fact.title._asdict(),
            "source": each.fact.source,
            "kind": each.fact.kind,
            "setting": each.fact.setting._asdict(),
            "mechanisms": [mechanism.name._asdict() for mechanism in each.fact.mechanisms],
            "passed": each.passed,
            "figures": [_figure(figure) for figure in each.figures],
            "ablations": [
                {"mechanism": ablation.mechanism.name._asdict(), "figures": [_figure(figure) for figure in ablation.figures]}
                for ablation in each.ablations
            ],
        }
        for each in found
    ]


_WORDS = {
    "title": ("What the office shows", "模拟团队的表现"),
    "intro": (
        "Written by `rehearse facts{quick} --page`. {passed} of {all} facts are met. Facts marked *fitted* were used to choose "
        "behaviour parameters; *predicted* ones were not. An asterisk marks targets that the whole interval must meet. "
        "Intervals are of 95 %, of 99 % in fact 5, over independent offices at the central parameters.",
        "由 `rehearse facts{quick} --page` 生成。{all} 条事实中达到 {passed} 条。标为*参与校准*的事实用于选定行为参数，"
        "*预测*的没有。带星号的目标须由整个区间满足。区间为 95%（事实 5 为 99%），来自以中心参数独立模拟的多个团队。",
    ),
    "fitted": ("fitted", "参与校准"),
    "predicted": ("predicted", "预测"),
    "met": ("met", "达到"),
    "missed": ("missed", "未达到"),
    "setting": ("Office and policies: {setting}. Source: {source}.", "团队与制度：{setting}。来源：{source}。"),
    "rests": ("It rests on {mechanisms}.", "所依据的机制：{mechanisms}。"),
    "figure": ("figure", "指标"),
    "found": ("found", "结果"),
    "interval": ("interval", "区间"),
    "target": ("target", "目标"),
    "without": ("without {name}", "去掉：{name}"),
}


def page_of(found: Sequence[Found], *, quick: bool, language: str = "en") -> str:
    """A page in Markdown: what was asked, what was found, what goes with each mechanism."""
    passed = sum(each.passed for each in found)
    say = _speaker(language)
    intro = say("intro", quick=" --quick" if quick else "", passed=passed, all=len(found))
    lines = [f"# {say('title')}", "", intro, ""]
    for each in found:
        lines += _section(each, language)
    return "\n".join(lines) + "\n"


def _speaker(language: str) -> Callable[..., str]:
    return lambda key, **parts: _WORDS[key][("en", "zh").index(language)].format(**parts)


def _section(found: Found, language: str) -> list[str]:
    fact, say = found.fact, _speaker(language)
    without = [say("without", name=getattr(ablation.mechanism.name, language)) for ablation in found.ablations]
    head = [say("figure"), say("found"), say("interval"), say("target"), "", *without]
    mechanisms = ("; " if language == "en" else "；").join(getattr(each.name, language) for each in fact.mechanisms)
    verdict = say("met" if found.passed else "missed")
    comma, stop = (", ", ". ") if language == "en" else ("，", "。")
    setting = say("setting", setting=getattr(fact.setting, language), source=fact.source)
    lines = [
        f"## {fact.number} {getattr(fact.title, language)}",
        "",
        f"{verdict.capitalize()}{comma}{say(fact.kind)}{stop}{setting}",
        say("rests", mechanisms=mechanisms),
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for place, figure in enumerate(found.figures):
        ends = f"{written(figure, figure.found.low)} … {written(figure, figure.found.high)}"
        judged = "" if figure.reported else say("met") if figure.passed else f"**{say('missed')}**"
        others = [written(figure, ablation.figures[place].found.value) for ablation in found.ablations]
        row = [getattr(figure.name, language), written(figure, figure.found.value), ends, ranged(figure), judged, *others]
        lines.append("| " + " | ".join(row) + " |")
    return [*lines, ""]
