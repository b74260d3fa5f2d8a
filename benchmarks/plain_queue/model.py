"""What the three programs have in common: the parameters, what they report, and what is right."""

from typing import NamedTuple


class Parameters(NamedTuple):
    """The plain queueing model. Times in hours of work; all are exponential with these means."""

    reps: int = 50
    stages: int = 5
    leads_per_week: float = 40.0
    hours_per_week: float = 40.0
    work_hours: float = 0.17
    delay_hours: float = 8.0
    patience_hours: float = 40.0
    horizon_hours: float = 2080.0


class Report(NamedTuple):
    """Counts up to the horizon; an event is an arrival, an end of work, an end of delay or a departure."""

    events: int
    arrived: int
    won: int
    departed: int
    busy_hours: float

    def utilisation(self, parameters: Parameters) -> float:
        """Share of the reps' time spent at work."""
        return self.busy_hours / (parameters.reps * parameters.horizon_hours)

    def wins_per_rep_and_week(self, parameters: Parameters) -> float:
        """Leads that passed the last stage, by rep and week."""
        return self.won / parameters.reps / (parameters.horizon_hours / parameters.hours_per_week)

    def departed_share(self) -> float:
        """Share of the leads arrived that left a queue."""
        return self.departed / self.arrived


PUBLISHED = {"utilisation": 0.797, "wins_per_rep_and_week": 36.7, "departed_share": 0.066}
"""What eight engines agreed on, to the digits given."""
