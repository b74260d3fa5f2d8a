"""What a verdict comes to in words: what to do, who is worse off, what a guardrail or a driver means."""

from typing import NamedTuple

from sim.experiment.report.both import Both, both, percent, value
from sim.experiment.report.texts import text
from sim.experiment.verdict import Driver, Effect, Estimate, GuardrailResult, Verdict


class Advice(NamedTuple):
    """What to do: a badge with its tone (better, worse, unsure), why, and a caution where the run itself calls for one."""

    tone: str
    badge: Both
    why: Both
    caution: Both | None


def advice(verdict: Verdict) -> Advice:
    """Gain and guardrails weighed: a broken guardrail stops any gain, an undecided one is no pass."""
    call = verdict.metrics[verdict.metric].call
    states = [rail.state for rail in verdict.guardrails]
    broken, undecided = states.count("broken"), states.count("undecided")
    if call == "worse":
        tone, name, number = "worse", "keep", 0
    elif broken:
        tone, name, number = "worse", "blocked", broken
    elif call == "better" and undecided:
        tone, name, number = "unsure", "pilot", undecided
    elif call == "better":
        tone, name, number = "better", "go" if states else "go_bare", 0
    else:
        tone, name, number = "unsure", {"unclear": "open", "identical": "same"}.get(call, "neutral"), 0
    return Advice(tone, text(f"advice.{name}"), text(f"advice.{name}_why", n=number), caution(verdict))


def caution(verdict: Verdict) -> Both | None:
    """What the way the run ended says about the verdict."""
    if verdict.stopped == "interrupted":
        return text("advice.preliminary")
    return text("advice.capped") if verdict.stopped == "max-pairs" else None


def tone(effect: Effect) -> str:
    """The colour class of a reading."""
    return effect.call if effect.call in ("better", "worse") else "unsure"


class Strip(NamedTuple):
    """A small interval in a table row: places in percent of its width, zero in the middle."""

    left: float
    width: float
    dot: float


def strip(estimate: Estimate, scale: float) -> Strip | None:
    """Where an interval lies on a strip that runs from -scale to +scale; None where there is none."""
    if None in (estimate.value, estimate.low, estimate.high) or scale <= 0:
        return None
    low, dot, high = (50 + 50 * min(max(x / scale, -1), 1) for x in (estimate.low, estimate.value, estimate.high))
    return Strip(round(low, 2), round(max(high - low, 0.5), 2), round(dot, 2))


def scale(effects: list[Effect]) -> float:
    """The relative change that reaches the end of the strips: the largest, unless one interval dwarfs the others."""
    ends = sorted(max(abs(e.relative.low), abs(e.relative.high)) for e in effects if None not in (e.relative.low, e.relative.high))
    if not ends:
        return 0.0
    return 1.05 * min(ends[-1], 3 * ends[len(ends) // 2])


def group_rows(verdict: Verdict) -> list[tuple[Both, Effect]]:
    """The groups that exist, reps first, then hires, then units."""
    groups = verdict.groups
    named = [(text(f"whom.{name}"), getattr(groups, name)) for name in ("low", "middle", "high", "hires")]
    return [row for row in named if row[1] is not None] + [(Both(name, name), effect) for name, effect in groups.units.items()]


def worse_off(verdict: Verdict) -> Both | None:
    """The groups that are worse off beyond chance, named; None where there are none."""
    names = [name for name, effect in group_rows(verdict) if effect.call == "worse"]
    if not names:
        return None
    return text("whom.worse_note", names=Both(", ".join(n.en.lower() for n in names), "、".join(n.zh for n in names)))


class Rail(NamedTuple):
    """A guardrail in words."""

    title: Both
    whom: Both
    line: Both
    seen: Both
    bound: Both
    state: str


def rail(result: GuardrailResult, verdict: Verdict) -> Rail:
    """A guardrail with its numbers in the unit they are measured in."""
    unit = "share" if result.measure == "relative" else verdict.metrics[result.metric].unit
    kind = {"signed": result.measure != "level", "difference": result.measure == "difference"}
    limit = text(f"guardrails.{result.side}", limit=value(result.limit, unit, **kind))
    measure = text(f"guardrails.{result.measure}")
    known = {"all": text("guardrails.everybody"), **{g: text(f"whom.{g}") for g in ("low", "middle", "high", "hires")}}
    return Rail(
        title=Both(result.title.en, result.title.zh),
        whom=known.get(result.group, Both(result.group, result.group)),
        line=both(lambda lang: f"{measure.of(lang)} {limit.of(lang)}"),
        seen=value(result.value, unit, **kind),
        bound=value(result.bound, unit, **kind),
        state=result.state,
    )


def driver_meaning(driver: Driver) -> Both:
    """What following a driver means for the verdict."""
    if driver.overturned is not None and driver.turning_point is not None:
        return text(f"drivers.{driver.overturned}", point=value(driver.turning_point, driver.unit))
    return text("drivers.more" if driver.correlation > 0 else "drivers.less")


class Tile(NamedTuple):
    """One of the four numbers under the sentence."""

    name: Both
    value: Both
    note: Both
    tone: str


def tiles(verdict: Verdict) -> list[Tile]:
    """Money a month (or the primary metric), its relative change, the share of worlds, the guardrails."""
    from sim.experiment.report.both import span

    primary, money = verdict.metrics[verdict.metric], verdict.costs.money_per_month
    confidence, title = percent(verdict.settings.confidence), Both(primary.title.en, primary.title.zh)
    if money is not None:
        first, unit, points, name = money.net, "money", False, text("tiles.money")
    else:
        first = Estimate(value=primary.difference, low=primary.low, high=primary.high)
        unit, points, name = primary.unit, True, text("tiles.primary", title=title)
    ends = span(first.low, first.high, unit, signed=True, difference=points)
    relative, share = primary.relative, primary.better_share_of_worlds
    shown = [
        Tile(name, value(first.value, unit, signed=True, difference=points), text("tiles.interval", confidence=confidence, span=ends), tone(primary)),
        Tile(
            text("tiles.relative", title=title), percent(relative.value, signed=True),
            text("tiles.interval", confidence=confidence, span=span(relative.low, relative.high, "share", signed=True)), tone(primary),
        ),
        Tile(
            text("tiles.worlds" if primary.direction else "tiles.worlds_higher"), percent(share.value),
            text("tiles.interval", confidence=confidence, span=span(share.low, share.high, "share")), "",
        ),
    ]  # fmt: skip
    return [*shown, guardrail_tile(verdict)]


def guardrail_tile(verdict: Verdict) -> Tile:
    """How many guardrails held."""
    states = [result.state for result in verdict.guardrails]
    if not states:
        return Tile(text("tiles.guardrails"), Both("–", "–"), text("tiles.guardrails_none"), "unsure")
    held, broken, undecided = (states.count(state) for state in ("held", "broken", "undecided"))
    note = text("tiles.guardrails_note", broken=broken, undecided=undecided)
    tone_ = "worse" if broken else "unsure" if undecided else "better"
    return Tile(text("tiles.guardrails"), text("tiles.of", n=held, total=len(states)), note, tone_)
