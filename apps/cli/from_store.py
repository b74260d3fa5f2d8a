"""An experiment or a forecast that begins with what a store's record says is open."""

from typing import TYPE_CHECKING, NamedTuple

from apps.cli.errors import BadInput
from apps.cli.progress import announce_compiling, bar
from apps.cli.score import instant
from apps.cli.texts import say

if TYPE_CHECKING:
    from coach.forecasting.known import History
    from policies.scores.score import Words
    from policies.time.calendar import Calendar


class Recorded(NamedTuple):
    """What a store recorded, the instant from which is begun (ms), the calendar of the firm, and that an instant behind the end
    of the record was asked for, where it was."""

    history: "History"
    at: int
    calendar: "Calendar"
    ended: "Words | None"


def recorded(place: str, at: str | None) -> Recorded:
    """The record by an instant; what comes after its last entry nobody knows, so that its end stands for any later instant."""
    from coach.forecasting.known import History
    from coach.forecasting.words import ends_before
    from coach.store import Store

    store = Store.open(place, create=False)
    try:
        until = instant(at, store.calendar.zone)
        history = History.of(store, until)
        ended = None if at is None else ends_before(history.last, until, history.zone)
        return Recorded(history, min(until, history.last), store.calendar, ended)
    finally:
        store.close()


def belong_to(other: str, **options) -> None:
    """BadInput for an option that was given without the one that it belongs to; options by their names, None if not given."""
    for name, value in options.items():
        if value is not None:
            raise BadInput(say("error.belongs_to", name=f"--{name.replace('_', '-')}", other=other))


def begins_today(place: str, at: str | None, people: int | None, scenario: str | None, policy, weeks: int):
    """The firm's office with its open deals, for an experiment of so many weeks; fitted first unless a scenario is named."""
    from coach.today.beginning import beginning, fitted
    from sim.experiment.verdict.verdict import Text

    office = None if scenario is None else _fitted_before(place, scenario, people)
    history, until, calendar, ended = recorded(place, at)
    known = history.known_at(until)
    announce_compiling()
    if office is None:
        with bar(say("progress.fitting"), None) as advance:
            office = fitted(known, calendar, policy, people, progress=advance)
    with bar(say("progress.opening"), None) as advance:
        begun = beginning(history, known, office, policy, weeks, advance)
    return begun if ended is None else begun._replace(notes=(Text(en=ended.en, zh=ended.zh), *begun.notes))


def _fitted_before(place: str, scenario: str, people: int | None):
    """The scenario of that name, if it is the office of a firm; BadInput for any other, or people that it has already."""
    from coach.today.beginning import is_fitted
    from scenarios.loader import load_scenario

    office = load_scenario(scenario)
    if not is_fitted(office):
        raise BadInput(say("error.not_fitted", scenario=scenario, store=place))
    if people is not None:
        raise BadInput(say("error.people_of_scenario", people=office.people.reps))
    return office
