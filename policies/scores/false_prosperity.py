"""S2, false prosperity: what the owner forecasts against what is done with the customer and what is seen of it outside.

Three signals of an open deal, each high or low beside the firm's other open deals that have it:

    forecast  the recorded amount
    contact   recorded conversations and documents of the last 30 days
    outside   open tenders and job adverts of the customer, as last looked up within 90 days                (systems list, S2)

A signal is high where it is above nothing and at least as high as the median of the others. The number is the share of the two
other signals that a high forecast does not have: 0 where both are high, 0.5 where two are high and one is low, 1 where the
forecast stands alone. A deal whose forecast is low is not falsely prosperous; where the other two are high it is said that the
forecast may be too low. There is no number without a look outside, or with fewer than six deals to compare with.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from policies.record.prosperity import CONTACT_DAYS, FEWEST, OUTSIDE_DAYS, is_high, median_without, share_low
from policies.scores.about import About, Limit, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words

__all__ = ["ABOUT", "CONTACT_DAYS", "FEWEST", "OUTSIDE_DAYS", "Beside", "Signals", "false_prosperity"]

ABOUT = About(
    "S2", "opportunity", Words("False prosperity", "虚假繁荣"),
    Words(
        "of two signals, contact in 30 days and demand seen outside in 90 days, the share that is low while the forecast is "
        "high; high: at least the median of the firm's other open deals",
        "预测偏高时，近 30 天接触强度与近 90 天外部需求两项信号中偏低的占比；偏高：不低于公司其他进行中商机的中位数",
    ),
    "share", 0.0, 1.0, "lower", Limit("below", 0.5), Limit("from", 0.5), listed("S2"),
    Words("the spans, and what is high", "时间跨度及偏高的标准"),
)  # fmt: skip


class Signals(NamedTuple):
    """Of one open deal: `amount` in money, `contacts` in 30 days, `outside` tenders and job adverts, None for no look."""

    amount: float
    contacts: int
    outside: float | None


class Beside:
    """The signals of all open deals of a firm, in order; each deal is held against the others."""

    def __init__(self, signals: Iterable[Signals]):
        told = list(signals)
        self.forecast = np.sort(np.array([each.amount for each in told], float))
        self.contact = np.sort(np.array([each.contacts for each in told], float))
        self.outside = np.sort(np.array([each.outside for each in told if each.outside is not None], float))


def false_prosperity(own: Signals, beside: Beside) -> Score:
    """S2 of a deal that is one of those it is held `beside`; one of 0, 0.5 and 1, or none."""
    if own.outside is None:
        reason = Words("the customer was not looked up outside within 90 days", "近 90 天未查询该客户的外部信号")
        return Score("S2", None, None, (reason,), ("custom.outside_seen_at",))
    others = len(beside.outside) - 1
    if others < FEWEST:
        reason = Words(
            f"only {others} other open deals were looked up outside; {FEWEST} are needed",
            f"其他进行中商机仅 {others} 个有外部信号，至少需要 {FEWEST} 个",
        )
        return Score("S2", None, None, (reason,))
    is_forecast, forecast = _told("forecast", own.amount, beside.forecast)
    is_contact, contact = _told("contact", float(own.contacts), beside.contact)
    is_outside, outside = _told("outside", own.outside, beside.outside)
    reasons = (forecast, contact, outside)
    if not is_forecast:
        return Score("S2", 0.0, AMBER if is_contact and is_outside else GREEN, _with_low(reasons, is_contact and is_outside))
    low = float(share_low(is_forecast, is_contact, is_outside))
    return Score("S2", low, RED if low else GREEN, reasons)


def _with_low(reasons: tuple[Words, ...], both: bool) -> tuple[Words, ...]:
    said = Words("the other two are high: the forecast may be too low", "另两项均偏高：预测可能偏低")
    return (said, *reasons) if both else reasons


_NAMES = {
    "forecast": Words("amount", "金额"),
    "contact": Words("contacts in 30 days", "近 30 天接触次数"),
    "outside": Words("tenders and job adverts", "招标与招聘数"),
}


def _told(name: str, value: float, ordered: np.ndarray) -> tuple[bool, Words]:
    middle = float(median_without(ordered, len(ordered), float(value)))
    high = bool(is_high(float(value), middle))
    names, how = _NAMES[name], ("high", "偏高") if high else ("low", "偏低")
    return high, Words(
        f"{names.en} {how[0]}: {value:,.10g}, median of the others {middle:,.10g}",
        f"{names.zh}{how[1]}：{value:,.10g}，其他商机中位数 {middle:,.10g}",
    )
