"""Reading a page as a browser would, without one: its text nodes with their places, its addresses, its data."""

import base64
import json
import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "link", "br", "img", "rect", "hr", "input"}
ADDRESSES = {"src", "href", "srcset", "action", "formaction", "poster", "data", "background", "xlink:href"}


class Word(NamedTuple):
    """A text node: the elements around it, as (tag, classes) from outside to inside, and its text."""

    around: tuple[tuple[str, frozenset[str]], ...]
    text: str

    def inside(self, *names: str) -> bool:
        """Whether an element with one of these tags or classes is around it."""
        return any(tag in names or classes & set(names) for tag, classes in self.around)


class Page(HTMLParser):
    """The page's words in order, and every address it names."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.html, self.words, self.addresses, self.links, self.rows = html, [], [], {}, {}
        self._around, self._row = [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.addresses += [value for name, value in attributes.items() if name in ADDRESSES]
        if "download" in attributes:
            self.links[attributes["download"]] = attributes["href"]
        if "data-metric" in attributes:
            self._row = attributes["data-metric"]
            self.rows[self._row] = []
        if tag not in VOID:
            self._around.append((tag, frozenset((attributes.get("class") or "").split())))

    def handle_endtag(self, tag):
        while self._around and self._around.pop()[0] != tag:
            pass
        if tag == "tr":
            self._row = None

    def handle_data(self, data):
        if data.strip():
            self.words.append(Word(tuple(self._around), data))
            if self._row is not None:
                self.rows[self._row].append(self.words[-1])

    def shown(self, lang: str, *places: str) -> str:
        """The text a reader of one language sees, optionally only inside elements of a tag or class."""
        other = "en" if lang == "zh" else "zh"
        kept = (word for word in self.words if not word.inside(other, "script", "style", "title"))
        return " ".join(" ".join(word.text.split()) for word in kept if not places or word.inside(*places))

    def downloaded(self, name: str) -> str:
        """The content of a download."""
        return base64.b64decode(self.links[name].split(",", 1)[1]).decode("utf-8")

    def charts(self) -> dict:
        """The plots as the page carries them."""
        found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', self.html, re.S)
        return json.loads(found[1])
