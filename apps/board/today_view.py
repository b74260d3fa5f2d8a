"""A rep's morning: what rules ask for, with countdowns, then what is worth doing, each with its reasons and one tap."""

from urllib.parse import urlencode

from markupsafe import Markup

from apps.board import coaching, habit_view, recent
from apps.board.asking import asking_form, to_requests
from apps.board.taking import Table
from coach import texts
from coach.rules.advice import today
from coach.store import reading
from policies.language.effects import BY_ROUTING
from policies.record.records import DESKS, ROLES

_ACTS = (
    "notified", "todo_opened", "escalated", "frozen", "rerouted", "flagged", "field_required", "passed_on", "approval_asked",
    "offered",
)  # fmt: skip
_OF_DESKS = ("waits", "ask")
"""Obligations for which a desk's approval is wanted, asked for already or not."""
_TAPS = {"lead": ("first_contact", "attempt"), "opportunity": ("contact",)}


def draw(board, rep: str) -> tuple[Markup, Table]:
    """The list of one rep, and the same as a table."""
    say, write = board.say, board.write
    told = today(board.store, board.service, board.viewer, rep, board.now, board.rank)
    cards = _grouped(told["obligations"])
    obligations = [_obligation(board, group) for group in cards]
    actions = [_action(board, place, each) for place, each in enumerate(told["actions"], start=1)]
    head = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(
        say("today.title" if rep == board.viewer.unit else "today.title_of", rep=board.write.unit(rep, board.now)),
        say("today.lead", day=write.today(board.now), obligations=len(cards), actions=len(actions)),
    )
    parts = [
        head,
        _gone(board, rep),
        _tiles(board, rep, told),
        recent.draw(board),
        coaching.draw(board),
        habit_view.card(board, rep),
        Markup("<h2>{}</h2>").format(say("today.obligations")),
        *(obligations or [board.empty("today.no_obligations")]),
        Markup("<h2>{}</h2><p class='note'>{}</p>").format(say("today.actions"), say("today.actions_note")),
        *(actions or [board.empty("today.no_actions")]),
    ]
    return Markup("").join(parts), _table(board, told)


def _gone(board, rep: str) -> Markup:
    """That nobody who is there does what is listed, where the rep left."""
    if not board.write.has_left(rep, board.now):
        return Markup("")
    return Markup("<p class='callout worse'>{}</p>").format(
        board.say("today.gone", rep=rep, day=board.write.last_day(rep))
    )


def _grouped(obligations: list[dict]) -> list[list[dict]]:
    """One card a record: what is due first leads."""
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for each in obligations:
        apart = each["what"] if each["what"] in ("coming", *_OF_DESKS) else ""
        groups.setdefault((each["kind"], each["record"], apart), []).append(each)
    return list(groups.values())


def _tiles(board, rep: str, told: dict) -> Markup:
    say, write = board.say, board.write
    overdue = sum(each["overdue"] for each in told["obligations"])
    tiles = [
        (say("today.overdue"), str(overdue), "", "worse" if overdue else ""),
        (say("today.open_deals"), str(told["open_opportunities"]), "", ""),
    ]
    target = next((each for each in reading.targets(board.store, board.viewer) if each["unit"] == rep), None)
    if target and target["target"] and target["attained"] is not None:
        amounts = say("today.of_target", attained=write.money(target["attained"]), target=write.money(target["target"]))
        tiles.append((say("today.attained"), write.percent(target["attainment"]), amounts, ""))
        if target["period_end_at"]:
            left = Markup("<time class='due' data-due='{:.0f}'></time>").format(target["period_end_at"])
            tiles.append((say("today.period_ends"), write.day(target["period_end_at"] - 1), left, ""))
    return Markup("<div class='tiles'>{}</div>").format(
        Markup("").join(
            Markup("<div class='tile'><span>{}</span><b class='{}'>{}</b><small>{}</small></div>").format(
                name, tone, figure, more
            )
            for name, figure, more, tone in tiles
        )
    )


def _obligation(board, group: list[dict]) -> Markup:
    first = group[0]
    title = first["title"][board.write.language]
    lines = Markup("").join(_line(board, each) for each in group)
    tone = "asked" if first["what"] in ("frozen", "required", "ask") else first["what"]
    return Markup(
        "<article class='card {}'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div>{}{}</article>"
    ).format(
        tone, board.record_link(first["kind"], first["record"], title), board.say(f"today.what_{first['what']}"), lines,
        _buttons(board, group),
    )  # fmt: skip


def _line(board, each: dict) -> Markup:
    say, language = board.say, board.write.language
    why = Markup("<details><summary>{}</summary><p>{}</p></details>").format(say("today.why"), each["text"][language])
    if each["what"] in ("frozen", "required"):
        return Markup("<p class='does'>{}</p><p class='note'>{}</p>").format(
            each["text"][language], say("today.since", at=board.write.instant(each["due_at"]))
        )
    if each["what"] in _OF_DESKS:
        return Markup("<p class='does'>{}</p>").format(each["text"][language])
    named = each.get("named", {}).get(language) or say("today.by_rule", rule=each["rule"])
    if each["what"] == "offered":
        does = say("today.offered")
    else:
        does = acts(board, each["rule"]) if each["what"] == "coming" else named
    due = Markup("<time class='due' data-due='{}'></time>").format(each["due_at"])
    return Markup("<p class='does'>{} <span>{}</span></p>{}").format(due, does, why)


def acts(board, rule_id: str) -> str:
    """What a rule is going to do, in a few words."""
    say, language, rule = board.say, board.write.language, board.rules.get(rule_id)
    if rule is None:
        return ""
    roles: dict[str, list[str]] = {}
    for effect in rule.effects:
        roles.setdefault(effect.code, []).extend(_role(board, effect))
    words = [
        say(f"acts.{code if code in _ACTS else 'other'}", role=say("words.comma").join(named), rule=rule.id)
        for code, named in roles.items()
    ]
    return ("；" if language == "zh" else "; ").join(words)


def _role(board, effect) -> list[str]:
    if effect.code == "passed_on":
        return [board.say("acts.routing") if effect.value == BY_ROUTING else str(effect.value)]
    if effect.code == "approval_asked":
        return [texts.role_name(DESKS[effect.argument], board.write.language)]
    if effect.code not in ("notified", "todo_opened", "escalated"):
        return []
    role = ROLES[effect.argument]
    return [board.say("acts.you") if role == board.plays else texts.role_name(role, board.write.language)]


def _buttons(board, group: list[dict]) -> Markup:
    first = group[0]
    kind, record = first["kind"], first["record"]
    if first["what"] in ("frozen", "required"):
        return asking_form(board, kind, record, first["missing"])
    if first["what"] in _OF_DESKS:
        return to_requests(board)
    done = Markup("").join(
        Markup("<button data-do='done' data-todo='{}'>{}</button>").format(each["todo"], board.say("today.done"))
        for each in group if "todo" in each
    )  # fmt: skip
    send = calculator_link(board, record) if any(each["what"] == "offered" for each in group) else Markup("")
    return done + send + (Markup("") if done else taps(board, kind, record))


def calculator_link(board, deal: str) -> Markup:
    """To the page on which the return calculator is filled in for a deal and sent."""
    return Markup("<p class='taps'><a class='quiet' href='/calculator?{}'>{}</a></p>").format(
        urlencode({"deal": deal, "lang": board.write.language}), board.say("today.send_calculator")
    )


def taps(board, kind: str, record: str) -> Markup:
    """Buttons that record an action with one tap; a rep's own business."""
    if board.viewer.role != "rep":
        return Markup("")
    return Markup("<div class='taps'>{}</div>").format(
        Markup("").join(
            Markup("<button data-do='tap' data-event='{}' data-kind='{}' data-record='{}'>{}</button>").format(
                event, kind, record, board.say(f"taps.{event}")
            )
            for event in _TAPS.get(kind, ())
        )
    )


def _action(board, place: int, each: dict) -> Markup:
    say, write = board.say, board.write
    reasons = Markup("").join(Markup("<li>{}</li>").format(reason) for reason in each["reasons"][write.language])
    worth = say(
        "today.worth", value=write.money(each["value_per_minute"] * each["minutes"]), minutes=f"{each['minutes']:.0f}",
        per_minute=f"{each['value_per_minute']:,.0f}",
    )  # fmt: skip
    return Markup(
        "<article class='card action'><div class='top'><h3><i>{}</i> {}</h3><span class='tag'>{}</span></div>"
        "<p class='worth'>{}</p>{}<ul class='known'>{}</ul>{}</article>"
    ).format(
        place, board.record_link(each["kind"], each["record"], each["title"][write.language]),
        write.stage(board.policy, each["stage"]), worth, _must(board, each), reasons,
        taps(board, each["kind"], each["record"]),
    )  # fmt: skip


def _must(board, each: dict) -> Markup:
    """What the action card says to do, for a newcomer."""
    if not each["must"]:
        return Markup("")
    return Markup("<p class='does'>{}</p>").format(
        board.say("card.must", what=board.say("words.comma").join(words[board.write.language] for words in each["must"]))
    )


def _table(board, told: dict) -> Table:
    say, write, language = board.say, board.write, board.write.language
    names = ("what", "record", "due", "minutes", "expected_value", "text", "id")
    rows = [
        [say(f"today.what_{each['what']}"), each["title"][language], write.stamp(each["due_at"]), None, None,
         each["text"][language], each["record"]]
        for each in told["obligations"]
    ]  # fmt: skip
    rows += [
        [say("today.what_action"), each["title"][language], None, each["minutes"],
         round(each["value_per_minute"] * each["minutes"], 2),
         ("；" if language == "zh" else "; ").join(each["reasons"][language]), each["record"]]
        for each in told["actions"]
    ]  # fmt: skip
    heads = [write.money_head(name) if name == "expected_value" else say(f"heads.{name}") for name in names]
    return Table(say("views.today"), heads, rows)
