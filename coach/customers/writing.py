"""One writing for all: width, case, accents, traditional characters, and the Latin letters that characters sound like."""

import re
import unicodedata
from functools import lru_cache

CHINESE = re.compile(r"[\u3400-\u9fff]")
_SIGNS = re.compile(r"[^\w\u3400-\u9fff]+|_")
_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "&": " ", "'": "", "’": "", "·": "", "•": ""}
_APART = str.maketrans(_LETTERS)


def folded(text: str) -> str:
    """The text in small letters of one width, in simplified characters, without accents; signs become single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_APART)
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
        if CHINESE.search(text):
            text = _simplifier().convert(text)
    return _SIGNS.sub(" ", text).strip()


@lru_cache(maxsize=1)
def _simplifier():
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1 << 16)
def spelt(text: str) -> str:
    """A folded text with its characters in Latin letters (Hanyu Pinyin without tones), without spaces."""
    bare = text.replace(" ", "")
    if not CHINESE.search(bare):
        return bare
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(bare, v_to_u=False))
