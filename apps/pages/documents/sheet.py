"""The sheet: the part of a document that is drawn anew after a tap, and every so often; `sheet.js` is its other half."""

import re

from markupsafe import Markup

from apps.pages.documents.layout import LANG

_FORM = re.compile("<form (?=[^>]*data-do=)")
"""Forms that the page's script sends: pressed before that has come, they must not go into the address by themselves."""


def sheet(at: str, language: str, now: int, html: Markup, *, plots: str = "", again: int | None = None) -> Markup:
    """A part of a page.

    Parameters
    ----------
    at: path of the page, to which taps are posted, and below which it is asked for anew as "sheet"
    now: the server's instant (ms); countdowns follow it
    plots: plots of `illustrated.in_language`, for elements with data-plot
    again: after how many ms it is to be drawn anew; None for as usual
    """
    html = Markup(_FORM.sub("<form method='dialog' ", html))
    drawn = Markup("<script type='application/json' data-plots>{}</script>").format(
        Markup(plots.replace("<", "\\u003c"))
    ) if plots else Markup("")  # fmt: skip
    return Markup("<div id='sheet' class='sheet' lang='{}' data-at='{}' data-now='{}' data-again='{}'>{}{}</div>").format(
        LANG[language], at, now, again or "", html, drawn
    )
