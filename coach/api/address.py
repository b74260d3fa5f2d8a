"""The address by which browsers reach this server, where it is another than the one it listens on: behind a proxy, say."""

from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from coach.problems import CoachError

_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """Scheme, host and port. Two pages are of one origin where all three are the same."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """Host and port as a browser writes them: without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"


def address_of(text: str) -> Address:
    """The address that somebody wrote. Raises CoachError where it is no scheme with a host and nothing behind it."""
    parts = _split(text.strip())
    address = None if parts is None else _address(parts)
    if parts is None or address is None or parts.username is not None or _says_more(parts):
        raise CoachError(
            f"{text!r} is no address of a server; write it as https://rehearse.example.com, with a port if it needs one and "
            "nothing behind it.",
            f"“{text}”不是服务器地址，请写成 https://rehearse.example.com 的形式，需要时带端口，后面不带其他内容。",
        )
    return address


def _says_more(parts: SplitResult) -> bool:
    return parts.path not in ("", "/") or bool(parts.query or parts.fragment)


def origin_of(text: str) -> Address | None:
    """The origin that a browser tells; None for `null` and whatever else is none."""
    parts = _split(text)
    return None if parts is None else _address(parts)


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _address(parts: SplitResult) -> Address | None:
    try:
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:  # no number, or no name of a host
        return None
    if parts.scheme not in _PORTS or not host or port == 0 or any(each.isspace() for each in host):
        return None
    return Address(parts.scheme, host, port or _PORTS[parts.scheme])
