"""Our own HTML with plots in it that were drawn once for everybody: words stand at once, plots follow when they come near."""

import json
from collections.abc import Mapping
from pathlib import Path

import param
from markupsafe import Markup
from panel.custom import JSComponent

_HERE = Path(__file__).parent
PLOTS_JS = (_HERE / "documents" / "assets" / "plots.js").read_text(encoding="utf-8")
"""Defines `plotKeeper()`, by which a component shows plots within its own HTML."""


class Illustrated(JSComponent):
    """Shows `html`; where an element names a plot in `data-plot`, the plot of that name."""

    plots = param.String("", doc="JSON: name of a plot -> what Bokeh draws it from")
    html = param.String("", doc="what is shown")
    lang = param.String("en", doc="language of the words")

    _esm = PLOTS_JS + (_HERE / "illustrated.js").read_text(encoding="utf-8")


def in_language(drawn: Mapping[str, object], language: str) -> str:
    """Those of some drawn plots (`frame.embedded`) that are in a language, by their plain names, as JSON."""
    ending = f"-{language}"
    return json.dumps(
        {name.removesuffix(ending): each for name, each in drawn.items() if name.endswith(ending)}, ensure_ascii=False
    )


def place_of(name: str) -> Markup:
    """Where the plot of a name goes."""
    return Markup("<div class='plot' data-plot='{}'></div>").format(name)
