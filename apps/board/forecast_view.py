"""The forecast: what may be expected of the weeks ahead, and beside it how well the past was foretold."""

from markupsafe import Markup

from apps.board.forecast_tables import by_week, lines_of, origins, taken, whole_number
from apps.board.foretelling import Foretold
from apps.board.taking import Table
from apps.pages.illustrated import in_language, place_of
from coach.forecasting import words
from coach.forecasting.forecast import Expected, Forecast
from coach.store.policies import current_visibility
from coach.store.sight import sight_of


def draw(board) -> tuple[Markup, Table]:
    """The forecast of the units that are named to the viewer, from the latest record that it was worked out from."""
    sight = sight_of(board.store, board.viewer)
    if sight.is_nobodys:
        return _title(board) + _nothing_told(board), _no_table(board)
    board.foretelling.ask(sight)
    found = board.foretelling.latest(sight)
    at = None if found is None or found.value.forecast is None else found.value.forecast.at
    head = _title(board) + board.standing(board.foretelling, sight, found, at, "forecast.trying")
    if found is None:
        return head, _no_table(board)
    told: Foretold = found.value
    if told.forecast is None:
        return head + board.empty("forecast.none"), _no_table(board)
    board.plots = in_language(told.drawn, board.say.language)
    return head + _whole(board, told), taken(board, told.forecast)


def _title(board) -> Markup:
    return Markup("<h1>{}</h1>").format(board.say("forecast.title"))


def _nothing_told(board) -> Markup:
    if board.viewer.unit is None:
        return board.empty("page.no_unit")
    with board.store.read() as connection:
        hidden = board.viewer.role == "rep" and current_visibility(connection) == "none"
    return board.empty("forecast.hidden" if hidden else "page.no_reps")


def _whole(board, told: Foretold) -> Markup:
    found = told.forecast
    assert found is not None
    expected = _tiles(board, found) + _sentences(board, words.expectation(found)) + _figure(board, told, "wins")
    past = _sentences(board, words.worth_of_method(found)) + _figure(board, told, "errors")
    beside = Markup("<div class='beside'>{}{}</div>").format(
        _card(board, "forecast.ahead", expected), _card(board, "forecast.past", past)
    )
    return beside + _weeks(board, told) + _groups(board, found) + origins(board, found.tried)


def _sentences(board, told: list[words.Words]) -> Markup:
    return Markup("").join(Markup("<p class='lead'>{}</p>").format(board.say.both(each)) for each in told)


def _card(board, title: str, content: Markup) -> Markup:
    return Markup("<section class='card'><h2>{}</h2>{}</section>").format(board.say(title), content)


def _tiles(board, found: Forecast) -> Markup:
    told = [("wins_in", found.all_wins, _count, whole_number)]
    if found.all_revenue is not None:
        told.append(("amount_in", found.all_revenue, board.write.money, board.write.money))
    tiles = Markup("").join(
        Markup("<div class='tile'><span>{}</span><b>{}</b><small>{}</small></div>").format(
            board.say(f"forecast.{name}", weeks=len(found.wins)), mean(expected.mean), _likely(board, expected, end)
        )
        for name, expected, mean, end in told
    )
    return Markup("<div class='tiles'>{}</div>").format(tiles)


def _likely(board, expected: Expected, write) -> str:
    low, high = expected.intervals[words.USUAL]
    return board.say("forecast.likely", low=write(low), high=write(high))


def _count(mean: float) -> str:
    return f"{mean:,.0f}" if mean >= 10 else f"{mean:,.1f}"


def _figure(board, told: Foretold, name: str) -> Markup:
    if f"{name}-{board.say.language}" not in told.drawn:
        return Markup("")
    return Markup("<figure><h3>{}</h3>{}</figure>").format(board.say(f"forecast.plot_{name}"), place_of(name))


def _weeks(board, told: Foretold) -> Markup:
    found = told.forecast
    assert found is not None
    numbers, plot = lines_of(board, "forecast.week", by_week(found)), _figure(board, told, "revenue")
    if plot:
        folded = Markup("<details><summary>{}</summary>{}</details>")
        numbers = plot + folded.format(board.say("forecast.numbers"), numbers)
    return _card(board, "forecast.weeks", numbers)


def _groups(board, found: Forecast) -> Markup:
    shown = Markup("")
    parts = [each for each in found.units if each.wins != found.all_wins]  # what holds everybody was told above
    for name, groups in (("unit", parts), ("rep", found.reps)):
        if groups:
            lines = [(board.write.unit(each.name, board.now), each.wins, each.revenue) for each in groups]
            shown += _card(board, f"forecast.by_{name}", lines_of(board, f"forecast.{name}", lines))
    return shown


def _no_table(board) -> Table:
    return Table(board.say("views.forecast"), [], [])
