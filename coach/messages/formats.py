"""The forms in which chat tools take a message, and how they say that they took it."""

import base64
import hashlib
import hmac
import json
from typing import NamedTuple
from urllib.parse import urlencode

FORMATS = ("generic", "wecom", "dingtalk", "feishu", "slack")


class Request(NamedTuple):
    """What is sent: address, headers and body."""

    url: str
    headers: dict[str, str]
    body: bytes


def request_for(form: str, url: str, secret: str | None, message: dict, language: str, at: int) -> Request:
    """A message in the form of its target; `at` (ms) goes into signatures."""
    told = message[language]
    plain = f"{told['title']}\n{told['text']}"
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if form == "wecom":
        return _request(url, headers, {"msgtype": "markdown", "markdown": {"content": f"**{told['title']}**\n{told['text']}"}})
    if form == "dingtalk":
        body = {"msgtype": "markdown", "markdown": {"title": told["title"], "text": f"**{told['title']}**\n\n{told['text']}"}}
        return _request(_signed_for_dingtalk(url, secret, at) if secret else url, headers, body)
    if form == "feishu":
        signature = _signature_for_feishu(secret, at) if secret else {}
        return _request(url, headers, {**signature, "msg_type": "text", "content": {"text": plain}})
    if form == "slack":
        return _request(url, headers, {"text": plain})
    request = _request(url, headers, message)
    if secret:
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        headers["X-Rehearse-Signature"] = f"sha256={digest}"
    return request


def _request(url: str, headers: dict[str, str], body: dict) -> Request:
    return Request(url, headers, json.dumps(body, ensure_ascii=False).encode())


def _signed_for_dingtalk(url: str, secret: str, at: int) -> str:
    digest = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    signed = urlencode({"timestamp": at, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{signed}"


def _signature_for_feishu(secret: str, at: int) -> dict[str, str]:
    # Their key is the text to be signed, and nothing is signed with it.
    digest = hmac.new(f"{at // 1000}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(at // 1000), "sign": base64.b64encode(digest).decode()}


def problem_in(form: str, status: int, answer: bytes) -> str | None:
    """Why an answer means that the message was not taken; None when it was. Chat tools answer 200 to what they refuse."""
    if not 200 <= status < 300:
        return f"HTTP {status}"
    code = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}.get(form)
    if code is None:
        return None
    try:
        told = json.loads(answer)
        number = told.get(code, told.get("StatusCode"))
    except (ValueError, AttributeError):
        return "answer is no JSON"
    return None if number == 0 else f"{code} {number}"
