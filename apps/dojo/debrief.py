"""The debrief of a drill as a view: score, checks with advice and the turns at which they could be met, what stayed hidden."""

import panel as pn
from markupsafe import Markup, escape

from apps.dojo.words import deciders, listed
from apps.pages.frame import STYLE, block, columns
from scenarios.roleplay.debrief import Debrief, Missed, debrief
from scenarios.roleplay.play import LEAVE, Play
from scenarios.roleplay.score import Marked


def debrief_view(say, play: Play) -> pn.viewable.Viewable:
    """The whole debrief of a play that is over."""
    told = debrief(play)
    missed = {id(each.what): each for each in told.missed}
    left = [block(_score(say, play, told), "box")]
    left += [block(_criterion(say, play, marked, missed), "box") for marked in told.score.criteria]
    right = [block(part, "box") for part in _hidden(say, told)]
    return pn.Column(
        columns(left, right or [block("")]),
        block(_turns(say, play, told), "box"),
        sizing_mode="stretch_width",
        stylesheets=[STYLE],
    )


def _score(say, play: Play, told: Debrief) -> str:
    score = told.score
    call = "better" if score.passed else "worse"
    mark = escape(say("debrief.mark", mark=play.roleplay.rubric.pass_at))
    lines = [
        f"<h2>{escape(say('debrief.title'))}</h2>",
        f"<p class='score {call}'>{score.points:g} <small>{mark}</small></p>",
        f"<p><span class='tag {call}'>{escape(say('debrief.passed' if score.passed else 'debrief.failed'))}</span> "
        f"{escape(say(f'debrief.{play.state.end}'))}</p>",
    ]
    for each in told.missed:
        if each.what in score.missed_milestones:
            capped = say("debrief.capped", what=say.both(each.what.text), cap=each.what.cap, points=f"{score.uncapped:g}")
            lines.append(f"<p class='callout worse'>{escape(capped)} {escape(when(say, play, each))}</p>")
    return "".join(lines)


def _criterion(say, play: Play, marked: Marked, missed: dict[int, Missed]) -> str:
    criterion = marked.criterion
    points = say("debrief.points", points=f"{marked.points:.3g}", weight=criterion.weight)
    share = 100 * marked.points / criterion.weight
    lines = [
        f"<h3>{escape(say(f'debrief.{criterion.id}'))} <span class='note'>{points}</span></h3>",
        f"<div class='meter {'good' if share == 100 else ''}'><i style='width:{share:.0f}%'></i></div>",
    ]
    for check in criterion.checks:
        if check in marked.passed:
            lines.append(_check("better", "✓", say.both(check.text)))
        else:
            advice = f"{say.both(check.advice)} {when(say, play, missed[id(check)])}"
            lines.append(_check("worse", "✗", say.both(check.text), advice))
    return "".join(lines)


def _check(call: str, mark: str, text: str, advice: str = "") -> str:
    more = Markup("<span class='advice'>{}</span>").format(advice) if advice else ""
    return Markup("<div class='check'><b class='{}'>{}</b><span>{}</span>{}</div>").format(call, mark, text, more)


def when(say, play: Play, missed: Missed) -> str:
    """When a missed thing could have been done, and what closed it."""
    if missed.last is None:
        return say("debrief.never")
    if not missed.last.moves:
        return say("debrief.undone", turn=missed.last.turn, move=says(say, play, missed.closed_by))
    if missed.at_once is not None:
        sentence = say("debrief.at_once", turn=missed.at_once.turn, moves=says(say, play, missed.at_once.moves[0]))
    else:
        way = " → ".join(says(say, play, move) for move in missed.last.moves)
        sentence = say("debrief.way", turn=missed.last.turn, moves=way)
    if missed.closed_by and missed.last.turn < len(play.turns):
        sentence += " " + say("debrief.closed", turn=missed.last.turn, move=says(say, play, missed.closed_by))
    return sentence


def says(say, play: Play, move: str) -> str:
    """What a move says."""
    return say("drill.leave") if move in (LEAVE, "") else say.both(play.roleplay.move(move).says)


def _hidden(say, told: Debrief) -> list[str]:
    parts = (
        ("debrief.hidden", listed(say, told.stayed_hidden)),
        ("debrief.never_met", deciders(say, told.never_met) if told.never_met else ""),
        ("debrief.unsettled", listed(say, told.unsettled)),
    )
    return [f"<h3>{escape(say(name))}</h3>{lines}" for name, lines in parts if lines]


def _turns(say, play: Play, told: Debrief) -> str:
    could: dict[int, list[str]] = {}
    for each in told.missed:
        if each.at_once is not None and hasattr(each.what, "advice"):
            could.setdefault(each.at_once.turn, []).append(say.both(each.what.text))
    rows = [_turn(say, play, turn, could.get(turn.number, [])) for turn in play.turns]
    heads = "".join(f"<th>{escape(say(f'debrief.{name}'))}</th>" for name in ("turn", "did", "trust_column", "could"))
    return f"<h2>{escape(say('debrief.turns'))}</h2><div class='scroll'><table><tr>{heads}</tr>{''.join(rows)}</table></div>"


def _turn(say, play: Play, turn, could: list[str]) -> str:
    change = turn.after.trust - turn.before.trust
    call = "better" if change > 0 else "worse" if change < 0 else ""
    reply = "" if turn.reaction is None else say.both(turn.reaction.reply)
    return Markup(
        "<tr><td class='number'>{}</td><td>{}<br><span class='note'>{}</span></td>"
        "<td class='number'>{} <span class='{}'>{}</span></td><td>{}</td></tr>"
    ).format(
        turn.number,
        says(say, play, turn.move),
        reply,
        turn.after.trust,
        call,
        f"{change:+d}" if change else "",
        " · ".join(could),
    )
