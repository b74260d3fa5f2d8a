"""Random numbers that depend on what they are for, never on when they are asked for.

A key is any tuple of words and numbers. Its BLAKE2b digest keys the counter-based Philox generator of numpy, so that a resumed
run, another number of threads or a cluster draws the same numbers.
"""

import hashlib

import numpy as np
from pydantic import BaseModel

_STEP = 2.0**-53


def _digest(key: tuple, size: int) -> bytes:
    return hashlib.blake2b("\x1f".join(str(part) for part in key).encode("utf-8"), digest_size=size).digest()


def generator(*key) -> np.random.Generator:
    """A numpy generator of its own for this key."""
    words = np.frombuffer(_digest(key, 16), dtype="<u8").astype(np.uint64)
    return np.random.Generator(np.random.Philox(key=words))


def uniform(*key) -> float:
    """One uniform number in the open interval (0, 1)."""
    words = np.frombuffer(_digest(key, 16), dtype="<u8").astype(np.uint64)
    return (int(np.random.Philox(key=words).random_raw()) >> 11) * _STEP + _STEP / 2


def seed_of(*key) -> int:
    """A whole number in [0, 2**62) for this key, to seed an office."""
    return int.from_bytes(_digest(key, 8), "little") >> 2


def document_digest(document: BaseModel) -> str:
    """Hex digest of a typed document: equal documents, equal digests, whatever file they came from."""
    return _digest((document.model_dump_json(),), 8).hex()
