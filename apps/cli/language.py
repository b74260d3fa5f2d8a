"""Which language to speak: `--lang` where it is given, else the language of the machine."""

import locale
import os
import sys
from collections.abc import Sequence
from contextvars import ContextVar

LANGUAGES = ("en", "zh")
language: ContextVar[str] = ContextVar("language", default="en")
"""The language of the running command; `main` sets it before anything is written."""


def machine_language() -> str:
    """ "zh" where the machine speaks Chinese, else "en". The same variables decide as for other programs (POSIX), on Windows
    the language of the user interface."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    if sys.platform == "win32":
        import ctypes

        code = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "en")
        return "zh" if code.startswith("zh") else "en"
    return "en"


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language named by `--lang zh` or `--lang=zh` anywhere in the arguments, so that help and errors obey it too."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name != "--lang":
            continue
        if not value and position + 1 < len(arguments):
            value = arguments[position + 1]
        return value if value in LANGUAGES else None
    return None


def choose_language(arguments: Sequence[str]) -> str:
    """The language to use for these arguments."""
    return asked_language(arguments) or machine_language()
