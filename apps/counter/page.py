"""The page on which a lead is filed in a store, on a telephone: a photo, what it is about, and whom to call."""

from pathlib import Path

from apps.pages.texts import Speaker

FOLDER = Path(__file__).parent
ROLES = ("rep", "manager", "operations", "admin")
_IN_SCRIPT = ("filing", "filed", "another", "lost")


def counter_page(language: str) -> str:
    """The page as HTML."""
    from jinja2 import Environment, FileSystemLoader

    say = Speaker(FOLDER, language)
    words = {name: say(f"counter.{name}") for name in _IN_SCRIPT}
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True).get_template("page.html").render(say=say, words=words)
