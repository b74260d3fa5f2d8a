"""What came of an import: counts, what is new on the board, and the mapping for next time."""

from io import BytesIO

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup

from apps.data import tables
from apps.data.draft import Account, Draft
from apps.pages.frame import STYLE, block
from coach.mapping.document import Mapping
from coach.mapping.writing import mapping_text

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_BELOW = (0, 0, 14, 0)


class Done:
    """One import that is done."""

    def __init__(self, page, draft: Draft):
        self.page, self.draft = page, draft
        assert draft.done is not None
        self.account: Account = draft.done

    def draw(self) -> pn.viewable.Viewable:
        """The figures first."""
        say, account = self.page.site.say, self.account
        another = pmui.Button(label=say("done.another"), variant="outlined", css_classes=["another"])
        another.on_click(lambda _: self.page.show())
        link = Markup("<p><a class='onward' href='board?view=pipeline&amp;lang={}'>{}</a></p>")
        onward = block(link.format(say.language, say("done.to_board")))
        first = pn.Column(
            block(Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("done.title"), ", ".join(self.draft.files))),
            block(self._tiles()), pn.Row(onward, another, **_WIDE), css_classes=["box"], margin=_BELOW, **_WIDE,
        )  # fmt: skip
        told = [block(each(say, account)) for each in (tables.counts, tables.remarks, tables.reasons)]
        counts = pn.Column(*told, css_classes=["box", "account"], margin=_BELOW, **_WIDE)
        return pn.Column(first, counts, pn.Column(*self._mapping(), css_classes=["box"], **_WIDE), **_WIDE)

    def _tiles(self) -> Markup:
        say, deals = self.page.site.say, self.account.deals
        figures = {
            "new": deals.get("registered", 0), "won": deals.get("won", 0), "lost": deals.get("lost", 0),
            "aside": sum(numbers["set_aside"] for numbers in self.account.counts.values()),
        }  # fmt: skip
        tiles = Markup("").join(
            Markup("<div class='tile {}'><span>{}</span><b>{}</b></div>").format(name, say(f"done.{name}"), f"{number:,}")
            for name, number in figures.items()
        )
        return Markup("<div class='tiles'>{}</div>").format(tiles)

    def _mapping(self) -> list[pn.viewable.Viewable]:
        say, draft = self.page.site.say, self.draft
        assert draft.shown is not None
        mapping = Mapping.model_validate(draft.shown.mapping)
        kept = draft.mapping_kept
        words = say("done.not_kept") if kept is None else say("done.mapping", name=kept)
        take = pmui.FileDownload(
            callback=lambda: BytesIO(mapping_text(mapping).encode("utf-8")), label=say("done.take"),
            filename=f"{mapping.name}.mapping.yaml", css_classes=["take"], variant="outlined", size="small",
        )  # fmt: skip
        return [block(Markup("<p class='lead'>{}</p>").format(words)), take]
