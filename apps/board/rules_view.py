"""Rules: each in plain words, what people say of it and what was learned; for those who lead, the audit of a quarter."""

from markupsafe import Markup

from apps.board.taking import Table
from coach.auditing.audit import WEEKS, Audit, audit
from coach.auditing.feedback import LONGEST, VERDICTS, Said, lessons, said_of_all
from coach.auditing.rules import RuleAudit
from policies.words.rule_words import field_label, rule_words

LEADS = ("manager", "operations", "admin")
FRESH_MS = 600_000


def draw(board) -> tuple[Markup, Table]:
    """Every rule of the policy in force; the table holds the audit's rules."""
    say = board.say
    rules = [rule for rule in board.policy.rules if rule.mode != "off"]
    found = _audited(board) if rules and board.viewer.role in LEADS else None
    told = {} if found is None else {each.rule: each for each in found.rules}
    said = said_of_all(board.store, board.viewer)
    learned: dict[str, list[dict]] = {}
    for each in lessons(board.store, board.viewer):
        learned.setdefault(each["rule"], []).append(each)
    parts = [
        Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("rules.title"), say("rules.lead")),
        "" if found is None else _proposals(board, found),
        *(_rule(board, rule, told.get(rule.id), said.get(rule.id, []), learned.get(rule.id, [])) for rule in rules),
        "" if rules else board.empty("rules.none"),
        "" if found is None else _fields(board, found),
    ]  # fmt: skip
    return Markup("").join(parts), _table(board, [] if found is None else found.rules)


def _audited(board) -> Audit:
    """The audit, made anew at most every ten minutes: it reads everything that was recorded in a quarter."""
    if board.audited is None or not 0 <= board.now - board.audited.until < FRESH_MS:
        board.audited = audit(board.store, board.viewer, board.now)
    return board.audited


def _rule(board, rule, told: RuleAudit | None, said: list[Said], known: list[dict]) -> Markup:
    say, language = board.say, board.write.language
    kept = Markup("").join(
        Markup("<li>{}</li>").format(
            say("rules.lesson", text=each["text"], who=each["said_by"], at=board.write.day(each["said_at"]))
        )
        for each in known
    )  # fmt: skip
    words = Markup("").join(
        Markup("<li>{}</li>").format(
            say("rules.said_by", verdict=say(f"rules.{each.verdict}"), why=each.why, who=each.said_by)
        )
        for each in said if each.why
    )
    return Markup(
        "<article class='card'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div><p>{}</p>{}"
        "<p class='note'>{}</p>{}{}{}{}</article>"
    ).format(
        rule.id, say(f"rules.mode_{rule.mode}"), rule_words(rule, language), "" if told is None else _numbers(board, told),
        _counts(board, said), _list(say("rules.words"), words), _list(say("rules.lessons"), kept),
        saying(board, rule.id), _learn(board, rule.id) if board.viewer.role in LEADS else "",
    )  # fmt: skip


def saying(board, rule: str, kind: str = "", record: str = "") -> Markup:
    """The question what a rule is worth, folded up."""
    return Markup("<details><summary>{}</summary>{}</details>").format(
        board.say("rules.say"), verdicts(board, rule, kind, record)
    )


def verdicts(board, rule: str, kind: str, record: str) -> Markup:
    """Three buttons by which somebody says what a rule is worth, with a word why."""
    buttons = Markup("").join(
        Markup("<button name='verdict' value='{}' class='quiet'>{}</button>").format(verdict, board.say(f"rules.{verdict}"))
        for verdict in VERDICTS
    )
    return Markup(
        "<form class='ask' data-do='say_of_rule' data-value='{}' data-kind='{}' data-record='{}'>"
        "<label>{}<input name='why' maxlength='{}' data-keep='why.{}.{}'></label>{}</form>"
    ).format(rule, kind, record, board.say("rules.why"), LONGEST, rule, record, buttons)


def _learn(board, rule: str) -> Markup:
    return Markup(
        "<form class='ask' data-do='learn' data-value='{}'><label>{}<input name='text' maxlength='{}' data-keep='lesson.{}' "
        "required></label><button>{}</button></form>"
    ).format(rule, board.say("rules.learn"), LONGEST, rule, board.say("rules.keep"))


def _list(head: str, lines: Markup) -> Markup:
    return Markup("<p class='does'>{}</p><ul class='known'>{}</ul>").format(head, lines) if lines else lines


def _counts(board, said: list[Said]) -> str:
    if not said:
        return board.say("rules.nothing_said")
    numbers = {verdict: sum(each.verdict == verdict for each in said) for verdict in VERDICTS}
    named = (f"{board.say(f'rules.{verdict}')}: {number}" for verdict, number in numbers.items())
    return " · ".join(named)


def _numbers(board, told: RuleAudit) -> Markup:
    say = board.say
    lines = [
        say("rules.fired", fired=told.fired, records=told.records, weeks=WEEKS),
        say("rules.followed", share=_share(told.followed, told.old_enough)),
        say("rules.cost", alerts=told.alerts, minutes=f"{told.minutes:.0f}"),
        say(
            "rules.outcome", on=_share(told.fired_on.won, told.fired_on.decided),
            others=_share(told.never_fired_on.won, told.never_fired_on.decided),
        ),
    ]  # fmt: skip
    if told.shadow:
        lines.insert(2, say("rules.in_shadow", share=_share(told.shadow_followed, told.shadow_old_enough)))
    return Markup("<ul class='known'>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))


def _proposals(board, found: Audit) -> Markup:
    say, language = board.say, board.write.language
    lines = Markup("").join(
        Markup("<li>{}</li>").format(
            say(
                f"rules.{each.action}_{each.kind}", what=_called(each.what, each.kind, language),
                why=getattr(each.why, language),
            )
        )
        for each in found.proposals
    )
    listed = Markup("<ul class='known'>{}</ul><p class='note'>{}</p>").format(lines, say("rules.rehearse"))
    told = listed if lines else Markup("<p>{}</p>").format(say("rules.fine"))
    return Markup("<section class='card'><h2>{}</h2>{}</section>").format(say("rules.proposals", weeks=WEEKS), told)


def _called(what: str, kind: str, language: str) -> str:
    return field_label("opportunity", what, language) if kind == "field" else what


def _fields(board, found: Audit) -> Markup:
    say, language = board.say, board.write.language
    lines = Markup("").join(
        Markup("<li>{}</li>").format(
            say(
                "rules.field", field=field_label(each.kind, each.field, language), filled=_share(each.filled, each.records),
                entries=each.entries, minutes=f"{each.minutes:.0f}",
                users=say("words.comma").join(_user(board, user) for user in each.used_by) or say("rules.nobody"),
            )
        )
        for each in found.fields
    )  # fmt: skip
    return Markup("<section class='card'><h2>{}</h2><p class='note'>{}</p><ul class='known'>{}</ul></section>").format(
        say("rules.fields"), say("rules.fields_note"), lines
    )


def _user(board, name: str) -> str:
    return board.say(f"rules.{name}") if name in ("win_model", "forecast") else name


def _share(part: int, whole: int) -> str:
    return "–" if whole == 0 else f"{part / whole:.0%} ({part}/{whole})"


def _table(board, rules: list[RuleAudit]) -> Table:
    names = ("rule", "head_fired", "head_records", "head_followed", "head_old", "head_alerts", "head_minutes", *VERDICTS)
    rows = [
        [each.rule, each.fired, each.records, each.followed, each.old_enough, each.alerts, each.minutes, *each.said.values()]
        for each in rules
    ]
    return Table(board.say("views.rules"), [board.say(f"rules.{name}") for name in names], rows)
