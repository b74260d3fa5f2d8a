"""S13, best practice: what was done on like cases that moved on in the last 30 days, for deals that are stuck.

    value = like stays in the stage that moved on / like stays in the stage, of the last 30 days

A stay is the time of one deal in one stage. It moved on where a higher stage or the win followed; it did not where the deal was
lost or ended without a decision, or is stuck: open, and without a step forward for 15 days (the limit at which P3 freezes). An
approach is a kind of recorded action during the stay and before its end. Told are up to three, of those

    share that moved on with it − share that moved on without it ≥ 10 points

(both drawn towards the share of all as if by 5 further stays) and that at least five stays had. That is what went together, in
counts; it does not prove what caused it. The three approaches and the 30 days are the source's (systems list, S13); likeness
(same stage and industry, any industry where these are fewer than ten) and the limits are ours.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import Score, Words
from policies.scores.share import Share, share_of, shrunk

DAYS = 30
STUCK_DAYS = 15
FEWEST_STAYS, FEWEST_WITH = 10, 5
LEAST_GAIN = 0.10
MOST = 3
ABOUT = About(
    "S13", "stage", Words("Best practice of the last 30 days", "近 30 天最佳做法"),
    Words(
        "like stays in the stage that moved on ÷ like stays in the stage; beside it up to three approaches after which clearly "
        "more moved on than without them (10 points), each of at least 5 stays",
        "同类停留中得以推进的 ÷ 同类停留；另列至多三种做法，采用后推进比例明显较高（10 个百分点），每种至少 5 例",
    ),
    "share", 0.0, 1.0, "higher", None, None, listed("S13"),
    Words(
        "like: same stage and industry; stuck: 15 days without a step forward; what went together is no proof of a cause",
        "同类指同阶段、同行业；停滞指 15 天没有推进；相伴出现不等于因果",
    ),
)  # fmt: skip


class Stay(NamedTuple):
    """One deal in one stage: what kinds of action were recorded meanwhile, and whether it moved on."""

    approaches: frozenset[str]
    moved: bool


class Approach(NamedTuple):
    """A kind of action, and how many moved on with it and without it; None where there was no stay without it."""

    name: str
    having: Share
    lacking: Share | None


class Practice(NamedTuple):
    """The number, and the approaches that are told with it, the one that stands out most first."""

    score: Score
    approaches: tuple[Approach, ...]


def best_practice(like: Sequence[Stay], anywhere: Sequence[Stay]) -> Practice:
    """What moved deals on in a stage: from like stays, or from those of any customer type where these are too few."""
    stays, wider = (like, False) if len(like) >= FEWEST_STAYS else (anywhere, True)
    if len(stays) < FEWEST_STAYS:
        reason = Words(
            f"no number: only {len(stays)} stays in this stage ended or got stuck in the last {DAYS} days; "
            f"{FEWEST_STAYS} are needed",
            f"不给数字：近 {DAYS} 天该阶段结束或停滞的停留仅 {len(stays)} 次，至少需要 {FEWEST_STAYS} 次",
        )
        return Practice(Score("S13", None, None, (reason,)), ())
    whole = share_of(sum(stay.moved for stay in stays), len(stays))
    reasons = [
        Words(
            f"{whole.part} of {whole.whole} stays in this stage moved on in the last {DAYS} days",
            f"近 {DAYS} 天该阶段的 {whole.whole} 次停留中有 {whole.part} 次得以推进",
        )
    ]
    if wider:
        reasons.append(
            Words(
                f"of all customer types, because this one had only {len(like)}",
                f"为全部客户类型合计，因该类型只有 {len(like)} 次",
            )
        )
    found = tuple(_standing_out(stays, whole.value))
    if not found:
        reasons.append(Words("no approach stands out", "没有突出的做法"))
    return Practice(Score("S13", whole.value, None, tuple(reasons), (), (whole.low, whole.high), whole.whole), found)


def _standing_out(stays: Sequence[Stay], base: float) -> Iterable[Approach]:
    ranked = []
    for name in sorted({each for stay in stays for each in stay.approaches}):
        having = [stay.moved for stay in stays if name in stay.approaches]
        lacking = [stay.moved for stay in stays if name not in stay.approaches]
        if len(having) < FEWEST_WITH:
            continue
        gain = shrunk(sum(having), len(having), base, FEWEST_WITH) - shrunk(sum(lacking), len(lacking), base, FEWEST_WITH)
        if gain >= LEAST_GAIN:
            without = share_of(sum(lacking), len(lacking)) if lacking else None
            ranked.append((-gain, name, Approach(name, share_of(sum(having), len(having)), without)))
    return [approach for _, _, approach in sorted(ranked)[:MOST]]
