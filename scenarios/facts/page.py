"""The facts as a page of the documentation and as JSON."""

import math
from collections.abc import Sequence

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


def page_of(found: Sequence[Found], *, quick: bool) -> str:
    """A page in Markdown, in English with Chinese titles: what was asked, what was found, what goes with each mechanism."""
    passed = sum(each.passed for each in found)
    lines = [
        "# What the office shows / 模拟团队的表现",
        "",
        f"Written by `rehearse facts{' --quick' if quick else ''} --page`. {passed} of {len(found)} facts are met.",
        "Facts marked *fitted* were used to choose behaviour parameters; *predicted* ones were not. An asterisk marks targets",
        "that the whole interval must meet. Intervals are of 95 %, of 99 % in fact 5, over independent offices at the central",
        "parameters.",
        "",
    ]
    for each in found:
        lines += _section(each)
    return "\n".join(lines) + "\n"


def _section(found: Found) -> list[str]:
    fact = found.fact
    without = [ablation.mechanism.name.en for ablation in found.ablations]
    head = ["figure", "found", "interval", "target", "", *(f"without {name}" for name in without)]
    lines = [
        f"## {fact.number} {fact.title.en} / {fact.title.zh}",
        "",
        f"{'Met' if found.passed else 'Missed'}; {fact.kind}. Office and policies: {fact.setting.en}. Source: {fact.source}.",
        f"It rests on {'; '.join(mechanism.name.en for mechanism in fact.mechanisms)}.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for place, figure in enumerate(found.figures):
        ends = f"{written(figure, figure.found.low)} … {written(figure, figure.found.high)}"
        verdict = "" if figure.reported else "met" if figure.passed else "**missed**"
        others = [written(figure, ablation.figures[place].found.value) for ablation in found.ablations]
        row = [figure.name.en, written(figure, figure.found.value), ends, ranged(figure), verdict, *others]
        lines.append("| " + " | ".join(row) + " |")
    return [*lines, ""]
