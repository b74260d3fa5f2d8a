"""Targets on the board beside the heat map: how they roll up, what is proposed, what one signs, what waits to be decided."""

from typing import Any

from markupsafe import Markup

from coach.texts import role_name
from policies.words.rule_words import field_label


def draw(board) -> Markup:
    """What the viewer may do with targets; empty where there is nothing."""
    setting = board.setting
    parts = [
        waiting(board),
        _proposing(board),
        *(_set(board, each) for each in setting.sets()),
        _own(board),
        _line(board),
        _actions(board),
        _moves(board),
    ]
    return Markup("").join(parts)


def _said(board, sentences: list[dict[str, str]]) -> list[str]:
    return [each[board.write.language] for each in sentences]


def _sentences(board, sentences: list[dict[str, str]]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(each) for each in _said(board, sentences))
    return Markup("<ul class='known'>{}</ul>").format(items)


def _button(board, event: str, number: int | str = "", style: str = "") -> Markup:
    return Markup("<button class='{}' data-do='target' data-event='{}' data-number='{}'>{}</button>").format(
        style, event, number, board.say(f"setting.{event}")
    )


def _period(board, start: int, end: int) -> str:
    return board.say("setting.period", first=board.write.day(start), last=board.write.day(end - 1))


def _proposing(board) -> Markup:
    if not board.setting.sets_targets:
        return Markup("")
    say = board.say
    fields = Markup("").join(
        Markup("<label>{}<input name='{}' data-keep='targets.{}' maxlength='200'></label>").format(
            say(f"setting.{name}"), name, name
        )
        for name in ("unit", "total")
    )
    forms = Markup("").join(
        Markup("<form class='ask' data-do='target' data-event='{}'>{}<button>{}</button></form>").format(
            event, fields if event == "propose_coming" else "", say(f"setting.{event}")
        )
        for event in ("propose_coming", "propose_running")
    )
    return Markup("<h2>{}</h2><p class='note'>{}</p>{}").format(say("setting.title"), say("setting.note"), forms)


def _set(board, each: dict[str, Any]) -> Markup:
    say, setting = board.say, board.setting
    rows = Markup("").join(
        Markup(
            "<tr><th>{}<small class='level'>{}</small></th><td>{}</td><td><details><summary>{}</summary>{}</details></td></tr>"
        ).format(
            board.write.unit(unit["unit"], board.now), say(f"levels.{unit['level']}"), _exact(unit["target"]),
            say("setting.why"), _sentences(board, unit["reasons"]),
        )
        for unit in each["units"]
    )  # fmt: skip
    buttons = Markup("")
    if each["state"] == "proposed" and setting.confirms:
        buttons += _button(board, "confirm", each["number"])
    if each["state"] in ("proposed", "confirmed") and setting.sets_targets:
        buttons += _button(board, "withdraw", each["number"], "quiet")
    return Markup(
        "<article class='card'><div class='top'><div><h3>{}</h3><p class='note'>{}</p></div><span class='tag'>{}</span></div>"
        "<div class='scroll'><table>{}</table></div><p class='taps'>{}</p></article>"
    ).format(
        _period(board, each["start_at"], each["end_at"]),
        say("setting.proposed_by", who=each["proposed_by"], at=board.write.instant(each["proposed_at"])),
        say(f"setting.{each['state']}"), rows, buttons,
    )  # fmt: skip


def _line(board) -> Markup:
    line = board.setting.line()
    if len(line) < 2 or line[0]["target"] is None:
        return Markup("")
    write, say = board.write, board.say
    rows = Markup("").join(
        Markup("<tr><th>{}<small class='level'>{}</small></th><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            write.unit(each["unit"], board.now), say(f"levels.{each['level']}"), _or_dash(each["target"], _exact),
            _or_dash(each["attained"], _exact), _or_dash(each["own_share"], write.percent),
        )
        for each in line
    )  # fmt: skip
    heads = Markup("").join(
        Markup("<th>{}</th>").format(each)
        for each in (say("targets.unit"), say("heads.target"), say("heads.attained"), say("setting.share"))
    )
    return Markup(
        "<h2>{}</h2><div class='scroll'><table><thead><tr>{}</tr></thead>{}</table></div><p class='note'>{}</p>"
    ).format(say("setting.line"), heads, rows, say("setting.line_note"))


def _exact(amount: float) -> str:
    """To the unit: sums of a tree are checked by eye."""
    return f"{amount:,.0f}"


def _actions(board) -> Markup:
    found, language = board.setting.actions(), board.write.language
    if not found:
        return Markup("")
    asked = {name: number for name, number in found[0]["asked"].items() if number}
    heads = Markup("").join(
        Markup("<th>{}</th>").format(each)
        for each in (board.say("targets.unit"), *(field_label("unit", name, language) for name in asked))
    )
    rows = Markup("").join(
        Markup("<tr><th>{}</th>{}</tr>").format(
            board.write.unit(each["unit"], board.now),
            Markup("").join(
                Markup("<td>{} / {}</td>").format(_or_dash(each["counted"][name], "{:.0f}".format), number)
                for name, number in asked.items()
            ),
        )
        for each in found
    )  # fmt: skip
    return Markup("<h2>{}</h2><div class='scroll'><table><thead><tr>{}</tr></thead>{}</table></div>").format(
        board.say("setting.actions"), heads, rows
    )


def _moves(board) -> Markup:
    say, setting = board.say, board.setting
    asked, made = setting.proposed_moves(), setting.moves()
    if not asked and not made:
        return Markup("")
    forms = Markup("").join(
        Markup(
            "<p>{}</p><form class='ask' data-do='target' data-event='move' data-value='{}' data-rep='{}' data-kind='{}'>"
            "<label>{}<input name='why' maxlength='2000' required></label><button>{}</button></form>"
        ).format(
            getattr(each, board.write.language), each.from_unit, each.to_unit, each.resource, say("setting.move_why"),
            say("setting.move"),
        )
        for each in asked
    )
    done = Markup("").join(
        Markup("<li>{} {}</li>").format(
            say("setting.moved", what=say(f"setting.{each['resource']}"), amount=f"{each['amount']:g}", giver=each["from_unit"],
                taker=each["to_unit"], who=each["made_by"], at=board.write.instant(each["made_at"]), why=each["reason"]),
            _withdrawn(board, each),
        )
        for each in made
    )  # fmt: skip
    return Markup("<h2>{}</h2>{}<ul class='known'>{}</ul>").format(say("setting.moves"), forms, done)


def _withdrawn(board, move: dict) -> Markup | str:
    """Who took a move back and when, or the button that does."""
    if move["withdrawn_at"] is not None:
        return board.say("setting.move_ended", who=move["withdrawn_by"], at=board.write.instant(move["withdrawn_at"]))
    if not move["may_withdraw"]:
        return ""
    return Markup("<button class='quiet' data-do='target' data-event='withdraw_move' data-number='{}'>{}</button>").format(
        move["number"], board.say("setting.withdraw_move")
    )


def _or_dash(value: float | None, written) -> str:
    return "–" if value is None else written(value)


def _own(board) -> Markup:
    """Signing and asking for another target, of a rep; a manager signs the unit's."""
    viewer, setting, say = board.viewer, board.setting, board.say
    line = setting.line()
    if viewer.role not in ("rep", "manager") or not line or not line[0]["target"]:
        return Markup("")
    signed = setting.signature()
    state = say("setting.signed", at=board.write.instant(signed)) if signed else say("setting.not_signed")
    look = _shown(board, setting.shown) if setting.shown else _button(board, "look")
    parts = [Markup("<h2>{}</h2><p class='note'>{}</p>{}").format(say("setting.own"), state, look)]
    elasticity = board.policy.targets.elasticity
    if viewer.role == "rep" and elasticity.per_quarter:
        parts.append(_adjusting(board, elasticity.day))
    return Markup("").join(parts)


def _shown(board, shown: dict[str, Any]) -> Markup:
    say, write, history, benchmark = board.say, board.write, shown["history"], shown["benchmark"]
    period = _period(board, shown["start_at"], shown["end_at"])
    told = [
        say("setting.shown_target", target=_exact(shown["target"]), period=period),
        say("setting.shown_before", amount=write.money(history["same_period"]), year=write.money(history["twelve_months"])),
        *(
            say("setting.shown_period", period=_period(board, each["start"], each["end"]), target=write.money(each["target"]),
                attained=write.money(each["attained"]))
            for each in history["periods"]
        ),
        say("setting.no_benchmark") if benchmark is None else say(
            "setting.shown_benchmark", among=benchmark["among"], amount=write.money(benchmark["same_period"]),
            year=write.money(benchmark["twelve_months"]),
        ),
    ]  # fmt: skip
    items = Markup("").join(Markup("<li>{}</li>").format(each) for each in told)
    sign = Markup("<button data-do='target' data-event='sign' data-key='{}'>{}</button>").format(
        shown["shown"], say("setting.sign")
    )
    return Markup("<article class='card'><ul class='known'>{}</ul>{}{}<p class='taps'>{}</p></article>").format(
        items, _sentences(board, shown["reasons"]), _sentences(board, shown["resources"]),
        sign if shown["signed_at"] is None else "",
    )  # fmt: skip


def _adjusting(board, day: int) -> Markup:
    say = board.say
    options = Markup("<option value=''></option>") + Markup("").join(
        Markup("<option value='{}:{}'>{}</option>").format(kind, record, title[board.write.language])
        for kind, record, title in board.setting.own_records()
    )
    return Markup(
        "<p class='note'>{}</p><form class='ask' data-do='target' data-event='adjust'>"
        "<label>{}<input name='target' data-keep='targets.target' inputmode='numeric' maxlength='20' required></label>"
        "<label>{}<input name='evidence' data-keep='targets.evidence' maxlength='2000'></label>"
        "<label>{}<select name='record' data-keep='targets.record'>{}</select></label><button>{}</button></form>"
    ).format(
        say("setting.window", day=day), say("setting.wanted"), say("setting.evidence"), say("setting.record"), options,
        say("setting.adjust"),
    )  # fmt: skip


def waiting(board) -> Markup:
    """Adjustments of targets that concern the viewer; nothing where there are none."""
    found = board.setting.adjustments()
    if not found:
        return Markup("")
    return Markup("<h2>{}</h2>{}").format(
        board.say("setting.adjustments"), Markup("").join(adjustment(board, each) for each in found)
    )


def adjustment(board, each: dict[str, Any]) -> Markup:
    """A request for another target, and the decision where it is the viewer's."""
    say, write = board.say, board.write
    about = say(
        "setting.asked", who=write.unit(each["unit"], board.now), before=_exact(each["target"]),
        after=_exact(each["wanted"]), at=write.instant(each["asked_at"]),
    )  # fmt: skip
    approved = [
        say("setting.approved", role=role_name(role, write.language), who=told["by"])
        for role, told in each["approvals"].items()
    ]
    why = each["why"][write.language] if each["why"] else ""
    buttons = Markup("")
    if each["mine_to_decide"]:
        refuse = Markup(
            "<form class='ask' data-do='target' data-event='refuse' data-number='{0}'><label>{1}<input name='why' "
            "data-keep='targets.why.{0}' maxlength='2000'></label><button class='quiet'>{2}</button></form>"
        ).format(each["number"], say("setting.why_not"), say("setting.refuse"))
        buttons = Markup("<p class='taps'>{}</p>{}").format(_button(board, "approve", each["number"]), refuse)
    told = Markup("").join(Markup("<li>{}</li>").format(line) for line in (each["evidence"], *approved, why) if line)
    return Markup(
        "<article class='card {}'><div class='top'><div><h3>{}</h3></div><span class='tag'>{}</span></div>"
        "<ul class='known'>{}</ul>{}</article>"
    ).format(
        "todo" if each["mine_to_decide"] else "",
        about,
        say("setting.asked_state" if each["state"] == "asked" else f"setting.{each['state']}"),
        told,
        buttons,
    )
