"""Policy documents with one fault each, and what their authors must be told."""

from typing import NamedTuple

from policies.language.rule import restful
from policies.words.texts import ALLOWED

HEAD = """\
name: mine
title: {en: Mine, zh: 我的}
summary: {en: My own., zh: 我自己的。}
"""
RULE = """\
rules:
  - id: remind
    on: opportunity
"""  # its next line is line 7 of the document
TIMED = RULE + "    since: last_action_at\n"
WEEKLY = RULE.replace("on: opportunity", "on: unit") + "    every: week\n"
TIMED_ON_CUSTOMER = TIMED.replace("on: opportunity", "on: customer")
RESTFUL = ", ".join(restful("opportunity"))
NOTICE = "    then: [{notify: owner}]\n"


class Case(NamedTuple):
    """A document with one fault in it, and what its author must be told."""

    code: str
    body: str
    line: int
    field: str
    found: str
    allowed: str
    nearest: str = ""


CASES = [
    # settings
    Case(
        "not_in_calendar", "calendars: {berlin: {zone: Berlin}}", 4, "calendars.berlin.zone", "Berlin", ALLOWED["@zone"]["en"]
    ),
    Case("unknown_key", "calendars: {berlin: {zones: Asia/Tokyo}}", 4, "calendars.berlin.zones", "zones", "zone", "zone"),
    Case("unknown_key", "targets: {cadense: weekly}", 4, "targets.cadense", "cadense", "cadence", "cadence"),
    Case("unknown_key", "pay:\n  bonus: 3\n  comission: 2%", 6, "pay.comission", "comission", "commission", "commission"),
    Case("unknown_key", TIMED + "    afer: 3d\n" + NOTICE, 8, "rules[remind].afer", "afer", "after", "after"),
    Case("unknown_name", "targets:\n  cadence: weekley", 5, "targets.cadence", "weekley", "weekly", "weekly"),
    Case("missing_key", "rules:\n  - id: remind\n    since: last_action_at\n" + NOTICE, 5, "rules[remind].on", "on", ""),
    Case(
        "out_of_bounds",
        "targets:\n  level:\n    market_correction: 20%",
        6,
        "targets.level.market_correction",
        "20%",
        "-15% – 15%",
    ),
    Case("out_of_bounds", "recording: {filled: 150%}", 4, "recording.filled", "150%", "0% – 100%"),
    Case(
        "out_of_bounds", "targets: {level: {market_by_region: {north: 40%}}}", 4, "targets.level.market_by_region.north", "40%",
        "-15% – 15%",
    ),
    Case("out_of_bounds", "targets: {level: {stretch: 900%}}", 4, "targets.level.stretch", "900%", "10% – 300%"),
    Case("out_of_bounds", "targets: {level: {stretch: 9}}", 4, "targets.level.stretch", "9", "0.1 – 3"),
    Case(
        "not_in_three_parts", "recording: {programme_days: 20}", 4, "recording.programme_days", "20",
        ALLOWED["@three_parts"]["en"],
    ),
    Case(
        "not_in_three_parts", "recording: {programme_days: 6}", 4, "recording.programme_days", "6",
        ALLOWED["@three_parts"]["en"],
    ),
    Case("out_of_bounds", "stages: []", 4, "stages", "0", "1 – 9"),
    Case("wrong_type", "pay: {bonus: much}", 4, "pay.bonus", "much", ALLOWED["@number"]["en"]),
    Case("wrong_type", "notices: {digest_above: many}", 4, "notices.digest_above", "many", ALLOWED["@whole_number"]["en"]),
    Case("wrong_type", "pay: 3", 4, "pay", "3", ALLOWED["@mapping"]["en"]),
    Case("not_a_number", "pay: {commission: little}", 4, "pay.commission", "little", ALLOWED["@share"]["en"]),
    Case("not_a_number", "pay: {bonus: true}", 4, "pay.bonus", "true", ALLOWED["@number"]["en"]),
    Case("not_a_flag", "notices: {deputy: 1}", 4, "notices.deputy", "1", "true, false"),
    Case(
        "not_a_clock_time",
        "notices: {quiet_from: 25:00, quiet_to: '08:00'}",
        4,
        "notices.quiet_from",
        "25:00",
        ALLOWED["@clock_time"]["en"],
    ),
    Case("quiet_hours_half", "notices: {quiet_from: '22:00'}", 4, "notices.quiet_to", "null", ALLOWED["@clock_time"]["en"]),
    Case("discount_order", "discount:\n  max: 5%\n  authority: 9%", 6, "discount.authority", "9%", "<= 5%"),
    Case(
        "stage_not_recordable",
        """stages:
  - {id: one, requires: [budgett]}
  - {id: two}
  - {id: three}
  - {id: four}
  - {id: five}""",
        5,
        "stages[one].requires[1]",
        "budgett",
        "budget",
        "budget",
    ),
    Case(
        "work_not_from_start",
        "stages:\n  - {id: pilot, begins_with: proof}\n  - {id: signing}",
        5,
        "stages[pilot].begins_with",
        "proof",
        "discovery",
    ),
    Case(
        "work_goes_back",
        "stages:\n  - {id: contact}\n  - {id: pilot, begins_with: proof}\n  - {id: offer, begins_with: solution}",
        7,
        "stages[offer].begins_with",
        "solution",
        "proof, negotiation, contract",
    ),
    Case(
        "bad_identifier",
        "rules:\n  - id: Remind me\n    on: lead\n    since: assigned_at\n" + NOTICE,
        5,
        "rules[Remind me].id",
        "Remind me",
        ALLOWED["@identifier"]["en"],
    ),
    # rules: what sets them off
    Case("trigger", RULE + NOTICE, 5, "rules[remind].before", "none", ALLOWED["@one_trigger"]["en"]),
    Case(
        "trigger",
        TIMED + "    every: week\n" + NOTICE,
        5,
        "rules[remind].before",
        "since, every",
        ALLOWED["@one_trigger"]["en"],
    ),
    Case(
        "since_never_moves",
        RULE + "    since: last_acton_at\n" + NOTICE,
        7,
        "rules[remind].since",
        "last_acton_at",
        "last_action_at",
        "last_action_at",
    ),
    Case(
        "since_never_moves",
        RULE + "    since: {latest: [last_action_at, close_at]}\n" + NOTICE,
        7,
        "rules[remind].since.latest[2]",
        "close_at",
        "last_action_at",
        "opened_at",
    ),
    Case(
        "not_a_since",
        RULE + "    since: {earliest: last_action_at}\n" + NOTICE,
        7,
        "rules[remind].since",
        "{earliest: last_action_at}",
        ALLOWED["@since"]["en"],
    ),
    Case(
        "not_a_duration", TIMED + "    after: 15 dys\n" + NOTICE, 8, "rules[remind].after", "15 dys", ALLOWED["@duration"]["en"]
    ),
    Case(
        "too_long_a_duration",
        TIMED + "    after: 900w\n" + NOTICE,
        8,
        "rules[remind].after",
        "900w",
        ALLOWED["@ten_years"]["en"],
    ),
    Case(
        "part_of_a_business_day",
        TIMED + "    after: 1.5bd\n" + NOTICE,
        8,
        "rules[remind].after",
        "1.5bd",
        ALLOWED["@whole_business_days"]["en"],
    ),
    Case(
        "needs_since",
        RULE + "    every: week\n    after: 3d\n" + NOTICE,
        8,
        "rules[remind].after",
        "3d",
        ALLOWED["@no_such_key"]["en"],
    ),
    Case("needs_every", TIMED + "    streak: 2\n" + NOTICE, 8, "rules[remind].streak", "2", ALLOWED["@no_such_key"]["en"]),
    Case(
        "duplicate_id",
        TIMED + NOTICE + "  - id: remind\n    on: lead\n    since: assigned_at\n" + NOTICE,
        9,
        "rules[remind].id",
        "remind",
        "",
    ),
    # rules: when they apply
    Case(
        "unknown_field",
        TIMED + "    when:\n      statu: open\n" + NOTICE,
        9,
        "rules[remind].when.statu",
        "statu",
        "status",
        "status",
    ),
    Case(
        "unknown_choice", TIMED + "    when: {status: opne}\n" + NOTICE, 8, "rules[remind].when.status", "opne", "open", "open"
    ),
    Case(
        "unknown_choice",
        TIMED + "    when:\n      any:\n        - {flag: [red, ambr]}\n" + NOTICE,
        10,
        "rules[remind].when.any[1].flag[2]",
        "ambr",
        "amber",
        "amber",
    ),
    Case("not_a_flag", TIMED + "    when: {frozen: 2}\n" + NOTICE, 8, "rules[remind].when.frozen", "2", "true, false"),
    Case(
        "not_a_share",
        TIMED + "    when: {amount: '> 5%'}\n" + NOTICE,
        8,
        "rules[remind].when.amount",
        "5%",
        ALLOWED["@number"]["en"],
    ),
    *(
        Case(
            "share_without_sign", f"{head}    when: {{{name}: '{compared}'}}\n{NOTICE}", 8, f"rules[remind].when.{name}",
            compared.split()[1], ALLOWED["@share"]["en"], meant,
        )
        for head, name, compared, meant in (
            (TIMED, "win_chance", "< 30", "30%"), (TIMED, "win_ever", "< 1.5", "1.5%"), (TIMED, "quote_risk", ">= 60", "60%"),
            (TIMED, "discount", "> 15", "15%"), (TIMED, "discount", "> 300", ""),
            (TIMED_ON_CUSTOMER, "churn_risk", "= 40", "40%"),
            (WEEKLY, "behind_pace", "> 20", "20%"), (WEEKLY, "behind_pace", "< -20", "-20%"),
            (WEEKLY, "attainment", "< 80", "80%"), (WEEKLY, "attainment", "> 120", "120%"),
            (WEEKLY, "energy_lost", "> 50", "50%"),
        )
    ),
    Case(
        "share_above_whole", TIMED + "    when: {discount: '> 150%'}\n" + NOTICE, 8, "rules[remind].when.discount", "150%",
        ALLOWED["@share"]["en"],
    ),
    Case(
        "not_a_number",
        TIMED + "    when: {amount: '> lots'}\n" + NOTICE,
        8,
        "rules[remind].when.amount",
        "lots",
        ALLOWED["@number"]["en"],
    ),
    Case(
        "only_missing_or_present",
        TIMED + "    when: {competitor: Huge}\n" + NOTICE,
        8,
        "rules[remind].when.competitor",
        "Huge",
        "missing, present",
    ),
    Case(
        "order_of_names",
        TIMED + "    when: {status: '> open'}\n" + NOTICE,
        8,
        "rules[remind].when.status",
        "> open",
        ALLOWED["@equal_or_not"]["en"],
    ),
    Case(
        "repeats_at_once",
        TIMED + NOTICE + "    repeat: {every: 0h, times: 3}",
        9,
        "rules[remind].repeat.every",
        "0h",
        ALLOWED["@duration"]["en"],
    ),
    Case(
        "needs_since",
        RULE + "    every: week\n    repeat: {every: 1d, times: 3}\n" + NOTICE,
        8,
        "rules[remind].repeat",
        "1d",
        ALLOWED["@no_such_key"]["en"],
    ),
    Case(
        "cannot_be_said",
        TIMED + NOTICE + "    says: {en: 'It is worth {amuont}.'}",
        9,
        "rules[remind].says.en",
        "amuont",
        "amount",
        "amount",
    ),
    Case(
        "bad_braces",
        TIMED + NOTICE + "    says: {en: 'It is worth {amount:9.2f}.'}",
        9,
        "rules[remind].says.en",
        "It is worth {amount:9.2f}.",
        ALLOWED["@braces"]["en"],
    ),
    Case(
        "fields_unlike",
        TIMED + "    when: {amount: '> field close_at'}\n" + NOTICE,
        8,
        "rules[remind].when.amount",
        "close_at",
        ALLOWED["@field_of_its_type"]["en"],
    ),
    Case(
        "unknown_field",
        TIMED + "    when: {amount: '> field bugdet'}\n" + NOTICE,
        8,
        "rules[remind].when.amount",
        "bugdet",
        "budget",
        "budget",
    ),
    Case("not_a_condition", TIMED + "    when: open\n" + NOTICE, 8, "rules[remind].when", "open", ALLOWED["@condition"]["en"]),
    Case(
        "not_a_list_of_conditions",
        TIMED + "    when: {any: {status: open}}\n" + NOTICE,
        8,
        "rules[remind].when.any",
        "{status: open}",
        ALLOWED["@conditions"]["en"],
    ),
    Case(
        "time_in_when",
        TIMED + "    when: {idle: '> 15 d'}\n" + NOTICE,
        8,
        "rules[remind].when.idle",
        "idle: > 15 d",
        ALLOWED["@since_and_after"]["en"],
    ),
    Case(
        "time_in_when",
        TIMED + "    when: {last_action_at: '> 15d'}\n" + NOTICE,
        8,
        "rules[remind].when.last_action_at",
        "last_action_at: > 15d",
        ALLOWED["@since_and_after"]["en"],
    ),
    Case(
        "derived_in_timed_rule",
        TIMED + "    when: {days_idle: '> 15'}\n" + NOTICE,
        8,
        "rules[remind].when.days_idle",
        "days_idle",
        ALLOWED["@since_and_after"]["en"],
    ),
    # rules: what they do
    Case("no_effect", TIMED, 5, "rules[remind].then", "[]", ALLOWED["@effects"]["en"]),
    Case("not_effects", TIMED + "    then: freeze", 8, "rules[remind].then", "freeze", ALLOWED["@effects"]["en"]),
    Case("unknown_effect", TIMED + "    then: [freez]", 8, "rules[remind].then[1]", "freez", "freeze", "freeze"),
    Case("unknown_effect", TIMED + "    then: [{notfy: owner}]", 8, "rules[remind].then[1]", "notfy", "notify", "notify"),
    Case(
        "unknown_name",
        TIMED + "    then: [freeze, {notify: maneger}]",
        8,
        "rules[remind].then[2].notify",
        "maneger",
        "manager",
        "manager",
    ),
    Case("effect_needs_value", TIMED + "    then: [notify]", 8, "rules[remind].then[1]", "notify", ""),
    Case("effect_takes_no_value", TIMED + "    then: [{freeze: hard}]", 8, "rules[remind].then[1].freeze", "hard", "freeze"),
    Case(
        "unknown_name",
        TIMED + "    then: [{offer: return_calculater}]",
        8,
        "rules[remind].then[1].offer",
        "return_calculater",
        "return_calculator",
        "return_calculator",
    ),
    Case("effect_not_on_kind", TIMED + "    then: [reroute]", 8, "rules[remind].then[1]", "reroute", "lead"),
    Case("effect_not_on_kind", TIMED_ON_CUSTOMER + "    then: [{assign: routing}]", 8, "rules[remind].then[1].assign",
         "assign: routing", "lead, opportunity"),
    Case("effect_needs_value", TIMED + "    then: [{assign: 5}]", 8, "rules[remind].then[1].assign", "5",
         ALLOWED["@unit_or_routing"]["en"]),
    Case("unknown_name", TIMED + "    then: [{ask_approval: finanse}]", 8, "rules[remind].then[1].ask_approval", "finanse",
         "finance", "finance"),
    Case("unknown_key", TIMED + "    then: [{todo: {for: owner, witin: 2bd}}]", 8, "rules[remind].then[1].todo.witin", "witin",
         "within", "within"),
    Case("not_a_title", TIMED + "    then: [{todo: {for: owner, title: {en: Call}}}]", 8, "rules[remind].then[1].todo.title",
         "{en: Call}", ALLOWED["@title"]["en"]),
    Case("todo_twice", TIMED + "    then: [{todo: owner}, {todo: {for: owner, within: 2bd}}]", 8, "rules[remind].then[2]",
         "owner", ALLOWED["@no_such_key"]["en"]),
    Case("cannot_rest_on", TIMED + "    rests: {while: {actions: '> 3'}}\n" + NOTICE, 8, "rules[remind].rests.while", "actions",
         RESTFUL),
    Case("rests_on_nothing", TIMED + "    rests: {owner_absent: false}\n" + NOTICE, 8, "rules[remind].rests", "{}",
         ALLOWED["@no_such_key"]["en"]),
    Case("needs_since", RULE + "    every: week\n    rests: {owner_absent: true}\n" + NOTICE, 8, "rules[remind].rests",
         "{owner_absent: true, while: {}}", ALLOWED["@no_such_key"]["en"]),
    Case("until_of_nothing", TIMED + NOTICE + "    until: {frozen: true}\n", 9, "rules[remind].until", "{frozen: true}",
         ALLOWED["@no_such_key"]["en"]),
    Case(
        "effect_in_gate",
        RULE + "    before: sign\n    then: [freeze]",
        8,
        "rules[remind].then",
        "[freeze]",
        ALLOWED["@no_such_key"]["en"],
    ),
    Case(
        "cannot_be_set",
        TIMED + "    then: [{set: {discont: 5%}}]",
        8,
        "rules[remind].then[1].set.discont",
        "discont",
        "discount",
        "discount",
    ),
    Case(
        "cannot_be_required",
        TIMED + "    then: [{require: stal_reason}]",
        8,
        "rules[remind].then[1].require",
        "stal_reason",
        "stall_reason",
        "stall_reason",
    ),
    Case(
        "cycle",
        """rules:
  - {id: to-red, on: lead, since: assigned_at, when: {flag: amber}, then: [{flag: red}]}
  - {id: to-amber, on: lead, since: assigned_at, when: {flag: red}, then: [{flag: amber}]}""",
        5,
        "rules[to-red]",
        "to-red → to-amber → to-red",
        "",
    ),
    # kinds of the firm's own
    Case("only_counts", "kinds:\n  lead:\n    links: {deal: opportunity}", 6, "kinds.lead.links", "links", "counts"),
    Case("bad_identifier", "kinds:\n  Quote: {}", 5, "kinds.Quote", "Quote", ALLOWED["@field_name"]["en"]),
    Case(
        "bad_identifier",
        "kinds:\n  quote:\n    fields:\n      to-tal: {type: money}",
        7,
        "kinds.quote.fields.to-tal",
        "to-tal",
        ALLOWED["@field_name"]["en"],
    ),
    Case(
        "name_taken",
        "kinds:\n  quote:\n    fields:\n      status: {type: text}",
        7,
        "kinds.quote.fields.status",
        "status",
        ALLOWED["@another_name"]["en"],
    ),
    Case(
        "name_taken",
        "kinds:\n  quote:\n    fields: {deal: {type: text}}\n    links: {deal: opportunity}",
        7,
        "kinds.quote.links.deal",
        "deal",
        ALLOWED["@another_name"]["en"],
    ),
    Case(
        "no_choices",
        "kinds:\n  quote:\n    fields:\n      terms: {type: choice}",
        7,
        "kinds.quote.fields.terms",
        "choice",
        ALLOWED["@choices"]["en"],
    ),
    Case(
        "choices_of_none",
        "kinds:\n  quote:\n    fields:\n      terms: {type: text, choices: {a: {}}}",
        7,
        "kinds.quote.fields.terms",
        "text",
        ALLOWED["@no_such_key"]["en"],
    ),
    Case(
        "unknown_name",
        "kinds:\n  quote:\n    fields:\n      total: {type: mony}",
        7,
        "kinds.quote.fields.total.type",
        "mony",
        "money",
        "money",
    ),
    Case(
        "unknown_name", "kinds:\n  step: {plays: milestones}", 5, "kinds.step.plays", "milestones", "milestone", "milestone",
    ),
    Case(
        "unknown_part",
        "kinds:\n  step:\n    plays: milestone\n    fields:\n      ready: {type: instant, plays: delivered}",
        8,
        "kinds.step.fields.ready.plays",
        "delivered",
        "delivered_at",
        "delivered_at",
    ),
    Case(
        "played_twice",
        "kinds:\n  step: {plays: milestone}\n  phase: {plays: milestone}",
        6,
        "kinds.phase.plays",
        "milestone",
        ALLOWED["@another_name"]["en"],
    ),
    Case(
        "plays_otherwise",
        "kinds:\n  step:\n    plays: milestone\n    fields:\n      ready: {type: text, plays: accepted_at}",
        8,
        "kinds.step.fields.ready.plays",
        "accepted_at",
        "instant",
    ),
    Case(
        "unknown_kind",
        "kinds:\n  quote:\n    links:\n      deal: oportunity",
        7,
        "kinds.quote.links.deal",
        "oportunity",
        "opportunity",
        "opportunity",
    ),
    Case(
        "unknown_kind",
        "kinds:\n  quote: {}\n  lead:\n    counts:\n      quotes: {of: qoute, by: lead}",
        8,
        "kinds.lead.counts.quotes.of",
        "qoute",
        "quote",
        "quote",
    ),
    Case(
        "not_linked",
        "kinds:\n  quote: {links: {deal: opportunity}}\n  lead:\n    counts:\n      quotes: {of: quote, by: deal}",
        8,
        "kinds.lead.counts.quotes.by",
        "deal",
        ALLOWED["@a_link"]["en"],
    ),
    Case(
        "not_summable",
        "kinds:\n  quote: {links: {deal: opportunity}, fields: {terms: {type: text}, total: {type: money}}}\n"
        "  opportunity:\n    counts:\n      worth: {of: quote, by: deal, sum: totl}",
        8,
        "kinds.opportunity.counts.worth.sum",
        "totl",
        "total",
        "total",
    ),
    Case(
        "unknown_field",
        "kinds:\n  quote: {links: {deal: opportunity}}\n"
        "  opportunity:\n    counts:\n      quotes: {of: quote, by: deal, where: {deal.stag: 1}}",
        8,
        "kinds.opportunity.counts.quotes.where.deal.stag",
        "deal.stag",
        "deal.stage",
        "deal.stage",
    ),
    Case(
        "counts_in_circle",
        "kinds:\n  quote:\n    links: {deal: opportunity}\n  opportunity:\n    counts:\n"
        "      first: {of: quote, by: deal, where: {deal.second: 1}}\n"
        "      second: {of: quote, by: deal, where: {deal.first: 1}}",
        9,
        "kinds.opportunity.counts.first",
        "opportunity.first → opportunity.second → opportunity.first",
        ALLOWED["@no_circle"]["en"],
    ),
    Case(
        "out_of_bounds",
        "kinds:\n" + "".join(f"  kind_{number}: {{}}\n" for number in range(17)),
        4,
        "kinds",
        "17",
        "<= 16",
    ),
    Case(
        "out_of_bounds",
        "kinds:\n  quote:\n    fields:\n" + "".join(f"      f{number}: {{type: text}}\n" for number in range(31)),
        6,
        "kinds.quote.fields",
        "31",
        "<= 30",
    ),
    Case(
        "unknown_name",
        "kinds:\n  quote: {}\nrules:\n  - id: remind\n    on: qoute\n    since: registered_at\n" + NOTICE,
        8,
        "rules[remind].on",
        "qoute",
        "quote",
        "quote",
    ),
    Case(
        "unknown_field",
        "kinds:\n  quote: {links: {deal: opportunity}}\nrules:\n  - id: remind\n    on: quote\n    since: registered_at\n"
        "    when: {deal.amout: missing}\n" + NOTICE,
        10,
        "rules[remind].when.deal.amout",
        "deal.amout",
        "deal.amount",
        "deal.amount",
    ),
    # extending
    Case("no_such_policy", "extends: monthly-privat", 4, "extends", "monthly-privat", "monthly-private", "monthly-private"),
    Case("no_such_file", "extends: other.yaml", 4, "extends", "other.yaml", ALLOWED["@file"]["en"]),
    Case("extends_itself", "extends: mine.yaml", 4, "extends", "mine → mine", ""),
    Case(
        "unknown_rule",
        "extends: freeze-15d\ndrop_rules:\n  - freeze-idel",
        6,
        "drop_rules[1]",
        "freeze-idel",
        "freeze-idle",
        "freeze-idle",
    ),
]
