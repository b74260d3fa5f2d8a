"""Where messages go, whether they arrive there, and what became of the last ones."""

from markupsafe import Markup

from apps.admin.desk import Desk
from apps.admin.words import called, unit_choices
from coach.messages import outbox
from coach.messages.formats import FORMATS
from coach.problems import not_found

LATEST = 50
_LANGUAGES = ("en", "zh")


def draw(desk: Desk) -> Markup:
    """Targets, the latest messages, and a form to set a target."""
    formats = [(each, desk.say(f"formats.{each}")) for each in FORMATS]
    return desk.render(
        "messages.html", targets=outbox.webhooks(desk.store, desk.viewer), formats=formats, units=unit_choices(desk)[:1],
        messages=outbox.messages(desk.store, desk.viewer, limit=LATEST), latest=LATEST,
        languages=[(each, desk.say(f"languages.{each}")) for each in _LANGUAGES], unit_words=desk.unit_words,
        fate=lambda each: _fate(desk, each),
    )  # fmt: skip


def _fate(desk: Desk, message: dict) -> str:
    """What became of a message."""
    if message["sent_at"] is not None:
        return desk.say("messages.taken", at=desk.stamp(message["sent_at"]))
    if message["given_up_at"] is not None:
        return desk.say("messages.given_up", at=desk.stamp(message["given_up_at"]), why=message["problem"] or "–")
    if message["problem"] is not None:
        return desk.say("messages.again", at=desk.stamp(message["next_at"]), why=message["problem"], number=message["attempts"])
    return desk.say("messages.waits")


def _set(desk: Desk) -> str:
    told, unit = desk.form, desk.form.get("unit") or None
    known = [name for _, choices in unit_choices(desk)[:1] for name, _ in choices]
    if unit is not None and unit not in known:
        raise not_found("unit", "单位", unit)
    language = told.get("language", "")
    if language not in _LANGUAGES:
        raise not_found("language", "语言", language)
    outbox.add_webhook(
        desk.store, desk.viewer, desk.now, name=called(told.get("name", "")), form=told.get("format", ""),
        url=told.get("url", ""), secret=told.get("secret_of_target") or None, unit=unit, language=language,
    )  # fmt: skip
    return desk.link("messages", told="target_set")


def _test(desk: Desk) -> str:
    outbox.send_test(desk.store, desk.viewer, desk.now, desk.form.get("name", ""))
    return desk.link("messages", told="test_taken")


def _off(desk: Desk) -> str:
    outbox.switch_off_webhook(desk.store, desk.viewer, desk.now, desk.form.get("name", ""))
    return desk.link("messages", told="target_off")


def _on(desk: Desk) -> str:
    outbox.switch_on_webhook(desk.store, desk.viewer, desk.now, desk.form.get("name", ""))
    desk.state.sender.wake()
    return desk.link("messages", told="target_on")


DOES = {"set": _set, "test": _test, "off": _off, "on": _on}
