"""Texts in a book of numbers: each stands as one, the same on every machine, and beyond all numbers that are recorded."""

import hashlib
from functools import lru_cache

LARGEST = 1e15
"""Numbers beyond this are mistakes: float64 no longer holds their units exactly."""
_BITS = 48
_FIRST = 2**52


@lru_cache(maxsize=1 << 16)
def text_number(text: str) -> float:
    """A whole number beyond `LARGEST` that stands for a text."""
    digest = hashlib.blake2b(text.encode(), digest_size=_BITS // 8).digest()
    return float(_FIRST + int.from_bytes(digest, "big"))
