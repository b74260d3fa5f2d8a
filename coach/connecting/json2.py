"""Odoo's JSON-2 interface (Odoo 19 and newer): one POST for each call, with a key in its header."""

import logging
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from coach.connecting.interface import ConnectionProblem

TIMEOUT_SECONDS = 60.0
AT_ONCE = 2000
"""Rows of one answer."""


class Json2:
    """Calls of one Odoo database. `server_time`: the clock of the server at its latest answer, ms."""

    def __init__(self, url: str, key: str, database: str | None = None):
        if not url.startswith(("http://", "https://")):
            raise ConnectionProblem("The address of Odoo begins with https://.", "Odoo 的地址以 https:// 开头。")
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.address = url.rstrip("/")
        self.server_time = 0
        named = {} if database is None else {"X-Odoo-Database": database}
        try:
            self._client = httpx.Client(
                base_url=f"{self.address}/json/2/", timeout=TIMEOUT_SECONDS, follow_redirects=False,
                headers={"Authorization": f"bearer {key}", **named},
            )  # fmt: skip
        except (httpx.InvalidURL, UnicodeEncodeError):
            # Neither error may be shown: the second holds the key.
            raise ConnectionProblem(
                "The address or the key cannot be used: one of them holds characters that it must not have.",
                "地址或密钥无法使用：其中含有不允许的字符。",
            ) from None

    def close(self) -> None:
        """Let go of the server."""
        self._client.close()

    def call(self, model: str, method: str, **arguments: Any) -> Any:
        """What a method of a model answers. Raises ConnectionProblem."""
        try:
            answer = self._client.post(f"{model}/{method}", json=arguments)
        except httpx.HTTPError as error:
            raise self._unreachable(type(error).__name__) from None
        try:
            told = answer.json()
        except ValueError:
            raise self._no_odoo(answer.status_code) from None
        if answer.status_code != 200:
            raise self._refused(answer.status_code, told if isinstance(told, dict) else {}, model)
        if "date" in answer.headers:
            self.server_time = int(parsedate_to_datetime(answer.headers["date"]).timestamp() * 1000)
        return told

    def rows(self, model: str, fields: list[str], domain: list | None = None) -> Iterator[dict[str, Any]]:
        """All rows of a model, archived ones too, in the order of their ids."""
        last = 0
        while True:
            found = self.call(
                model, "search_read", domain=[*(domain or []), ["id", ">", last]], fields=fields, order="id", limit=AT_ONCE,
                context={"active_test": False},
            )  # fmt: skip
            yield from found
            if len(found) < AT_ONCE:
                return
            last = found[-1]["id"]

    def load(self, model: str, external_id: str, values: dict[str, str]) -> None:
        """Create a row, or change the one of this external id."""
        told = self.call(model, "load", fields=["id", *values], data=[[external_id, *values.values()]])
        if not told.get("ids"):
            why = "; ".join(str(each.get("message")) for each in told.get("messages", ()))
            raise ConnectionProblem(f"{self.address} did not take what was written: {why}", f"{self.address} 未接受写入：{why}")

    def _unreachable(self, kind: str) -> ConnectionProblem:
        return ConnectionProblem(
            f"{self.address} does not answer ({kind}). Is the address right, and does the server run?",
            f"{self.address} 没有响应（{kind}）。地址是否正确，服务器是否在运行？",
        )

    def _no_odoo(self, status: int) -> ConnectionProblem:
        return ConnectionProblem(
            f"{self.address} does not answer as an Odoo database does (HTTP {status}). Odoo 19 or newer is needed; where the "
            "server has several databases, name one: --database.",
            f"{self.address} 的响应不是 Odoo 数据库的响应（HTTP {status}）。需要 Odoo 19 或更新版本；服务器有多个数据库时，"
            "请用 --database 指定。",
        )

    def _refused(self, status: int, told: dict[str, Any], model: str) -> ConnectionProblem:
        if status == 401:
            return ConnectionProblem(
                f"{self.address} does not know this key. Make one in Odoo under Preferences, Security, New API Key, and mind "
                "that it expires.",
                f"{self.address} 不认可该密钥。请在 Odoo 的“首选项—安全—新建 API 密钥”中创建，并注意其有效期。",
            )
        if status == 404 and "does not exist" in str(told.get("message")):
            return ConnectionProblem(
                f"{self.address} has no table {model}. Install Odoo's app CRM, or name another database: --database.",
                f"{self.address} 没有数据表 {model}。请安装 Odoo 的 CRM 应用，或用 --database 指定其他数据库。",
            )
        if status == 403:
            return ConnectionProblem(
                f"The user of this key may not work with {model} in {self.address}. Give the user the rights that the guide "
                "names (docs/connect.md), or use another user's key.",
                f"该密钥的用户无权在 {self.address} 使用 {model}。请授予指南（docs/zh/connect.md）所列权限，"
                "或改用其他用户的密钥。",
            )
        kind = str(told.get("name", "")).rsplit(".", 1)[-1]
        return ConnectionProblem(
            f"{self.address} could not do what it was asked about {model} (HTTP {status}, {kind}). See the log of Odoo.",
            f"{self.address} 未能完成对 {model} 的请求（HTTP {status}，{kind}）。请查看 Odoo 日志。",
        )
