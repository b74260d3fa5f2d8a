"""S10, balanced scorecard of one rep, 0 to 100: result and process, short and long term, capability, contribution to the team.

    result         30   attained ÷ (target × share of working days elapsed): full at 1, none at 0.5
    process        20   mean health (S1) of the open deals
    short term     15   share of the own deals that took a step forward in the last 30 days, against the firm's
    long term      15   amount of the open deals opened in the last 90 days, against the mean of all reps
    capability     10   S9
    contribution   10   answers given to others and deals taken over from others in the last 90 days, against the mean of all

A part that is told against others gives half of its points where the rep is like the firm and all from twice as much on. A part
that is not recorded leaves its weight to the others; a number needs half of the weight. After Kaplan and Norton (1992); which
parts there are is the source's (systems list, S10), weights and grades are ours. It is private to the rep and those above.
"""

from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import Part, Score, Words, weighted

ABOUT = About(
    "S10", "rep", Words("Balanced scorecard", "平衡计分卡"),
    Words(
        "result 30, process 20, short term 15, long term 15, capability 10, contribution to the team 10; what is not recorded "
        "leaves its weight to the others",
        "结果 30、过程 20、短期 15、长期 15、能力 10、团队贡献 10；未记录的部分，权重让给其余各项",
    ),
    "points", 0.0, 100.0, "higher", None, None, listed("S10"),
    Words("weights and grades; at least half of the weight recorded", "权重与评分标准；至少一半权重有记录"),
)  # fmt: skip


class Standing(NamedTuple):
    """What is recorded of one rep; None for what is not. The three last against the firm: 1 is like it.

    `pace`: attained ÷ what the elapsed working days ask for; `health`: mean S1, 0 to 100; `capability`: S9, 0 to 100.
    """

    pace: float | None
    health: float | None
    capability: float | None
    steps: float | None
    pipeline: float | None
    contribution: float | None


def scorecard(standing: Standing) -> Score:
    """The scorecard of one rep."""
    parts = [
        _part(Words("result", "结果"), 30, standing.pace, lambda pace: 2 * pace - 1, "{:.0%} of pace", "进度的 {:.0%}"),
        _part(
            Words("process", "过程"), 20, standing.health, lambda health: health / 100,
            "mean health {:.0f}", "平均健康度 {:.0f}",
        ),  # fmt: skip
        _against(Words("short term", "短期"), 15, standing.steps, Words("deals stepping forward", "商机推进")),
        _against(Words("long term", "长期"), 15, standing.pipeline, Words("new pipeline", "新增商机金额")),
        _part(Words("capability", "能力"), 10, standing.capability, lambda index: index / 100, "S9 {:.0f}", "S9 {:.0f}"),
        _against(Words("contribution", "团队贡献"), 10, standing.contribution, Words("help to others", "对他人的帮助")),
    ]
    missing = ("target",) if standing.pace is None else ()
    return weighted("S10", parts, 0.5, missing, (0.0, 100.0))._replace(colour=None)


def _part(name: Words, weight: float, value: float | None, graded, en: str, zh: str) -> Part:
    if value is None:
        return Part(name, weight, None, Words(f"{name.en}: not recorded", f"{name.zh}：未记录"))
    points = weight * min(1.0, max(0.0, graded(value)))
    of = f"{points:.0f}/{weight:.0f}"
    return Part(name, weight, points, Words(f"{name.en} {of}: {en.format(value)}", f"{name.zh} {of}：{zh.format(value)}"))


def _against(name: Words, weight: float, ratio: float | None, what: Words) -> Part:
    return _part(
        name, weight, ratio, lambda times: times / 2, f"{what.en} {{:.2g}} times the firm's", f"{what.zh}为全公司的 {{:.2g}} 倍"
    )
