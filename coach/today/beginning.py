"""An experiment that begins today: the firm's office, its own open deals, and what is to be said of both."""

from collections.abc import Callable
from typing import NamedTuple

from coach.describing.page import local_day
from coach.describing.spans import spans_of
from coach.fitting.firm import COUNTED, enough_dated, firm_in
from coach.forecasting.known import History, Known, NoDatedWin
from coach.today.open_deals import Start, said_of_silence, start_of, tells_amounts
from policies.language.policy import Policy
from policies.scores.score import Words
from policies.time.calendar import Calendar
from sim.experiment.verdict.verdict import Text
from sim.fit.beginnings import Beginnings
from sim.fit.from_record import fit_on
from sim.fit.opening import Moved, opened
from sim.office.pipeline import Pipeline
from sim.office.scenario import Scenario

Told = Callable[[int, int], None]


class Beginning(NamedTuple):
    """Where both arms of an experiment begin, and the sentences that say so."""

    scenario: Scenario
    pipeline: Pipeline
    notes: tuple[Text, ...]


def fitted(
    known: Known,
    calendar: Calendar,
    policy: Policy,
    people: int | None = None,
    near: Scenario | None = None,
    progress: Told = lambda _done, _of: None,
) -> Scenario:
    """The office of what was known, under the policy in force; quicker where it is sought from an office `near` it.

    CoachError or TooFewWins where the record tells too little: dates of closings that are made up fit nothing.
    """
    undated = set(known.deals["row"][known.deals["outcome"] == "undated"])
    told = enough_dated(firm_in(spans_of(known.opportunities, known.at, calendar.zone, undated), calendar, people))
    return fit_on(told.firm, policy, near, progress=progress)


def is_fitted(scenario: Scenario) -> bool:
    """Whether the office was made of a record: only such a one has the customers' own times of a firm."""
    return scenario.leads.as_opportunities and len(scenario.deals.own_time) > 0


def beginning(
    history: History, known: Known, scenario: Scenario, policy: Policy, weeks: int, progress: Told = lambda _done, _of: None
) -> Beginning:
    """Today in an office of the firm, for an experiment of so many weeks under a policy that is in force.

    NoDatedWin where the record dates no win.
    """
    if known.won.empty:
        raise NoDatedWin
    start = start_of(known, scenario, policy, weeks + scenario.runoff_weeks + 1)
    begun = Beginnings(start.scenario, policy, start.opening.pipeline(Moved.nowhere(start.opening.won.shape[1])), seed=1)
    pipeline = opened(begun, start.opening, progress)
    return Beginning(start.scenario, pipeline, _notes(start, known, history.currency, weeks))


def _notes(start: Start, known: Known, currency: str | None, weeks: int) -> tuple[Text, ...]:
    day = local_day(known.at, known.zone)
    amounts = start.opening.deals.value
    told = amounts[amounts == amounts]
    won = start.opening.expected()[0][:weeks].sum()
    money = f"{told.sum():,.0f} {currency or ''}".strip()
    en = f", of which {len(told):,} have an amount, {money} in all" if len(told) else ", without amounts"
    zh = f"，其中 {len(told):,} 个有金额，合计 {money}" if len(told) else "，均无金额"
    if not tells_amounts(known):
        en = zh = ""
    return (
        Text(
            en=f"Both begin with the {len(amounts):,} deals open in the record by the end of {day}{en}. If things go on as "
            f"they did, {won:,.0f} of them are won in {weeks} weeks.",
            zh=f"两种制度都从记录中 {day} 日终时在途的 {len(amounts):,} 个商机开始{zh}。"
            f"照以往情形，{weeks} 周内其中 {won:,.0f} 个会赢单。",
        ),
        Text(
            en=f"No record tells the margin: it is reckoned at {start.scenario.deals.margin:.0%} of the list price.",
            zh=f"记录不含毛利：按目录价的 {start.scenario.deals.margin:.0%} 计算。",
        ),
        *(Text(en=each.en, zh=each.zh) for each in (_uncounted(known), said_of_silence(known)) if each is not None),
    )


def _uncounted(known: Known) -> Words | None:
    """What money is counted in where the record has no amounts."""
    if tells_amounts(known):
        return None
    return Words(
        f"The record has no amount of any deal won: every deal counts {COUNTED:,.0f}. Money is counted in deals of "
        f"{COUNTED:,.0f}, and only shares of it mean something.",
        f"记录中的赢单都没有金额：每单按 {COUNTED:,.0f} 计。金额即以每单 {COUNTED:,.0f} 的单数计，只有其比例有意义。",
    )
