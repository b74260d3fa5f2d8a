"""An experiment or a forecast that begins with what a store's record says is open."""

from apps.cli.progress import announce_compiling, bar
from apps.cli.texts import say


def recorded(place: str, at: str | None):
    """What a store recorded by an instant, that instant (ms), and the calendar of its firm."""
    from apps.cli.score import instant
    from coach.forecasting.known import History
    from coach.store import Store

    store = Store.open(place, create=False)
    try:
        until = instant(at, store.calendar.zone)
        history = History.of(store, until)
        return history, min(until, history.last), store.calendar
    finally:
        store.close()


def begins_today(place: str, at: str | None, people: int | None, scenario: str | None, policy, weeks: int):
    """The firm's office with its open deals, for an experiment of so many weeks; fitted first unless a scenario is named."""
    from coach.today.beginning import beginning, fitted
    from scenarios.loader import load_scenario

    history, until, calendar = recorded(place, at)
    known = history.known_at(until)
    announce_compiling()
    if scenario is None:
        with bar(say("progress.fitting"), None) as advance:
            office = fitted(known, calendar, policy, people, progress=advance)
    else:
        office = load_scenario(scenario)
    with bar(say("progress.opening"), None) as advance:
        return beginning(history, known, office, policy, weeks, advance)
