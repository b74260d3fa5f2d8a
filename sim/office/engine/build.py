"""From a scenario, a policy and a world to the arrays of an office at its first instant."""

import math
from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from policies.engine.compile import PERIODIC, compile_rules
from policies.engine.following import EDGE, following
from policies.engine.layout import Layout, layout_of
from policies.engine.settings import SETTINGS, settings
from policies.language.policy import Policy
from policies.record.book import longer, new_book
from policies.record.records import JOURNAL, OPPORTUNITY, OPPORTUNITY_KIND, SOURCES, WIDTH
from policies.record.texts import text_number
from policies.routing.choosing import CANDIDATE
from policies.targets.level import BUSINESS_DAYS_A_YEAR
from policies.targets.moves import STANDING
from policies.targets.season import Season
from sim.office.behaviour import behaviour
from sim.office.cases.customers_clock import curve_of
from sim.office.cases.phases import PHASES
from sim.office.counting.tally import BINS, FIRST_TEAM, HISTOGRAMS, MEASURES, PROFILE_BINS, WEEKLY, WEEKS
from sim.office.engine import world
from sim.office.engine.compiled_run import compile_office, first_events, new_people
from sim.office.engine.draws import normal
from sim.office.engine.events import DRAW
from sim.office.engine.heap import EVENT_DTYPE
from sim.office.pipeline import Pipeline, check, no_pipeline
from sim.office.projects.plan import ITEM, JOB, ORDER, PROJECT, name_choices, plan_of, recorded_as, weeks_of
from sim.office.scenario import Scenario

DESKS = ("presales", "legal", "delivery", "finance")
HORIZON_WEEKS = 170  # of the calendar after the policy date: the longest window, and a quarter in which periods may still run
OUTBOX = 8192
USUAL_WEEKS = 26
CASES_PER_LEAD = 1.25  # leads that come in, and those that reps and customers bring
ENTRIES_PER_ROW = 7
CHANGES_PER_ENTRY = 2
MOST_FULL = 0.7  # arrays grow beyond; enlarging them in the middle of a run costs more than the room
MOST_PERIODS = 1200  # days of the longest window
MOVES_PER_UNIT = 4  # a fourth of it is what one review may propose at most
ROWS_PER_STANDING = 8  # journal rows of a customer that the firm has on its first day
FIRM = np.dtype(
    [
        (name, "f8")
        for name in [
            "leads_per_week",
            "deal_value",
            "margin_share",
            "industries",
            "products",
            "regions",
            "teams",
            "season_amplitude",
            "season_peak_day",
            "sales_amplitude",
            "sales_peak_day",
            "outside_pay",
            "cycle_days",
            "chance_lead",
            "chance_opportunity",
            "chance_stage",
            "minutes_per_win",
            "worth_per_minute",
            "expected_rate",
            "high_ticket",
            "business_days_a_year",
            "stage_shift",
            "qualify_shift",
            "wait_factor",
            "patience",
            "exponential_work",
            "prospect_per_minute",
            "working_day",
            "customers_per_rep",
            "expense_share",
            "desk_own_load",
            "desk_own_hours",
            "asked_again_minutes",
            "as_opportunities",
            "value_spread",
            "week_dispersion",
            "trend",
            "trend_from",
            "payment_term_days",
            "units_per_week",
            "unit_value",
            "wanted_weeks",
            "output_spread",
            "joint_calls_week",
        ]
    ]
)
HIGH_TICKET = 2.0  # times the median deal


def unit_names(scenario: Scenario) -> list[str]:
    """Names of the units in the order of their records: reps, teams, regions, the company."""
    p = scenario.people
    return [
        *(f"rep-{n + 1}" for n in range(p.reps)),
        *(f"team-{n + 1}" for n in range(p.teams)),
        *region_names(scenario),
        "company",
    ]


def _parents(scenario: Scenario) -> list[int]:
    p = scenario.people
    teams, regions = p.reps, p.reps + p.teams
    company = regions + p.regions
    return (
        [teams + seat * p.teams // p.reps for seat in range(p.reps)]
        + [regions + team * p.regions // p.teams for team in range(p.teams)]
        + [company] * p.regions
        + [-1]
    )


def region_names(scenario: Scenario) -> list[str]:
    """Names of the regions in their order."""
    return [f"region-{n + 1}" for n in range(scenario.people.regions)]


def market_corrections(scenario: Scenario, policy: Policy) -> np.ndarray:
    """The market correction of each region's targets, f8[regions]."""
    level = policy.targets.level
    return np.array([level.market_by_region.get(name, level.market_correction) for name in region_names(scenario)])


def exempt_rows(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """Rows that a unit's name stands for in exemptions: its own, and those of everybody in it."""
    parents = _parents(scenario)
    names = unit_names(scenario)
    rows = {name: [row] for row, name in enumerate(names)}
    for row in range(len(names)):
        above = parents[row]
        while above >= 0:
            rows[names[above]].append(row)
            above = parents[above]
    return {name: tuple(members) for name, members in rows.items()}


def build(
    scenario: Scenario,
    policy: Policy,
    values: Mapping[str, float] | None,
    seed: int,
    journal: bool,
    beyond: Mapping[str, float] | None = None,
    pipeline: Pipeline | None = None,
) -> world.World:
    """Arrays of the office at its first instant. `values` are the world's parameters; the scenario's own come first of all.

    ValueError for a pipeline that cannot be this office's.
    """
    parameters = behaviour({**(values or {}), **scenario.behaviour}, beyond)
    layout = layout_of([policy]) if policy.kinds else None
    rules = compile_rules(policy.rehearsed, activated_at=scenario.start_at, units=exempt_rows(scenario), custom=layout)
    if pipeline is not None:
        check(pipeline, scenario.people.reps, scenario.policy_at)
    o = _empty(scenario, policy, parameters, rules, journal, pipeline or no_pipeline(scenario.people.reps), layout)
    s = o.state[0]
    s.seed = seed
    s.now = scenario.start_at
    s.journal_on = int(journal)
    s.pipeline_at = 0 if pipeline is None else scenario.policy_at
    s.settle_at = -1
    s.entered_row = -1
    s.pool_head = s.pool_tail = -1
    s.looks = looks(rules)
    s.prosperity_read = int(reads_prosperity(rules))
    _units(o, scenario)
    _managers(o, scenario, seed)
    compile_office(o)
    new_people(o)
    first_events(o)
    return o


def looks(rules) -> int:
    """Bit per period at whose end some rule in force looks."""
    bits = 0
    for rule in rules.rules:
        if rule.trigger == PERIODIC and rule.mode != 0:
            bits |= 1 << int(rule.period)
    return bits


def reads_prosperity(rules) -> bool:
    """Whether some rule in force reads of a deal that it is falsely prosperous."""
    bit = 1 << OPPORTUNITY.false_prosperity
    return any(rule.kind == OPPORTUNITY_KIND and rule.mode != 0 and int(rule.reads) & bit for rule in rules.rules)


def _empty(
    scenario: Scenario, policy: Policy, parameters, rules, journal: bool, pipeline: Pipeline, layout: Layout | None
) -> world.World:
    p = scenario.people
    weeks = scenario.warmup_weeks + USUAL_WEEKS + scenario.runoff_weeks
    rows = 4096 + int(CASES_PER_LEAD * scenario.leads.per_week * weeks / MOST_FULL)
    units = p.reps + p.teams + p.regions + 1
    standing = p.reps * scenario.customers.per_rep
    first = scenario.start - timedelta(days=40)
    last = scenario.policy_date + timedelta(weeks=HORIZON_WEEKS + scenario.runoff_weeks)
    days = scenario.calendar.days(first, last)
    firm = _firm(scenario, parameters[0], days)
    plan, after, confirmers, departments = plan_of(scenario.projects, float(firm[0].working_day) / 60_000.0)
    name_choices(departments, scenario.projects, policy)
    codes, roles, columns = recorded_as(policy, layout)
    goes_on = 4096 if len(plan) else 1
    book = grown_entries(new_book(rules, int(1.3 * rows) + 2 * standing, WIDTH if layout is None else layout.width))
    return world.World(
        state=world.records(world.STATE_DTYPE, 1),
        behaviour=parameters,
        settings=settings(policy).astype(SETTINGS).view(np.recarray),
        firm=firm,
        heap=world.records(EVENT_DTYPE, 16384 + 2 * standing + 4 * len(pipeline.deals)),
        outbox=np.zeros((OUTBOX, 5), np.int64),
        cases=world.records(world.CASE, rows),
        work=world.records(world.WORK, rows),
        seats=world.records(world.SEAT, p.reps),
        habits=world.records(world.HABIT, p.reps),
        entered=np.zeros((p.reps, len(days.days)), np.int32),
        entered_on=world.records(world.ENTERED_ON, 1024),
        judged=np.zeros((p.reps, len(days.days)), np.int8),
        managers=world.records(world.MANAGER, p.teams + 1),
        tasks=world.records(world.TASK_DTYPE, 8192),
        requests=world.records(world.REQUEST_DTYPE, 4096),
        desks=_desks(scenario),
        customers=world.records(world.CUSTOMER, 4096 + 2 * standing),
        late=world.records(world.LATE, rows),
        people=world.records(world.PERSON, 4 * p.reps + 64),
        units=world.records(world.UNIT_DTYPE, units),
        standings=world.records(STANDING, units),
        signals=np.zeros((3, rows)),
        moves=world.records(world.MOVE, MOVES_PER_UNIT * units),
        sources=_sources(scenario),
        market=market_corrections(scenario, policy),
        own_time=curve_of(scenario.deals.own_time),
        leaving=curve_of(scenario.deals.leaving),
        pipeline=pipeline.deals,
        pipeline_own=pipeline.own,
        pipeline_leaving=pipeline.leaving,
        pipeline_sold=pipeline.sold,
        strength=np.zeros((p.reps, 8, 2)),
        candidates=world.records(CANDIDATE, p.reps),
        totals=np.zeros((FIRST_TEAM + p.teams, len(MEASURES))),
        hours=world.activity_hours(p.reps),
        weekly=np.zeros((WEEKS, len(WEEKLY))),
        histogram=np.zeros((len(HISTOGRAMS), BINS)),
        profile=np.zeros((2, PROFILE_BINS)),
        attainment=np.full((p.reps, MOST_PERIODS), np.nan),
        cohort=np.zeros(2),
        journal=world.records(JOURNAL, 65536 + ROWS_PER_STANDING * standing if journal else 1),
        slots=np.zeros(int(1.3 * rows) + 2 * standing, np.int64),
        plan=plan,
        plan_after=after,
        plan_confirmers=confirmers,
        departments=departments,
        projects=world.records(PROJECT, goes_on),
        items=world.records(ITEM, goes_on),
        jobs=world.records(JOB, goes_on),
        kind_codes=codes,
        kind_roles=roles,
        part_columns=columns,
        orders=world.records(ORDER, 4096 if scenario.production.units_per_week else 1),
        weeks=weeks_of(scenario.production, days),
        edges=world.records(EDGE, 4096 if len(plan) or scenario.production.units_per_week else 1),
        **world.room_for_links(len(book.rows) if policy.played.kinds else 1),
        links=following(policy, layout),
        book=book,
        rules=rules,
        days=days,
    )


def grown_entries(book):
    """Room for the entries of a usual record: a touch or two a week for some weeks."""
    return book._replace(
        entries=longer(book.entries, ENTRIES_PER_ROW * len(book.rows)),
        changes=longer(book.changes, CHANGES_PER_ENTRY * ENTRIES_PER_ROW * len(book.rows)),
    )


def _firm(scenario: Scenario, b, days) -> np.recarray:
    """What everybody in the firm reckons with: usual chances, usual minutes, usual pace."""
    d, leads = scenario.deals, scenario.leads
    minutes = (
        b.minutes_discovery + b.minutes_demo + b.minutes_visit + b.minutes_quote + b.minutes_negotiation
    ) / b.touch_success
    spread = d.amount_spread or b.value_sigma
    mean_value = d.amount * math.exp(0.5 * spread**2)
    rate = leads.per_week / scenario.people.reps * d.lead_to_opportunity * d.win_rate * mean_value / 5.0
    sales = Season(leads.season_amplitude, leads.season_peak_day).later(d.cycle_days, b.cycle_spread)
    firm = world.records(FIRM, 1)
    values = dict(
        leads_per_week=leads.per_week,
        deal_value=d.amount,
        margin_share=d.margin,
        industries=leads.industries,
        products=leads.products,
        regions=scenario.people.regions,
        teams=scenario.people.teams,
        season_amplitude=leads.season_amplitude,
        season_peak_day=leads.season_peak_day,
        sales_amplitude=sales.amplitude,
        sales_peak_day=sales.peak_day,
        outside_pay=scenario.people.outside_pay,
        cycle_days=d.cycle_days,
        chance_lead=d.lead_to_opportunity,
        chance_opportunity=d.win_rate,
        chance_stage=d.win_rate ** (1.0 / PHASES),
        minutes_per_win=minutes,
        worth_per_minute=rate * 5.0 / 2250.0,
        expected_rate=rate,
        high_ticket=HIGH_TICKET * d.amount,
        business_days_a_year=BUSINESS_DAYS_A_YEAR,
        stage_shift=d.stage_shift,
        qualify_shift=d.qualify_shift,
        wait_factor=d.wait_factor,
        patience=d.patience,
        exponential_work=float(d.task_times == "exponential"),
        prospect_per_minute=b.prospect_success * d.amount * d.lead_to_opportunity * d.win_rate / b.block_minutes,
        customers_per_rep=scenario.customers.per_rep,
        expense_share=scenario.deals.expense_share,
        desk_own_load=scenario.desks.own_load,
        desk_own_hours=scenario.desks.own_job_hours,
        asked_again_minutes=scenario.desks.asked_again_minutes,
        as_opportunities=float(leads.as_opportunities),
        value_spread=spread,
        week_dispersion=leads.week_dispersion,
        trend=leads.trend,
        trend_from=scenario.policy_at,
        payment_term_days=scenario.projects.payment_term_days,
        units_per_week=scenario.production.units_per_week,
        unit_value=scenario.production.unit_value,
        wanted_weeks=scenario.production.wanted_weeks,
        output_spread=scenario.production.output_spread,
        joint_calls_week=d.joint_calls_week,
        working_day=days.spans[-1].before / max(1, int((days.days.business != 0).sum())),
    )
    for name, value in values.items():
        firm[name] = value
    return firm


def _desks(scenario: Scenario) -> np.recarray:
    desks = world.records(world.DESK, len(DESKS))
    for number, name in enumerate(DESKS):
        desks[number].staff = getattr(scenario.people, name)
    desks.first = desks.last = -1
    return desks


def _sources(scenario: Scenario) -> np.recarray:
    """Week totals are kept whatever the weekend factor: business days and free days share seven days' arrivals."""
    table = world.records(world.SOURCE_DTYPE, len(SOURCES))
    for number, name in enumerate(("website", "referral", "exhibition", "store", "outbound", "existing")):
        source = getattr(scenario.leads, name)
        row = table[number]
        row.share, row.reach, row.tau, row.fit = source.share, source.reach, source.interest, source.fit
        row.hour_start, row.hour_end, row.value_factor = source.from_hour, source.to_hour, source.value
        row.weekday = 7.0 / (5.0 + 2.0 * source.weekend)
        row.weekend = source.weekend * row.weekday
    return table


def _units(o: world.World, scenario: Scenario) -> None:
    p = scenario.people
    parents, names = _parents(scenario), unit_names(scenario)
    for unit, above in enumerate(parents):
        u = o.units[unit]
        u.row = unit
        u.name = text_number(names[unit])
        u.parent = above
        u.level = 0 if unit < p.reps else 1 if unit < p.reps + p.teams else 2 if above >= 0 else 3
    for seat in range(p.reps):
        r = o.seats[seat]
        r.unit = r.head = seat
        r.team = parents[seat] - p.reps
        r.region = parents[parents[seat]] - p.reps - p.teams


def _managers(o: world.World, scenario: Scenario, seed: int) -> None:
    spread = o.behaviour[0].manager_skill_spread
    for number in range(scenario.people.teams + 1):
        m = o.managers[number]
        m.team = number
        m.unit = scenario.people.reps + number
        m.first_task = m.last_task = m.task = -1
        m.skill = math.exp(spread * normal(seed, DRAW.manager_skill, number, 0))
