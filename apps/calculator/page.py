"""The return calculator: the page on which a rep fills it in and sends it, and the one that a customer opens by its link."""

from pathlib import Path
from typing import Any

from apps.pages.texts import LANGUAGES, Speaker
from coach.offering.pages import DAYS, MOST_DAYS, Opened
from coach.offering.returns import LEAST, LONGEST

FOLDER = Path(__file__).parent
ROLES = ("rep", "manager")
_USUAL = {"investment": None, "yearly_saving": None, "yearly_costs": 0.0, "years": 5, "discount_rate": 0.08}
"""What stands on the rep's page at first; None for what is to be filled in."""
_RESULTS = ("yearly_gain", "total_gain", "present_value", "payback_years", "rate")
_IN_SCRIPT = (
    "lost", "none", "no_gain", "almost", "fill_in", "not_a_number", "whole", "between", "not_within", "years_said", "sent_on",
    "never_looked", "looked", "ended", "expired", "copy", "copied", "end", "holds_until",
)  # fmt: skip


def rep_page(language: str, deals: list[dict], deal: str, currency: str | None, zone: str) -> str:
    """To fill in and send; `deals` are those of whoever opens it; instants are told in the firm's `zone`."""
    told = {"deals": deals, "deal": deal, "figures": _USUAL, "currency": currency, "zone": zone}
    return _drawn("rep.html", language, days=DAYS, most=MOST_DAYS, **told)


def customer_page(language: str, secret: str, page: Opened) -> str:
    """What the customer sees, in `language` or the page's own."""
    spoken = language if language in LANGUAGES else page.language
    told = {"figures": page.figures, "currency": page.currency, "page": page, "secret": secret}
    return _drawn("customer.html", spoken, languages=LANGUAGES, **told)


def gone_page(language: str, words: str) -> str:
    """That a link opens nothing."""
    return _drawn("gone.html", language if language in LANGUAGES else "en", words=words)


def _drawn(template: str, language: str, **told: Any) -> str:
    from jinja2 import Environment, FileSystemLoader

    say = Speaker(FOLDER, language)
    words = {name: say(f"calculator.{name}") for name in _IN_SCRIPT}
    shown = Environment(loader=FileSystemLoader(FOLDER), autoescape=True).get_template(template)
    return shown.render(say=say, words_in_script=words, results=_RESULTS, least=LEAST, longest=LONGEST, **told)
