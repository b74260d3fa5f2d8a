"""Tables of an import as HTML: files, columns, deals, and what becomes of the rows."""

import itertools
from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup

from apps.data.draft import Account, Reason, Shown
from apps.pages.texts import Speaker
from coach.guessing.telling import CONCEPTS, DEAL, ROLES, STATES
from coach.mapping.remarks import FATES

_WHOLE = ("owner", "created", "state", "closed")
"""What of a deal is told in a line of its own cell."""


def files(say: Speaker, shown: Shown) -> Markup:
    """Tables among the files, and what they are taken for."""
    rows = [
        (
            each.file if each.sheet is None else f"{each.file} · {each.sheet}",
            say.both(ROLES[each.role]) if each.role else say("look.left_out"),
            f"{each.rows:,}",
        )
        for each in shown.tables
    ]
    return _titled(say("look.files"), _table((say("look.file"), say("look.role"), say("look.rows")), rows, {2}))


def columns(say: Speaker, shown: Shown) -> Markup:
    """Columns of the deals with some of their values."""
    rows = [(say.both(CONCEPTS[each.concept]), each.name, " · ".join(each.examples)) for each in shown.columns]
    return _titled(say("look.columns"), _table((say("look.means"), say("look.column"), say("look.examples")), rows))


def deals(say: Speaker, shown: Shown) -> Markup:
    """The first deals as they would be read."""
    rows = [
        (each.name, each.owner or "–", each.amount, each.created, say.both(STATES[each.state]), each.closed or "–")
        for each in shown.deals
    ]
    names = {name: place for place, name in enumerate(DEAL)}
    table = _table([say.both(words) for words in DEAL.values()], rows, [names["amount"]], [names[each] for each in _WHOLE])
    return _titled(say("look.deals", count=len(rows)), table)


def counts(say: Speaker, account: Account) -> Markup:
    """What becomes of the rows, a column for each table."""
    rows = [(say.both(words), *(f"{numbers[fate]:,}" for numbers in account.counts.values())) for fate, words in FATES.items()]
    titles = [say.both(account.titles[name]) if name in account.titles else name for name in account.counts]
    return _table((say("account.table"), *titles), rows, set(range(1, len(titles) + 1)))


def reasons(say: Speaker, account: Account) -> Markup:
    """Repairs and reasons, each with some of its rows behind a fold; empty where there are none."""
    told = [_reason(say, each) for each in account.reasons]
    if account.more_reasons:
        told.append(Markup("<p class='note'>{}</p>").format(say("account.more_reasons", count=account.more_reasons)))
    return Markup("<h3>{}</h3>{}").format(say("account.reasons"), Markup("").join(told)) if told else Markup("")


def _reason(say: Speaker, reason: Reason) -> Markup:
    kind, words = ("worse", "account.aside") if reason.aside else ("", "account.mended")
    examples = Markup("").join(Markup("<li>{}</li>").format(say.both(each)) for each in reason.examples)
    return Markup(
        "<details><summary><span class='tag {}'>{}</span> <b>{}</b> · {}</summary><ul class='known'>{}</ul></details>"
    ).format(kind, say(words), say("account.of_rows", rows=f"{reason.rows:,}"), say.both(reason.words), examples)


def remarks(say: Speaker, account: Account) -> Markup:
    """What else a person must know of it."""
    told = [
        say("account.unsaid", **each | {"rows": f"{each['rows']:,}", "sounds": say.both(STATES[str(each["sounds"])])})
        for each in account.unsaid
    ]
    if account.gone:
        titles = ("、" if say.language == "zh" else ", ").join(say.both(each) for each in account.gone)
        more = account.gone_in_all - len(account.gone)
        told.append(say("account.gone", titles=say("account.gone_more", titles=titles, count=more) if more else titles))
    if account.unpriced:
        told.append(say("account.unpriced", count=f"{account.unpriced:,}"))
    return Markup("").join(Markup("<p class='callout'>{}</p>").format(each) for each in told)


def _titled(title: str, table: Markup) -> Markup:
    return Markup("<h3>{}</h3>{}").format(title, table)


def _table(
    head: Iterable[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = (), whole: Collection[int] = ()
) -> Markup:  # fmt: skip
    """A table that scrolls within itself. `numbers`, `whole`: places of columns with these, and of those that are not
    broken into lines."""

    def line(tag: str, cells: Iterable[str]) -> Markup:
        kinds = ("number" if place in numbers else "whole" if place in whole else "" for place in itertools.count())
        told = (Markup("<{0} class='{1}'>{2}</{0}>").format(tag, kind, cell) for kind, cell in zip(kinds, cells, strict=False))
        return Markup("").join(told)

    body = Markup("").join(Markup("<tr>{}</tr>").format(line("td", row)) for row in rows)
    return Markup("<div class='scroll'><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>").format(
        line("th", head), body
    )
