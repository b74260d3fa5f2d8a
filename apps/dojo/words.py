"""Pieces of text that several views of the dojo share."""

from markupsafe import escape

from sim.experiment.report.both import value


def money(language: str, amount: float, *, signed: bool = True) -> str:
    """An amount as the language writes it, such as +12.3 k or +1.23 万."""
    return value(amount, "money", signed=signed).of(language)


def listed(say, items) -> str:
    """Facts or objections as a list; empty without any."""
    lines = "".join(f"<li>{escape(say.both(each.text))}</li>" for each in items)
    return f"<ul class='known'>{lines}</ul>" if lines else ""


def deciders(say, people) -> str:
    """Who decides, and what each looks at."""
    lines = "".join(f"<li><b>{escape(say.both(each.role))}</b>: {escape(say.both(each.cares))}</li>" for each in people)
    return f"<ul class='known'>{lines}</ul>"
