"""The front door: a sign-in that needs neither Panel nor anything from outside."""

from pathlib import Path

from coach.store import Viewer

_HERE = Path(__file__).parent


def front_page(*, asked: str = "", viewer: Viewer | None = None) -> str:
    """The page as HTML. `asked`: address to go to afterwards; `viewer`: somebody signed in whose role has no page here."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True)
    return environment.get_template("front.html").render(asked=asked, viewer=viewer)
