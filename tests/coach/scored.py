"""A firm with a past of many deals, written into its store at once, and whoever asks for its scores."""

from pathlib import Path

from coach.events import PostedEvent
from policies.scores.score import DAY
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

TEAM_9 = (("team-9", "team", "company"), ("rep-8", "rep", "team-9"), ("rep-9", "rep", "team-9"))
NOW = "2026-06-01 10:00"


class ScoredFirm(Firm):
    """Two teams: rep-1 and rep-2 report to team-1, rep-8 and rep-9 to team-9. Days are counted back from now."""

    def __init__(self, folder: Path):
        super().__init__(folder, start=NOW)
        self.told: list[PostedEvent] = []
        for unit, level, parent in TEAM_9:
            self.post("registered", unit, kind="unit", level=level, parent=parent)

    def tell(
        self, days_ago: float, event: str, record: str, *, kind: str = "opportunity", unit: str | None = None,
        late: float | None = None, **payload,
    ):  # fmt: skip
        """What happened so many days ago and was recorded then, or `late`: so many days ago; `write` puts it into the store."""
        self._keys += 1
        at = round(self.now - days_ago * DAY)
        recorded = at if late is None else round(self.now - late * DAY)
        self.told.append(
            PostedEvent(
                source="past", key=str(self._keys), event=event, kind=kind, record=record, unit=unit, acted_at=at,
                recorded_at=recorded, payload={name.replace("__", "."): value for name, value in payload.items()},
            )
        )  # fmt: skip

    def write(self) -> None:
        """Store what was told, in the order in which it was recorded."""
        self.store.append(sorted(self.told, key=lambda each: each.known_at))
        self.told = []


def rows(desk: Desk, role: str, score: str) -> list[dict]:
    """The numbers of a score that somebody is told through the interface."""
    answer = desk.ask(role, "GET", f"/scores/{score}")
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def words(row: dict) -> str:
    """Everything that is said of a number, in both languages."""
    return " | ".join(each[language] for each in (*row["reasons"], *row["lines"]) for language in ("en", "zh"))
