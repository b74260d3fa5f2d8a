"""What somebody does with targets on one board: propose, confirm, look and sign, ask for another one, approve."""

from typing import Any, Literal, get_args

from apps.board.taps import Tap
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, Viewer, reading
from coach.store.sight import EVERYTHING, sight_of
from coach.targets import actions, adjusting, committing, moving, rolling, setting
from coach.targets.due import WITHDRAWN

Act = Literal[
    "propose_running", "propose_coming", "confirm", "withdraw", "look", "sign", "adjust", "approve", "refuse", "move",
    "withdraw_move",
]  # fmt: skip
ACTS: tuple[str, ...] = get_args(Act)
FEW = 5
_RECORDS = ("opportunity", "customer", "lead")


class Setting:
    """`shown`: what the viewer looks at before signing; None before it was asked for."""

    def __init__(self, store: Store, service: Service, viewer: Viewer):
        self._store, self._service, self._viewer = store, service, viewer
        self.shown: dict[str, Any] | None = None

    @property
    def sets_targets(self) -> bool:
        """Whether the viewer is a manager above everybody, or operations."""
        return self._viewer.role in ("manager", "operations", "admin") and sight_of(self._store, self._viewer) == EVERYTHING

    @property
    def confirms(self) -> bool:
        """Whether the viewer may put targets in force."""
        return self._viewer.role == "manager" and self.sets_targets

    def sets(self) -> list[dict[str, Any]]:
        """The latest sets of targets that were not withdrawn; none for reps."""
        if self._viewer.role not in ("manager", "operations", "admin"):
            return []
        return [each for each in setting.sets(self._store, self._viewer) if each["state"] != WITHDRAWN][:FEW]

    def line(self) -> list[dict[str, Any]]:
        """How the viewer's work rolls up."""
        return rolling.own_line(self._store, self._viewer) if self._viewer.role in ("rep", "manager") else []

    def adjustments(self) -> list[dict[str, Any]]:
        """The latest requests for another target that concern the viewer, those to decide first."""
        found = adjusting.adjustments(self._store, self._viewer)
        return sorted(found, key=lambda each: not each["mine_to_decide"])[:FEW]

    def proposed_moves(self) -> list[moving.Proposed]:
        """What one of the viewer's units could give to another; only for those who may decide it."""
        return moving.proposals(self._store, self._viewer, self._service.clock()) if self._viewer.role == "manager" else []

    def moves(self) -> list[dict[str, Any]]:
        """The latest moves that concern the viewer."""
        return moving.moves(self._store, self._viewer, FEW)

    def actions(self) -> list[dict[str, Any]]:
        """What this week counts of reps, where the policy asks for it."""
        return actions.actions(self._store, self._viewer)

    def signature(self) -> int | None:
        """When the viewer signed the own target, ms."""
        own = reading.targets(self._store, self._viewer)
        return next((each["committed_at"] for each in own if each["unit"] == self._viewer.unit), None)

    def do(self, tap: Tap) -> list[str]:
        """What was tapped; returns the names of typed fields that are no longer needed."""
        number, fields = int(tap.number or -1), tap.fields
        if tap.event in ("propose_running", "propose_coming"):
            setting.propose(
                self._service, self._viewer, "running" if tap.event == "propose_running" else "coming", _totals(fields)
            )
            return ["targets.unit", "targets.total"]
        if tap.event == "confirm":
            setting.confirm(self._service, self._viewer, number)
        elif tap.event == "withdraw":
            setting.withdraw(self._service, self._viewer, number)
        elif tap.event == "look":
            self.shown = committing.shown(self._store, self._viewer, self._service.clock())
        elif tap.event == "sign":
            committing.sign(self._service, self._viewer, tap.key)
            self.shown = None
        elif tap.event == "adjust":
            self._adjust(fields)
            return ["targets.target", "targets.evidence", "targets.record"]
        elif tap.event == "approve":
            adjusting.approve(self._service, self._viewer, number)
        elif tap.event == "move":
            self._move(tap)
        elif tap.event == "withdraw_move":
            moving.withdraw(self._service, self._viewer, number)
        elif tap.event == "refuse":
            adjusting.refuse(self._service, self._viewer, number, fields.get("why", ""))
            return [f"targets.why.{number}"]
        return []

    def own_records(self) -> list[tuple[str, str, dict[str, str]]]:
        """(kind, id, title by language) of the viewer's open deals, on which a changed need may stand."""
        deals = reading.open_opportunities(self._store, self._viewer, self._viewer.unit)
        return [(each["kind"], each["id"], each["title"]) for each in deals]

    def _move(self, tap: Tap) -> None:
        """As it is proposed now. The reason is the manager's own words: both units read it, and a proposal tells their pace."""
        for each in self.proposed_moves():
            if (each.from_unit, each.to_unit, each.resource) == (tap.value, tap.rep, tap.kind):
                why = tap.fields.get("why", "")
                moving.move(self._service, self._viewer, each.resource, each.from_unit, each.to_unit, each.amount, why)
                return
        raise CoachError("This is not proposed any more.", "该建议已不再成立。")

    def _adjust(self, fields: dict[str, str]) -> None:
        kind, _, record = fields.get("record", "").partition(":")
        target = _amount(fields.get("target", ""))
        adjusting.ask_for(
            self._service, self._viewer, target, fields.get("evidence", ""), kind if kind in _RECORDS else None, record or None
        )


def _totals(fields: dict[str, str]) -> dict[str, int] | None:
    unit = fields.get("unit", "").strip()
    return {unit: _amount(fields.get("total", ""))} if unit else None


def _amount(text: str) -> int:
    written = text.strip().replace(",", "").replace("，", "")
    if not written.isdecimal() or int(written) > setting.LARGEST:
        raise CoachError("Write a whole amount, such as 120000.", "请填写整数金额，例如 120000。")
    return int(written)


def _do(board, tap: Tap) -> list[str]:
    return board.setting.do(tap)


TAPS = {"target": _do}
