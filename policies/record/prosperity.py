"""Whether a deal's forecast stands alone (S2): the sums that the score on a firm's own record and the office share.

Three signals of an open deal, each high where it is above nothing and at least the median of the other open deals that have it:
the recorded amount, what was recorded of contact with the customer, and what is seen of the customer outside.
"""

import numpy as np

from policies.jit.compiled import compiled

FEWEST = 6
"""Other open deals with the signal that a median is taken from."""
CONTACT_DAYS, OUTSIDE_DAYS = 30, 90
CONTACTS = ("contact", "first_contact", "document")
"""Events that count as contact with the customer."""


@compiled
def median_without(ordered, count, value):
    """Median of the first `count` of numbers in rising order without one that equals a value, or of all where none does."""
    place = np.searchsorted(ordered[:count], value)
    among = place < count and ordered[place] == value
    others = count - 1 if among else count
    low, high = (others - 1) // 2, others // 2
    if among:
        low += low >= place
        high += high >= place
    return (ordered[low] + ordered[high]) / 2.0


@compiled
def is_high(value, middle):
    """Whether a signal is high beside the median of the others."""
    return value > 0.0 and value >= middle


@compiled
def share_low(forecast, contact, outside):
    """S2 from which signals are high: the share of the other two that is low beside a high forecast; 0 beside a low one."""
    return (2.0 - contact - outside) / 2.0 if forecast else 0.0
