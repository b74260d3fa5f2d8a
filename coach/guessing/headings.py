"""What a heading says that its column is, in the words that exports use."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import pandas as pd

from coach.mapping.currencies import without_currency
from policies.documents.reading import read_file

_SIGNS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FORMATTED = re.compile(r"@OData\..*$", re.IGNORECASE)
"""How the web API of Dynamics marks the column with the words beside the one with the code."""
_COUNTED = re.compile(r"#\d+$")
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")
_LATIN = re.compile(r"[a-z0-9]+")
_LONGEST_NAME = 40
_TIMES = (
    (re.compile(r"万"), 1e4),
    (re.compile(r"亿"), 1e8),
    (re.compile(r"千元|[€$£]\s?k\b|\bk\s?[€$£]|\bTEUR\b|\bT€|\bTsd\b|\bthousands?\b|\bтыс\b", re.IGNORECASE), 1e3),
    (re.compile(r"\bMEUR\b|\bmillions?\b|\bMio\b|\bмлн\b", re.IGNORECASE), 1e6),
)
_UNIT_ABOVE = re.compile(
    r"(?:单位|币种)[^\s]{0,6}?(?P<zh>[万亿千]元?)|[(（](?P<bracket>[万亿千]元)[)）]|(?P<other>\b(?:in|unit|units|einheit)\b:?\s*"
    r"(?:€|\$|£|EUR|USD)?\s*(?:TEUR|T€|k€|k\$|thousands?|Tsd|MEUR|millions?|Mio))",
    re.IGNORECASE,
)
_SMALL = {"of", "the", "do", "da", "de", "del", "la", "el", "der", "des", "die", "das", "von", "in", "в"}


def plain(text: str) -> str:
    """Words without case, accents and signs: `Deal - Won time` and `dealWonTime` become `deal won time`."""
    apart = _CAMEL.sub(" ", _FORMATTED.sub("", _COUNTED.sub("", text)).replace("ß", "ss"))
    bare = "".join(each for each in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(each))
    return _SIGNS.sub(" ", unicodedata.normalize("NFC", bare).casefold()).strip()


def name_of(text: str, otherwise: str) -> str:
    """A name that a document may use, from what is called that: small letters, digits and hyphens; `otherwise` without any."""
    return "-".join(_LATIN.findall(plain(text))).lstrip("0123456789-")[:_LONGEST_NAME].rstrip("-") or otherwise


@lru_cache(maxsize=1)
def headings() -> dict[str, dict[str, tuple[str, ...]]]:
    """By kind of table and concept, the headings that mean it, plain."""
    told = read_file(Path(__file__).parent / "headings.yaml").plain()
    return {
        kind: {concept: tuple(plain(str(name)) for name in names) for concept, names in concepts.items()}
        for kind, concepts in told.items()
    }


def heading_fit(heading: str, known: tuple[str, ...], prefixes: tuple[str, ...] = ()) -> float:
    """How well a heading names a concept: 1 for one that is known, also behind the name of its table; less for one that holds
    a known name among other words; 0 for none."""
    name = plain(heading)
    if name in headings()["none"]["deal"]:
        return 0.0
    bare = [name, *(name.removeprefix(f"{prefix} ") for prefix in prefixes if name.startswith(f"{prefix} "))]
    for depth, each in enumerate(bare):
        if each in known:
            return 1.0 - 0.02 * depth - 0.05 * known.index(each) / len(known)
    without = _BRACKETS.sub(" ", heading)
    for sign, _ in _TIMES:
        without = sign.sub(" ", without)
    without = without_currency(without)
    words = [word for word in plain(without).split() if word not in _SMALL and word not in prefixes] or bare[-1].split()
    if " ".join(words) in known:
        return 0.9
    if name.replace(" ", "") in (each.replace(" ", "") for each in known):
        return 0.88  # CLOSEDATE
    best = 0.0
    for each in known:
        if _CHINESE.search(each):
            inside = len(each) >= 2 and each in name
            best = max(best, 0.75 * len(each) / len(name) if inside else 0.0)
        elif each and set(each.split()) < set(words):
            best = max(best, 0.75 * len(each.split()) / len(words))
    return best


def table_fit(name: str, kind: str) -> float:
    """How well a file's or sheet's name says that it holds records of a kind."""
    words, told = plain(name), headings()["tables"][kind]
    parts = set(words.split())
    return max(
        (1.0 if each == words or set(each.split()) <= parts or (_CHINESE.search(each) and each in words) else 0.0)
        for each in told
    )


def times_of(heading: str) -> float:
    """What one of a column's numbers is, where its heading says it: 10,000 for 报价(万元)."""
    return next((times for sign, times in _TIMES if sign.search(heading)), 1.0)


def times_above(text: str) -> float:
    """The same of what stands above a table: 10,000 for 单位：万元."""
    found = _UNIT_ABOVE.search(text)
    if found is None:
        return 1.0
    said = next(group for group in found.groups() if group)
    return 1e3 if said in ("千", "千元") else times_of(said)


_LETTERS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", _CHINESE),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_TELLING = {
    "de": {"erstellt", "betrag", "phase", "zustandiger", "wert", "verantwortlich", "abschlussdatum", "kunde", "besitzer"},
    "pt": {"criado", "valor", "etapa", "responsavel", "negocio", "fechamento", "proprietario", "criacao"},
    "es": {"creado", "creacion", "importe", "cierre", "responsable", "propietario", "oportunidad", "etapa"},
}
_SAMPLE = 200
_MOST = 0.2
"""Share of the rows with letters of a language that tell it."""


def language_of(cells: pd.DataFrame) -> str | None:
    """The language of a table: by its headings, or else by the letters of its values; None where they are English or tell
    none."""
    names = [str(name) for name in cells.columns]
    words = {word for name in names for word in plain(name).split()}
    for language, letters in _LETTERS:
        if any(letters.search(word) for word in words):
            return language
    best = max(_TELLING, key=lambda language: len(_TELLING[language] & words))
    if len(_TELLING[best] & words) >= 2:
        return best
    rows = [" ".join(map(str, row)) for row in cells.head(_SAMPLE).itertuples(index=False)]
    for language, letters in _LETTERS:
        if rows and sum(letters.search(row) is not None for row in rows) >= _MOST * len(rows):
            return language
    return None
