"""Tokens by which people's programs come in: made, shown once, revoked."""

from markupsafe import Markup

from apps.admin.desk import Desk
from apps.admin.words import called
from coach.problems import CoachError
from coach.store import people


def draw(desk: Desk) -> Markup:
    """All tokens, and a form to make one."""
    of = desk.query.get("person", "")
    secret = desk.once.take(desk.visit, desk.query["once"]) if "once" in desk.query else None
    everybody = [each["name"] for each in people.people(desk.store, desk.viewer) if each["active"]]
    found = [each for each in people.tokens(desk.store, desk.viewer) if not of or each["person"] == of]
    told = {"tokens": found, "people": everybody, "state": lambda each: _state(desk, each)}
    return desk.render("tokens.html", of=of, secret=secret, **told)


def _state(desk: Desk, token: dict) -> str:
    if token["revoked_at"] is not None:
        return desk.say("tokens.revoked", at=desk.stamp(token["revoked_at"]))
    if token["expires_at"] is None:
        return ""
    over = token["expires_at"] <= desk.now
    return desk.say("tokens.over" if over else "tokens.until", at=desk.stamp(token["expires_at"]))


def _make(desk: Desk) -> str:
    label, name = called(desk.form.get("label", "")), desk.form.get("person", "")
    until = desk.instant_of(desk.form.get("until", ""), end=True)
    if until is not None and until <= desk.now:
        raise CoachError("The last day lies in the past.", "最后有效日期已过。")
    secret = people.new_token(desk.store, desk.viewer, name, label, desk.now, until)
    return desk.link("tokens", person=name, told="token_made", once=desk.once.put(desk.visit, secret))


def _revoke(desk: Desk) -> str:
    number = desk.form.get("number", "")
    people.revoke_token(desk.store, desk.viewer, desk.now, int(number) if number.isdecimal() and len(number) < 10 else -1)
    return desk.link("tokens", person=desk.query.get("person", ""), told="token_revoked")


DOES = {"make": _make, "revoke": _revoke}
