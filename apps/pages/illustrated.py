"""Our own HTML with plots in it that were drawn once for everybody: words stand at once, plots follow when they come near."""

import json
from collections.abc import Mapping

from markupsafe import Markup


def in_language(drawn: Mapping[str, object], language: str) -> str:
    """Those of some drawn plots (`frame.embedded`) that are in a language, by their plain names, as JSON."""
    ending = f"-{language}"
    return json.dumps(
        {name.removesuffix(ending): each for name, each in drawn.items() if name.endswith(ending)}, ensure_ascii=False
    )


def place_of(name: str) -> Markup:
    """Where the plot of a name goes."""
    return Markup("<div class='plot' data-plot='{}'></div>").format(name)
