"""How people work, as recorded: how fast they answer, and how late they enter."""

import numpy as np
import pandas as pd

from coach.describing.conversion import horizon_of, ripe, shares_by, unknown
from coach.describing.description import Measured, Row, Section
from coach.describing.estimates import FEWEST_CASES
from coach.describing.spans import Spans
from policies.scores.score import DAY, HOUR, Words

_MINUTE = 60_000
RESPONSES = (
    (Words("up to 5 minutes", "5 分钟内"), 0, 5 * _MINUTE),
    (Words("5 minutes to 1 hour", "5 分钟至 1 小时"), 5 * _MINUTE, HOUR),
    (Words("1 to 4 hours", "1 至 4 小时"), HOUR, 4 * HOUR),
    (Words("4 hours to 1 day", "4 小时至 1 天"), 4 * HOUR, DAY),
    (Words("1 to 3 days", "1 至 3 天"), DAY, 3 * DAY),
    (Words("over 3 days", "3 天以上"), 3 * DAY, np.inf),
)
DELAYS = ((Words("half of the entries", "一半的记录"), 0.5), (Words("nine of ten", "九成的记录"), 0.9))


def response(spans: Spans) -> Section:
    """Time to the first conversation, and how often those were won who waited so long. It shows what goes together, not why."""
    title = Words("How fast people answer", "响应速度")
    horizon = horizon_of(spans)
    answered = int(spans.deals["response"].notna().sum())
    if horizon is None or answered < FEWEST_CASES:
        few = Words("no first conversations, or too few wins, are recorded", "没有首次沟通记录，或赢单太少")
        return Section("response", title, (), (), (few,))
    old = ripe(spans, horizon)
    bands = [(label, _within(low, high)) for label, low, high in RESPONSES]
    bands.append((Words("never, as recorded", "无记录"), unknown))
    rows = shares_by(old["response"], old["won"], bands)
    name = Words(f"Won within {horizon} days, by time to the first conversation", f"{horizon} 天内赢单率（按首次沟通等待时间）")
    measured = Measured("won_by_response", name, Words("waited", "等待"), "share", "bars", rows)
    caution = Words(
        "who is answered fast may differ in other ways; this shows what goes together, not what a faster answer would do",
        "响应快的客户可能本来就不同；这里只说明二者相伴出现，并非加快响应的效果",
    )
    return Section("response", title, (_median(old["response"]), caution), (measured,))


def _within(low: float, high: float):
    return lambda values: (values >= low) & (values < high)


def _median(waits: pd.Series) -> Words:
    minutes = waits.dropna().median() / _MINUTE
    never = waits.isna().mean()
    return Words(
        f"half of the first conversations come within {_duration(minutes)[0]}; {never:.0%} have none on record",
        f"半数首次沟通在 {_duration(minutes)[1]}内发生；{never:.0%} 没有记录",
    )


def _duration(minutes: float) -> tuple[str, str]:
    if minutes < 90:
        return f"{minutes:.0f} minutes", f"{minutes:.0f} 分钟"
    if minutes < 2880:
        return f"{minutes / 60:.1f} hours", f"{minutes / 60:.1f} 小时"
    return f"{minutes / 1440:.1f} days", f"{minutes / 1440:.1f} 天"


def delay(spans: Spans) -> Section:
    """How long after an action it is entered, where entries bear a stamp of their own."""
    title = Words("How late entries are made", "录入延迟")
    late = spans.delays[spans.delays > 0]
    if len(spans.delays) < FEWEST_CASES or not len(late):
        missing = Words(
            "the record does not tell when actions were entered, only when they happened",
            "记录中只有动作发生的时间，没有录入的时间",
        )
        return Section("delay", title, (), (), (missing,))
    rows = tuple(Row(label, len(spans.delays), float(np.quantile(spans.delays, q)) / HOUR, None, None) for label, q in DELAYS)
    name = Words("Hours from an action to its entry, at most", "动作到录入的小时数（不超过）")
    share_late = (spans.delays > DAY).mean()
    finding = Words(f"{share_late:.0%} of entries are made more than a day late", f"{share_late:.0%} 的记录晚于一天以上")
    measured = Measured("entry_delay", name, Words("entries", "记录"), "hours", "bars", rows)
    return Section("delay", title, (finding,), (measured,))
