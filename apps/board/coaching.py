"""Coaching on Today: a rep's own sessions, a manager's with the hours that they compete for, and whether they were held."""

from markupsafe import Markup

from apps.board.taps import Tap
from coach.coaching.booking import HOUR_MS
from coach.coaching.keeping import NEAR_MS, REASONS, Held, Hours, coaching, mark
from policies.time.calendar_arrays import DAY_MS

BEHIND_MS = 31 * DAY_MS


def draw(board) -> Markup:
    """Sessions of the coming week, for managers also those that they have not spoken of yet; nothing where there are none."""
    told = coaching(board.service, board.viewer) if board.viewer.role in ("rep", "manager") else []
    parts = []
    for hours, sessions in told:
        leads = board.viewer.role == "manager" and hours.manager == board.viewer.unit
        since = board.now - (BEHIND_MS if leads else HOUR_MS)
        shown = [each for each in sessions if each.held is None and since <= each.session.start_at < board.now + NEAR_MS]
        if leads or (shown and board.viewer.role == "rep"):
            parts += [_hours(board, hours)] if leads else []
            parts += [_session(board, each, leads) for each in shown]
    if not parts:
        return Markup("")
    return Markup("<section class='coaching'><h2>{}</h2>{}</section>").format(
        board.say("coaching.title"), Markup("").join(parts)
    )


def _hours(board, hours: Hours) -> Markup:
    say, held = board.say, "–" if not hours.due else f"{hours.held / hours.due:.0%}"
    return Markup("<p class='note'>{} {} {}</p>").format(
        say("coaching.booked", booked=_number(hours.booked), kept=_number(hours.kept), working=_number(hours.working),
            share=f"{hours.share:.0%}"),
        say("coaching.held", held=_number(hours.held), due=_number(hours.due), share=held, not_held=_number(hours.not_held)),
        say("coaching.came", escalations=hours.escalations, approvals=hours.approvals),
    )  # fmt: skip


def _session(board, each: Held, leads: bool) -> Markup:
    say, session = board.say, each.session
    with_whom = say("coaching.with_rep", rep=session.rep) if leads else say("coaching.with_manager", manager=session.manager)
    when = say("coaching.when", at=board.write.instant(session.start_at), minutes=round(session.length_ms / 60_000))
    buttons = _buttons(board, each) if leads and session.start_at <= board.now else Markup("")
    card = "<article class='card session'><div class='top'><h3>{}</h3></div><p class='does'>{}</p>{}</article>"
    return Markup(card).format(with_whom, when, buttons)


def _buttons(board, each: Held) -> Markup:
    say, session = board.say, each.session
    button = Markup(
        "<button class='{}' data-do='coached' data-rep='{}' data-number='{}' data-value='{}' data-key='{}'>{}</button>"
    )
    held = button.format("", session.rep, session.number, "", session.month_at, say("coaching.was_held"))
    others = [
        button.format(
            "quiet", session.rep, session.number, why, session.month_at,
            say("coaching.not_held", why=say(f"coaching.why_{why}")),
        )
        for why in REASONS
    ]
    return Markup("<p class='taps'>{}{}</p>").format(held, Markup("").join(others))


def _number(hours: float) -> str:
    return f"{hours:.1f}".removesuffix(".0")


def _coached(board, tap: Tap) -> None:
    month_at = int(tap.key) if tap.key.isdecimal() else None
    mark(board.service, board.viewer, tap.rep, int(tap.number or -1), not tap.value, tap.value, month_at)


TAPS = {"coached": _coached}
