"""Leads that people give out: a manager assigns one to somebody, a rep takes one from the pool."""

from sqlalchemy import Connection, select

from coach.problems import CoachError, NotAllowed, not_found
from coach.routing.candidates import OPEN_LEAD
from coach.rules.live_book import LiveBook
from coach.rules.service import Service, Together
from coach.store import tables
from coach.store.store import audited
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask, may_see, units_below
from policies.record.records import LEAD, LEVELS, UNIT

_record = tables.record.c


def assign(service: Service, viewer: Viewer, lead: str, unit: str) -> None:
    """Give a lead to a unit that reports to the viewer, whoever has had it. Nothing is asked of who is full: a person chose."""
    ask(viewer, "manager", *SEE_EVERYTHING)

    def work(at_work: Together) -> None:
        live = _in_force(at_work.live)
        row = _lead_of(at_work.connection, viewer, lead)
        _not_closed(live, row)
        _is_there(at_work, viewer, live, unit)
        if live.units[row] == unit and row not in live.router.waiting:
            raise CoachError(f"The lead is {unit}'s already.", f"该线索已归 {unit}。")
        _give(at_work, live, viewer, row, unit, "manual")

    service.together(work, viewer.name)


def take(service: Service, viewer: Viewer, lead: str) -> None:
    """Take a lead from the pool; whoever comes first has it."""
    ask(viewer, "rep")

    def work(at_work: Together) -> None:
        live = _in_force(at_work.live)
        row = live.row_of.get(("lead", lead))
        if viewer.unit is None or live.router.settings.method != "pool" or row is None:
            raise not_found("lead in the pool", "公共池线索", lead)
        if row not in live.router.waiting:
            raise CoachError(
                "This lead is no longer in the pool: somebody has taken it.", "该线索已不在公共池中：已被他人领取。"
            )
        _has_room(live, row, viewer.unit, at_work.at)
        _give(at_work, live, viewer, row, viewer.unit, "pool")

    service.together(work, viewer.name)


def _give(at_work: Together, live: LiveBook, viewer: Viewer, row: int, unit: str, how: str) -> None:
    event = live.router.assign(row, unit, at_work.at, how, viewer.name, {})
    at_work.post([event]).whole()
    audited(at_work.connection, at_work.at, viewer.name, "lead_assigned", event.record, unit=unit, how=how)


def _in_force(live: LiveBook | None) -> LiveBook:
    if live is None:
        raise CoachError(
            "Leads are given out once a policy is in force; put one in force first.", "须先启用一项制度，才能分配线索。"
        )
    return live


def _lead_of(connection: Connection, viewer: Viewer, lead: str) -> int:
    row = connection.scalar(
        select(_record.row).where(_record.kind == "lead", _record.id == lead, may_see(viewer, _record.unit))
    )
    if row is None:
        raise not_found("lead", "线索", lead)
    return int(row)


def _not_closed(live: LiveBook, row: int) -> None:
    if live.book.values[row, LEAD.status] > OPEN_LEAD:
        raise CoachError("The lead is closed: it was converted or lost.", "该线索已关闭（已转化或已丢失）。")


def _is_there(at_work: Together, viewer: Viewer, live: LiveBook, unit: str) -> None:
    row = live.row_of.get(("unit", unit))
    if viewer.role not in SEE_EVERYTHING and unit not in units_below(at_work.connection, viewer.unit):
        raise NotAllowed(f"{unit} does not report to you.", f"{unit} 不在您的管理范围内。")
    if row is None:
        raise not_found("unit", "单位", unit)
    if live.book.values[row, UNIT.level] != LEVELS.index("rep"):
        raise CoachError(f"{unit} is no rep; choose somebody who sells.", f"{unit} 不是销售人员，请选择一名销售。")
    if live.book.values[row, UNIT.left_at] <= at_work.at:
        raise CoachError(f"{unit} has left the firm; choose somebody else.", f"{unit} 已离职，请另选他人。")


def _has_room(live: LiveBook, row: int, unit: str, at: int) -> None:
    """A rep helps oneself to no more leads than the policy lets one hold."""
    found, cap = live.router.described(row, at), live.router.settings.lead_cap
    if unit in found.full(cap):
        raise CoachError(
            f"You hold {cap} open leads, as many as the policy allows; close or convert one first.",
            f"您已持有 {cap} 条未结线索，达到制度上限；请先转化或关闭其中一条。",
        )
