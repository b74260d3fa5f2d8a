"""What can go wrong in the coach, said in both languages."""


class CoachError(ValueError):
    """Something that was asked for cannot be done; `en` and `zh` say why and what to do, `status` is the HTTP answer."""

    status = 422
    code = "refused"

    def __init__(self, en: str, zh: str):
        super().__init__(en)
        self.en = en
        self.zh = zh


class NotFound(CoachError):
    """There is no such thing, or the viewer may not know that there is."""

    status = 404
    code = "not_found"


class NotAllowed(CoachError):
    """The viewer's role does not cover this."""

    status = 403
    code = "not_allowed"


class NotSignedIn(CoachError):
    """No valid token or session."""

    status = 401
    code = "not_signed_in"


def not_found(what_en: str, what_zh: str, name: str) -> NotFound:
    """The usual sentence for something that is not there."""
    return NotFound(f"There is no {what_en} {name!r} that you may see.", f"没有您可查看的{what_zh}“{name}”。")
