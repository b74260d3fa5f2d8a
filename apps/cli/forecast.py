"""`rehearse forecast` and `rehearse backtest`: what a store's firm may expect, and how well its past was foretold."""

import click
from click.core import ParameterSource

from apps.cli.base import Command, common, option
from apps.cli.from_store import belong_to, recorded
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, writing
from apps.cli.texts import pick, say, spoken
from apps.cli.types import WholeWeeks

INTERRUPTED = 130
MOST_ROWS = 14
WEEKS = click.IntRange(min=1, max=52)


@click.command("forecast", cls=Command)
@click.argument("store", metavar="STORE")
@option("--at", text="option.forecast_at")
@option("--weeks", text="option.forecast_weeks", type=WEEKS, default=13)
@option("--office", text="option.with_office", is_flag=True)
@option("--policy", text="option.policy_from_now")
@option("--in-force", text="option.policy_in_force", default="monthly-private", show_default=True)
@option("--people", text="option.fit_people", type=click.IntRange(min=1, max=2000))
@option("--html", type=click.Path(dir_okay=False))
@common(seed=True)
def forecast(store, at, weeks, office, policy, in_force, people, seed, html, json_file):
    """Foretell, show sentences and tables, write the page and the JSON."""
    from coach.forecasting.forecast import forecast as work
    from coach.forecasting.page import write_forecast

    _asked_for_office(office or policy, people)
    history, now, calendar, ended = recorded(store, at)
    methods = _office(office or policy, policy, in_force, calendar, people)
    found = _stoppable(work, history, now, weeks, seed=seed, **methods)
    if found is None:
        return INTERRUPTED
    found = found if ended is None else found._replace(remarks=(ended, *found.remarks))
    show_forecast(found)
    _deliver(found, write_forecast, html, json_file)
    return 0


@click.command("backtest", cls=Command)
@click.argument("store", metavar="STORE")
@option("--at", text="option.forecast_at")
@option("--weeks", text="option.forecast_weeks", type=WEEKS, default=8)
@option("--every", type=WholeWeeks(), default="4w")
@option("--office", text="option.with_office", is_flag=True)
@option("--in-force", text="option.policy_in_force", default="monthly-private", show_default=True)
@option("--people", text="option.fit_people", type=click.IntRange(min=1, max=2000))
@option("--html", type=click.Path(dir_okay=False))
@common(seed=True)
def backtest(store, at, weeks, every, office, in_force, people, seed, html, json_file):
    """Foretell the past, show how good that was, write the page and the JSON."""
    from coach.forecasting.backtest import backtest as work
    from coach.forecasting.forecasters import NAIVE, OWN
    from coach.forecasting.page import write_backtest

    _asked_for_office(office, people)
    history, now, calendar, ended = recorded(store, at)
    own = _office(office, None, in_force, calendar, people)
    found = _stoppable(work, history, now, weeks, every=every, seed=seed, forecasters=(OWN, *own.values(), *NAIVE))
    if found is None:
        return INTERRUPTED
    if ended is not None:
        show_text(spoken(ended))
    show_backtest(found)
    _deliver(found, write_backtest, html, json_file)
    return 0


def _asked_for_office(wanted, people: int | None) -> None:
    """BadInput for options of the firm's office where that is not asked for."""
    if not wanted:
        told = click.get_current_context().get_parameter_source("in_force") is ParameterSource.COMMANDLINE
        belong_to("--office", people=people, in_force=told or None)


def _office(wanted, policy: str | None, in_force: str, calendar, people: int | None) -> dict:
    """The methods of the firm's office, by the name under which a forecast takes them; none where they are not asked for."""
    from policies.documents.loader import load_policy

    if not wanted:
        return {}
    from apps.cli.progress import announce_compiling
    from coach.today.office import OfficeMethods

    announce_compiling()
    methods = OfficeMethods(calendar, load_policy(in_force), people)
    then = {} if policy is None else {"only": methods.under(load_policy(policy))}
    return {"office": methods.under(), **then}


def _stoppable(work, *asked, **more):
    """What the work gives, with a progress bar; None when it was stopped."""
    from apps.cli.progress import bar
    from coach.forecasting.backtest import Stopped

    with bar(say("backtest.running"), None) as advance:
        try:
            return work(*asked, **more, told=lambda done, of: advance(done, of, f"{done}/{of}"))
        except (Stopped, KeyboardInterrupt):
            show_text(pick(Stopped.en, Stopped.zh))
            return None


def _deliver(found, write, html: str | None, json_file: str | None) -> None:
    if html:
        with writing(html):
            write(found, html, language.get())
        show_text(f"{say('written')} {html}")
    write_json(json_file, found.document())


def show_forecast(found) -> None:
    """The sentences, the weeks, and who is expected to win what."""
    from coach.forecasting.words import sentences

    for each in sentences(found):
        show_text(pick(each.en, each.zh))
    revenue = [None] * len(found.wins) if found.revenue is None else found.revenue
    rows = zip(found.begins, found.wins, revenue, strict=True)
    _show_expected(say("forecast.week"), rows, found.revenue is not None)
    for key, groups in (("forecast.units", found.units), ("forecast.reps", found.reps)):
        if groups:
            most = [(each.name, each.wins, each.revenue) for each in groups[:MOST_ROWS]]
            _show_expected(say(key), most, found.revenue is not None)
            if len(groups) > MOST_ROWS:
                show_text(say("forecast.more", count=len(groups) - MOST_ROWS))


def _show_expected(first: str, rows, with_revenue: bool) -> None:
    from coach.forecasting.measures import LEVELS

    intervals = [f"{level} %" for level in LEVELS]
    amounts = [say("forecast.amount"), "80 %"] if with_revenue else []
    shown = table(None, first, say("forecast.wins"), *intervals, *amounts)
    for name, wins, revenue in rows:
        cells = [f"{wins.mean:,.1f}", *(_ends(wins, level) for level in LEVELS)]
        shown.add_row(name, *cells, *([f"{revenue.mean:,.0f}", _ends(revenue, 80)] if with_revenue else []))
    console().print(shown)


def _ends(expected, level: int) -> str:
    low, high = expected.intervals[level]
    return f"{low:,.0f}–{high:,.0f}"


def show_backtest(found) -> None:
    """The sentence, the methods beside each other, and each origin."""
    from coach.forecasting.backtest import day
    from coach.forecasting.measures import LEVELS
    from coach.forecasting.words import coverage, verdict

    for each in (verdict(found), *coverage(found, found.chosen.name)):
        show_text(pick(each.en, each.zh))
    inside = [say("backtest.inside", level=level) for level in LEVELS]
    shown = table(say("backtest.methods"), say("backtest.method"), say("backtest.error"), *inside, say("backtest.bias"))
    for method, error in sorted(found.errors, key=lambda each: each[1]):
        measures = found.measures(method.name)
        shares = [f"{measures.coverage[level]:.0%}" for level in LEVELS]
        shown.add_row(pick(*method.words), f"{error:.2f}", *shares, f"{measures.bias:+.1f}")
    console().print(shown)
    origins = table(say("backtest.origins"), *(say(f"backtest.{name}") for name in ("origin", "expected", "came")))
    for each in found.sums:
        origins.add_row(day(each.at, found.zone), f"{each.expected:,.1f}", f"{each.came:,.0f}")
    console().print(origins)
