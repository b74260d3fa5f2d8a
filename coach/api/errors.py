"""Errors as problem details (RFC 9457), told in both languages."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from coach.events import said_of
from coach.problems import CoachError
from policies.documents.errors import PolicyError

PROBLEM = "application/problem+json"
_HTTP = {
    404: ("There is no such address.", "没有这个地址。"),
    405: ("This address does not take that method.", "该地址不支持此方法。"),
    413: ("The request is too large.", "请求过大。"),
}


class Refused(CoachError):
    """A gate refused, or part of a batch; `more` goes into the answer."""

    status = 409
    code = "refused_by_gate"

    def __init__(self, en: str, zh: str, more: dict):
        super().__init__(en, zh)
        self.more = more


def problem(status: int, code: str, en: str, zh: str, more: dict | None = None) -> JSONResponse:
    """One problem; `more` goes into the answer."""
    body = {"type": f"urn:rehearse:{code}", "title": code.replace("_", " "), "status": status, "detail": en, "en": en, "zh": zh}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    told = {name: _printable(text) if isinstance(text, str) else text for name, text in body.items()}
    return JSONResponse((more or {}) | told, status, headers, media_type=PROBLEM)


def tell_errors(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(CoachError)
    def _coach(_request: Request, error: CoachError):
        return problem(error.status, error.code, error.en, error.zh, getattr(error, "more", None))

    @app.exception_handler(PolicyError)
    def _policy(_request: Request, error: PolicyError):
        problems = [{"field": each.field, "en": each.en, "zh": each.zh} for each in error.problems]
        return problem(422, "faulty_policy", error.text("en"), error.text("zh"), {"problems": problems})

    @app.exception_handler(RequestValidationError)
    def _validation(_request: Request, error: RequestValidationError):
        told = [(".".join(map(str, each["loc"])), each) for each in error.errors()]
        problems = [{"field": place, **dict(zip(("en", "zh"), said_of(each), strict=True))} for place, each in told]
        en = "; ".join(f"{each['field']}: {each['en']}" for each in problems)
        zh = "；".join(f"{each['field']}：{each['zh']}" for each in problems)
        return problem(422, "faulty_request", _printable(en), _printable(zh), {"problems": _all_printable(problems)})

    @app.exception_handler(DataError)
    def _data(_request: Request, _error: DataError):
        # PostgreSQL takes no NUL in a text; it can only have come with the request.
        return problem(422, "faulty_request", "A text holds characters that cannot be stored.", "文本中有无法保存的字符。")

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException):
        en, zh = _HTTP.get(error.status_code, (str(error.detail), "请求无法处理。"))
        return problem(error.status_code, f"http_{error.status_code}", en, zh)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _all_printable(problems: list[dict]) -> list[dict]:
    return [{name: _printable(text) for name, text in each.items()} for each in problems]
