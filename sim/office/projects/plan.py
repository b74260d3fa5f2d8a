"""From a scenario's projects to the arrays of an office: steps, departments, and where a policy has their records."""

from itertools import accumulate

import numpy as np

from policies.engine.layout import Layout
from policies.language.plays import PARTS
from policies.language.policy import Policy
from policies.record.records import SLOTS
from policies.time.calendar_arrays import Days
from sim.office.scenario import Production, Projects

MILESTONE, TASK = 0, 1
ROLES = tuple(PARTS)
ROLE = {role: number for number, role in enumerate(ROLES)}
PART = {pair: number for number, pair in enumerate((role, part) for role in ROLES for part in PARTS[role])}
MILLISECONDS_A_DAY = 86_400_000


def _dtype(integers: str, floats: str) -> np.dtype:
    return np.dtype([(name, "i8") for name in integers.split()] + [(name, "f8") for name in floats.split()])


STEP = _dtype(
    "kind department deliverables after_from after_to confirm_from confirm_to",
    "minutes due_days paid_before paid_by",
)
DEPARTMENT = _dtype("staff busy first last waiting as_task as_confirmation", "")
"""`first`, `last`: jobs in the queue; `as_task`, `as_confirmation`: its place among the choices of the policy's field."""
PROJECT = _dtype("case customer owner key won_at due_at first steps open first_paid_at finished_at", "value paid")
ITEM = _dtype(
    "project step row state started_at done_at accepted_at closed_at completed due_at asked answer turn pending confirmed "
    "missing hasty handing_in again files confirmations invoice invoiced_at paid_at payment wants_invoice entered "
    "refused",
    "amount",
)
"""A step of one project. `row`, `files`, `confirmations`, `invoice`: its record, and the first of each of these, -1 for none;
`answer`, `payment`: the event of a customer that still counts; `pending`: confirmations and corrections under way;
`refused`: 1 while it waits at a gate before its beginning or its end."""
JOB = _dtype("item what department next place", "minutes")

ORDER = _dtype("case row week wanted tries state made", "units left")
"""What a customer asked a date of delivery for; `week`: the one promised, `wanted`: the one asked for, by their numbers."""
WEEK = _dtype("row", "")
"""A week of the works; `row`: its record, -1 for none."""


def weeks_of(production: Production, days: Days) -> np.recarray:
    """The weeks of a calendar, or a single one that nothing looks at where nobody asks for dates."""
    number = int(days.days[-1].week - days.days[0].week) + 1 if production.units_per_week else 1
    weeks = np.zeros(max(1, number), WEEK).view(np.recarray)
    weeks.row = -1
    return weeks


def plan_of(projects: Projects, minutes_a_day: float) -> tuple[np.recarray, np.ndarray, np.ndarray, np.recarray]:
    """Steps, steps before them, departments that confirm them, and the departments; `minutes_a_day`: open time of a day."""
    names = [each.name for each in projects.departments]
    places = {each.name: number for number, each in enumerate(projects.steps)}
    paid = [0.0, *accumulate(each.payment for each in projects.steps)]
    whole = paid[-1] or 1.0
    steps = np.zeros(len(projects.steps), STEP).view(np.recarray)
    after: list[int] = []
    confirmers: list[int] = []
    for number, each in enumerate(projects.steps):
        before = [places[name] for name in each.after] if each.after is not None else [number - 1] if number else []
        row = steps[number]
        row.kind = ("milestone", "task").index(each.kind)
        row.department = names.index(each.department)
        row.deliverables = each.deliverables
        row.minutes, row.due_days = each.work_days * minutes_a_day * projects.work_factor, each.due_days
        row.paid_before, row.paid_by = round(paid[number] / whole, 12), round(paid[number + 1] / whole, 12)
        row.after_from, row.confirm_from = len(after), len(confirmers)
        after += before
        confirmers += [names.index(name) for name in each.confirmed_by]
        row.after_to, row.confirm_to = len(after), len(confirmers)
    departments = np.zeros(len(names), DEPARTMENT).view(np.recarray)
    departments.staff = [each.staff for each in projects.departments]
    departments.first = departments.last = -1
    return steps, np.array(after, np.int64), np.array(confirmers, np.int64), departments


def recorded_as(policy: Policy, layout: Layout | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of the kinds by what they play, what each kind plays, and columns of the parts; -1 for what a policy has not."""
    codes, roles, columns = np.full(len(ROLES), -1), np.full(len(SLOTS), -1), np.full(len(PART), -1)
    if layout is not None:
        for role, kind in policy.played.kinds.items():
            codes[ROLE[role]] = layout.kinds.index(kind)
            roles[codes[ROLE[role]]] = ROLE[role]
        for (role, part), field in policy.played.parts.items():
            columns[PART[role, part]] = layout.place(policy.kind(policy.played.kinds[role]), field)
    return codes, roles, columns


def name_choices(departments: np.recarray, projects: Projects, policy: Policy) -> None:
    """Where the policy's choices of a department name those of the office."""
    for role, column in (("task", "as_task"), ("confirmation", "as_confirmation")):
        field = policy.played.parts.get((role, "department"))
        kind = policy.played.kinds.get(role)
        choices = list(policy.kinds[kind].fields[field].choices) if field and kind else []
        for number, each in enumerate(projects.departments):
            departments[number][column] = choices.index(each.name) if each.name in choices else -1
