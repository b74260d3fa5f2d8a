"""What came of reviews: improvements per review, and the share of them that was closed within two weeks (case C17).

Only valid reviews count; void ones are told beside them. The share is of improvements that were sent at least two weeks ago: a
younger one has not had its time. Months are those in which reviews were finished, in the zone of the store.
"""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from coach.retrospective.reviews import ROLES, VALID, VOID
from coach.store import tables
from coach.store.store import Store
from coach.store.viewer import Viewer, ask, may_see

DAY_MS = 86_400_000
SOON_MS = 14 * DAY_MS
_review, _improvement = tables.review.c, tables.improvement.c


class Figures(NamedTuple):
    """Of one month, or of all: `old_enough` improvements were sent two weeks ago or longer, `soon` of those were closed within
    two weeks. A ratio is None where there is nothing to divide by."""

    month: str | None
    valid: int
    void: int
    improvements: int
    escalated: int
    old_enough: int
    soon: int

    @property
    def per_review(self) -> float | None:
        """Improvements per valid review."""
        return self.improvements / self.valid if self.valid else None

    @property
    def share_soon(self) -> float | None:
        """Share closed within two weeks."""
        return self.soon / self.old_enough if self.old_enough else None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return self._asdict() | {"per_review": self.per_review, "share_closed_in_two_weeks": self.share_soon}


def figures(store: Store, viewer: Viewer, now: int) -> list[Figures]:
    """Of all reviews that a viewer may see, then of each month, the latest first."""
    ask(viewer, *ROLES)
    seen = or_(_review.held_by == viewer.name, may_see(viewer, _review.unit))
    finished = select(_review.number, _review.state, _review.finished_at).where(seen, _review.state.in_((VALID, VOID)))
    sent = select(_improvement.review, _improvement.sent_at, _improvement.closed_at, _improvement.escalated_at).where(
        _improvement.sent_at.is_not(None)
    )
    with store.read() as connection:
        reviews = connection.execute(finished).all()
        made: dict[int, list] = {}
        for row in connection.execute(sent):
            made.setdefault(row.review, []).append(row)
    zone = ZoneInfo(store.calendar.zone)
    months: dict[str, list] = {}
    for each in reviews:
        months.setdefault(f"{datetime.fromtimestamp(each.finished_at / 1000, zone):%Y-%m}", []).append(each)
    return [_of(None, reviews, made, now), *(_of(month, months[month], made, now) for month in sorted(months, reverse=True))]


def _of(month: str | None, reviews, made: dict[int, list], now: int) -> Figures:
    valid = [each for each in reviews if each.state == VALID]
    told = [row for each in valid for row in made.get(each.number, [])]
    old = [row for row in told if row.sent_at + SOON_MS <= now]
    soon = [row for row in old if row.closed_at is not None and row.closed_at - row.sent_at <= SOON_MS]
    late = sum(row.escalated_at is not None for row in told)
    return Figures(month, len(valid), len(reviews) - len(valid), len(told), late, len(old), len(soon))
