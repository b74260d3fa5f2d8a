"""A verdict in the terminal: the sentence first, then the effects, for whom, the guardrails, what it depends on.

Words and numbers are those of the page (`sim.experiment.report`), so that terminal and page never say it differently.
"""

from apps.cli.language import language
from apps.cli.output import console, table
from apps.cli.texts import pick, say
from sim.experiment.report.both import percent, value
from sim.experiment.report.reading import (
    good,
    headline,
    in_worlds,
    rail_bound,
    rail_limit,
    region_evidence,
    surrogate_said,
    told_interval,
    word,
)
from sim.experiment.report.texts import text

SECONDARY = (
    "revenue", "wins", "wins_of_open", "margin_of_open", "win_rate", "cycle_days", "frozen_share", "turnover",
    "alerts_per_manager_day", "satisfaction",
)  # fmt: skip
"""Metrics shown beside the one that decides; the page and the JSON have all."""
MOST_DIFFERENCES = 8
COLOURS = {"better": "green", "held": "green", "worse": "red", "broken": "red", "undecided": "yellow"}


def show_verdict(verdict) -> None:
    """Write the verdict (`sim.experiment.verdict.Verdict`) to the terminal."""
    screen = console()
    screen.print()
    screen.print(local(verdict.sentence), style="bold")
    screen.print(basis(verdict), style="dim")
    for each in verdict.policies.differences[:MOST_DIFFERENCES]:
        screen.print(f"  · {local(each)}", style="dim", markup=False)  # what a rule says names its values in brackets
    if len(verdict.policies.differences) > MOST_DIFFERENCES:
        screen.print(say("verdict.more_differences", count=len(verdict.policies.differences) - MOST_DIFFERENCES), style="dim")
    screen.print(effects(verdict))
    screen.print(groups(verdict))
    if verdict.guardrails:
        screen.print(guardrails(verdict))
    for line in [*drivers(verdict), *overturned(verdict), *left_out(verdict), *(local(note) for note in verdict.notes)]:
        screen.print(line)


def local(both) -> str:
    """A text in both languages, in the reader's."""
    return pick(both.en, both.zh)


def coloured(word: str, state: str) -> str:
    """The word in the colour of that state."""
    return f"[{COLOURS[state]}]{word}[/]" if state in COLOURS else word


def basis(verdict) -> str:
    """What the verdict rests on, in one line."""
    return say(
        "verdict.basis",
        pairs=verdict.pairs,
        worlds=verdict.worlds,
        window=local(verdict.window.text),
        scenario=verdict.scenario.name,
        why=say(f"verdict.stopped.{verdict.stopped}"),
    )


def effect_cells(effect) -> tuple[str, ...]:
    """What is good, baseline, change, relative change, the interval as the sentence tells it, share of worlds and word of one
    effect."""
    cells = (
        good(effect),
        value(effect.baseline.value, effect.unit),
        value(effect.difference, effect.unit, signed=True, difference=True),
        percent(effect.relative.value, signed=True),
        told_interval(effect),
        in_worlds(effect),
    )
    return (*(cell.of(language.get()) for cell in cells), coloured(local(word(effect)), effect.call))


def effect_table(title: str | None, first: str):
    """An empty table of effects."""
    headings = ("good", "today", "change", "relative", "interval", "share", "call")
    return table(title, first, *(local(text(f"numbers.{heading}")) for heading in headings))


def effects(verdict):
    """The deciding metric first, then the secondary ones."""
    shown = effect_table(None, local(text("numbers.metric")))
    for name in dict.fromkeys((verdict.metric, *SECONDARY)):
        if effect := verdict.metrics.get(name):
            title = local(effect.title)
            shown.add_row(f"[bold]{title}[/]" if name == verdict.metric else title, *effect_cells(effect))
    return shown


def groups(verdict):
    """Effects on the deciding metric by group of reps and by unit."""
    shown = effect_table(local(text("whom.heading")), local(text("whom.group")))
    for name in ("low", "middle", "high", "hires"):
        if effect := getattr(verdict.groups, name):
            shown.add_row(local(text(f"whom.{name}")), *effect_cells(effect))
    for unit, effect in verdict.groups.units.items():
        shown.add_row(unit, *effect_cells(effect))
    return shown


def guardrails(verdict):
    """Each line with its cautious bound and its state."""
    shown = table(
        local(text("guardrails.heading")),
        *(local(text(f"guardrails.{heading}")) for heading in ("rail", "line", "bound", "state")),
    )
    for rail in verdict.guardrails:
        effect = verdict.metrics.get(rail.metric)
        unit = "share" if rail.measure == "relative" or effect is None else effect.unit
        line = local(text(f"guardrails.{rail.side}", limit=rail_limit(rail, unit)))
        title = say("verdict.rail", title=local(rail.title), measure=local(text(f"guardrails.{rail.measure}")))
        shown.add_row(title, line, local(rail_bound(rail, unit)), coloured(local(text(f"guardrails.{rail.state}")), rail.state))
    return shown


def drivers(verdict) -> list[str]:
    """What the difference follows from world to world, strongest first."""
    lines = []
    for driver in verdict.drivers.named:
        line = say("verdict.driver", title=local(driver.title), correlation=f"{driver.correlation:+.2f}")
        if driver.overturned and driver.turning_point is not None:
            point = local(value(driver.turning_point, driver.unit))
            line += say(f"verdict.turning.{driver.overturned}", point=point)
        lines.append(line)
    return lines


def overturned(verdict) -> list[str]:
    """Where the other policy wins, and how much each assumption decides."""
    turned = verdict.overturn
    if turned is None:
        return []
    primary = verdict.metrics[verdict.metric]
    lines = [f"[bold]{local(region.text)}[/] {local(region_evidence(region, primary))}" for region in turned.regions]
    if not lines:
        lines.append(local(text("overturn.no_region", n=verdict.worlds)))
    lines.append(local(surrogate_said(turned.surrogate)))
    for one in turned.surrogate.influences:
        shares = [local(percent(estimate.value, places=0)) for estimate in (one.first, one.total)]
        lines.append(say("verdict.share", title=local(headline(one.title)), first=shares[0], total=shares[1]))
    return lines


def left_out(verdict) -> list[str]:
    """Rules that run live and cannot be rehearsed, with the reason."""
    cards = (verdict.policies.a, verdict.policies.b)
    return list(dict.fromkeys(local(rule.reason) for card in cards for rule in card.cannot_rehearse))
