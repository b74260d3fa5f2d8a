"""What a step needs somebody's grant for: finance's for an expense, the manager's for a discount above the rep's authority.

`policy.expenses.approval` says whether finance looks at each expense; `policy.discount` how far a rep goes alone, and how far
with the manager's approval.
"""

from typing import NamedTuple

import numpy as np

from coach.events import PostedEvent, Value, as_number
from coach.rules.live_book import LiveBook
from policies.record.records import ASKED_FOR, DESKS, OPPORTUNITY, REQUEST, REQUEST_KIND, field

FINANCE, EXPENSE = DESKS.index("finance"), ASKED_FOR.index("expense")
ANSWERED = field("request", "status").choices.index("answered")
WITHIN = 1e-9
NOT_GRANTED = ("discount_max", "discount_authority", "expense_grant", "expense_sum")
"""What stands for the rule where a grant is missing."""


class Granted(NamedTuple):
    """What finance has granted on a deal, of answered requests that were not refused."""

    ceiling: float
    """Expenses up to which grants of a stated sum go; NaN for none."""
    without_sum_at: float
    """When the latest grant without a sum was answered (ms); NaN for none."""


def lacking_grant(live: LiveBook, row: int, gate: str | None, event: PostedEvent | None = None) -> str | None:
    """Which grant a step lacks, one of `NOT_GRANTED`; None when it may be taken. `event`: the step itself, with its values."""
    if live.kinds[row] != "opportunity":
        return None
    told = {} if event is None else event.payload
    if gate == "expense":
        return _expense(live, row, told.get("expenses"))
    if gate == "sign" or (gate is not None and "discount" in told):
        return _discount(live, row, told.get("discount"))
    return None


def _discount(live: LiveBook, row: int, told: Value) -> str | None:
    values, limits = live.book.values[row], live.driver.policy.discount
    discount = values[OPPORTUNITY.discount] if told is None else as_number("opportunity", "discount", told)
    approved = values[OPPORTUNITY.approved_discount]
    if np.isnan(discount) or discount <= limits.authority + WITHIN:
        return None
    if discount > limits.max + WITHIN:
        return "discount_max"
    return None if discount <= approved + WITHIN else "discount_authority"


def _expense(live: LiveBook, row: int, told: Value) -> str | None:
    if live.driver.policy.expenses.approval != "finance":
        return None
    values, granted = live.book.values[row], granted_by_finance(live, row)
    total = values[OPPORTUNITY.expenses] if told is None else as_number("opportunity", "expenses", told)
    last = values[OPPORTUNITY.expense_at]
    if granted.without_sum_at > last or (np.isnan(last) and not np.isnan(granted.without_sum_at)):
        return None
    if np.isnan(granted.ceiling):
        return "expense_grant"
    return None if np.isnan(total) or total <= granted.ceiling + WITHIN else "expense_sum"


def granted_by_finance(live: LiveBook, row: int) -> Granted:
    """What finance has granted on a deal so far. Grants of a stated sum add up, from what the deal had cost when the first of
    them was asked for."""
    values = live.book.values[: len(live.ids)]
    of_deal = values[:, REQUEST.opportunity] == as_number("request", "opportunity", live.ids[row])
    asked = values[:, REQUEST.asked_for] == EXPENSE
    rows = np.flatnonzero(of_deal & asked & (live.book.rows.kind[: len(live.ids)] == REQUEST_KIND))
    of = values[rows]
    of = of[(of[:, REQUEST.desk] == FINANCE) & (of[:, REQUEST.status] == ANSWERED) & (of[:, REQUEST.granted] != 0)]
    sums = of[~np.isnan(of[:, REQUEST.sum])]
    open_ended = of[np.isnan(of[:, REQUEST.sum]), REQUEST.answered_at]
    ceiling = np.nan
    if len(sums):
        before = sums[:, REQUEST.spent_before]
        ceiling = float(np.nan_to_num(before).min() + sums[:, REQUEST.sum].sum())
    return Granted(ceiling, float(open_ended.max()) if len(open_ended) else np.nan)
