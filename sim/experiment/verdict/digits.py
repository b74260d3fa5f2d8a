"""How many digits a number needs, so that what is printed says nothing else than the number.

An interval decides by the side of zero on which its ends lie, a guardrail by the side of its limit. A number rounded to zero,
or to the limit, would contradict the word beside it.
"""

import math

MOST_PLACES = 9


def digits(amount: float, places: int) -> str:
    """A size (not below 0) with so many digits behind the point, or as many more as it takes to show one other than 0."""
    if amount > 0 and amount < 10.0**-MOST_PLACES:
        return f"{amount:.0e}"
    while amount > 0 and not any(figure in "123456789" for figure in f"{amount:.{places}f}"):
        places += 1
    return f"{amount:,.{places}f}"


def places_apart(number: float, limit: float, places: int) -> int:
    """Digits behind the point, at least `places`, with which a number stands on its own side of a limit; as many as there may
    be where the two are the same."""
    side = math.copysign(1.0, number - limit)
    while places < MOST_PLACES and number != limit and not side * (round(number, places) - limit) > 10.0**-MOST_PLACES:
        places += 1
    return places
