"""Tables of numbers whose rows stand below each other on a phone, each number with its head, so that nothing is cut."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup


def stacked(first: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    """A table with `first` over the names of its rows and `heads` over their numbers; rows may lack their last ones."""
    head = Markup("").join(Markup("<th class='number'>{}</th>").format(each) for each in heads)
    body = Markup("").join(_row(name, heads, cells) for name, cells in rows)
    return Markup(
        "<div class='scroll'><table class='stack'><thead><tr><th>{}</th>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(first, head, body)


def _row(name: str, heads: Sequence[str], cells: Sequence[str]) -> Markup:
    told = zip(heads, cells, strict=False)
    numbers = Markup("").join(Markup("<td class='number' data-head='{}'>{}</td>").format(*each) for each in told)
    return Markup("<tr><td>{}</td>{}</tr>").format(name, numbers)
