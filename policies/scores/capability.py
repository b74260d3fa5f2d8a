"""S9, sales capability of one rep: customer insight, proposal persuasion, risk foresight, and what to work on this month.

Each is read from what became of deals in the phases of work in which it counts:

    insight       deals that went on from discovery / deals that left it
    persuasion    deals that went on from solution or proof / deals that left them
    foresight     deals won / deals that reached negotiation or the contract and have an end

    index = 50 × share of the rep, drawn towards the firm's as if by 10 further deals / share of the firm;  at most 100
    value = mean of the three indices

50 is like the firm. The year behind the instant counts, and a deal for who owns it now. A rep needs five deals of a kind for an
index, the firm ten. Who does better with easy leads looks capable here: it is advice for development, no ground for pay. The
three abilities are the source's (systems list, S9); the formula is ours.
"""

from collections.abc import Mapping
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words
from policies.scores.share import Share, share_of, shrunk

DAYS = 365
FEWEST, FEWEST_OF_FIRM, WEIGHT = 5, 10, 10.0
LIKE_THE_FIRM = 50.0
ABOUT = About(
    "S9", "rep", Words("Sales capability", "销售能力"),
    Words(
        "mean of three indices; each 50 × the rep's share of deals that went on (insight: from discovery; persuasion: from "
        "solution and proof; foresight: won from negotiation), drawn towards the firm's, ÷ the firm's share",
        "三项指数的平均；每项为 50 × 该销售的推进率（洞察：需求阶段；说服：方案与论证；风险预见：谈判后赢单），"
        "向全公司收缩后 ÷ 全公司推进率",
    ),
    "points", 0.0, 100.0, "higher", None, None, listed("S9"),
    Words("which phases show which ability; shrinkage by 10 deals", "各能力对应的阶段；以 10 个商机收缩"),
)  # fmt: skip


class Ability(NamedTuple):
    """One of the three: its names, and what is told to whoever lags behind in it."""

    name: Words
    advice: Words


ABILITIES: Mapping[str, Ability] = {
    "insight": Ability(
        Words("customer insight", "客户洞察"),
        Words(
            "Before the next first conversations write down three questions on needs, budget and who decides; record the "
            "answers.",
            "下次首谈前写下关于需求、预算和决策人的三个问题，并记录答案。",
        ),
    ),
    "persuasion": Ability(
        Words("proposal persuasion", "方案说服"),
        Words(
            "For each open proposal name the customer's own points and the page that answers each; have presales read one.",
            "为每个在途方案列出客户的痛点及对应页，并请售前审阅一份。",
        ),
    ),
    "foresight": Ability(
        Words("risk foresight", "风险预见"),
        Words(
            "Before each negotiation list what could stop the order (competitor, decision maker, approval) and a next step "
            "for it.",
            "谈判前列出可能阻碍签单的因素（竞争对手、决策人、审批），各定一个下一步。",
        ),
    ),
}


class Ends(NamedTuple):
    """How many deals `went_on` of those that `left` the phases of one ability."""

    went_on: int
    left: int


def capability(own: Mapping[str, Ends], firm: Mapping[str, Ends]) -> tuple[Score, str | None]:
    """The score of one rep, and the ability to work on this month: the lowest index, if it is below the firm's."""
    found: dict[str, float] = {}
    reasons = []
    for name, ability in ABILITIES.items():
        mine, all_ = own.get(name, Ends(0, 0)), firm.get(name, Ends(0, 0))
        if mine.left < FEWEST or all_.left < FEWEST_OF_FIRM or not all_.went_on:
            reasons.append(_unknown(ability, mine, all_))
            continue
        found[name] = index(mine, all_)
        reasons.append(_told(ability, found[name], share_of(*mine), all_))
    if not found:
        return Score("S9", None, None, tuple(reasons)), None
    value = sum(found.values()) / len(found)
    weakest = min(found, key=lambda name: found[name])
    works_on = weakest if found[weakest] < LIKE_THE_FIRM else None
    behind = works_on is not None and share_of(*own[weakest]).high < firm[weakest].went_on / firm[weakest].left
    colour = RED if behind else AMBER if works_on else GREEN
    return Score("S9", value, colour, tuple(reasons)), works_on


def index(mine: Ends, firm: Ends) -> float:
    """50 where the rep is like the firm."""
    base = firm.went_on / firm.left
    return min(100.0, LIKE_THE_FIRM * shrunk(mine.went_on, mine.left, base, WEIGHT) / base)


def _told(ability: Ability, number: float, share: Share, firm: Ends) -> Words:
    base = f"{firm.went_on / firm.left:.0%}"
    return Words(
        f"{ability.name.en} {number:.0f}: {share.part} of {share.whole} deals went on, of the firm's {base}",
        f"{ability.name.zh} {number:.0f}：{share.whole} 个商机中 {share.part} 个推进，全公司为 {base}",
    )


def _unknown(ability: Ability, mine: Ends, firm: Ends) -> Words:
    if mine.left >= FEWEST and firm.left >= FEWEST_OF_FIRM:
        return Words(
            f"{ability.name.en}: no index, none of the firm's {firm.left} such deals went on",
            f"{ability.name.zh}：不给指数，全公司 {firm.left} 个此类商机无一推进",
        )
    if mine.left >= FEWEST:
        return Words(
            f"{ability.name.en}: no index, the firm has only {firm.left} such deals that have an end; "
            f"{FEWEST_OF_FIRM} are needed",
            f"{ability.name.zh}：不给指数，全公司此类已有结果的商机仅 {firm.left} 个，至少需要 {FEWEST_OF_FIRM} 个",
        )
    return Words(
        f"{ability.name.en}: no index, only {mine.left} deals; {FEWEST} are needed",
        f"{ability.name.zh}：不给指数，仅 {mine.left} 个商机，至少需要 {FEWEST} 个",
    )
