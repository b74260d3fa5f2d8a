"""Events that people enter on pages and in forms, in their own name."""

import secrets
from typing import Any

from pydantic import ValidationError

from coach.events import PostedEvent, fault_of
from coach.problems import CoachError


def entered(**told: Any) -> PostedEvent:
    """An event with these fields; CoachError with what is wrong with one of them."""
    try:
        return PostedEvent(**told)
    except ValidationError as error:
        fault = fault_of(error)
        raise CoachError(fault.en, fault.zh) from None


def new_key(person: str) -> str:
    """A key that no other entry has; it tells who made this one."""
    return key_of(person, secrets.token_hex(8))


def key_of(person: str, once: str) -> str:
    """The key of a person's entry that was given its own number (16 hexadecimal digits) where it was made."""
    return f"{person[:100]}-{once}"


def who_entered(key: str) -> str:
    """The person whose entry has a key of `new_key`."""
    return key.rpartition("-")[0]
