"""A server in a thread of this process, for parity checks, tests and demos that need real HTTP."""

import socket
import threading
import time
from types import TracebackType

import uvicorn
from fastapi import FastAPI

START_SECONDS = 60.0


class LocalServer:
    """`with LocalServer(app) as url:` serves an application on a free port of this machine until the end of the block."""

    def __init__(self, app: FastAPI):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start / 服务器未能启动")
            time.sleep(0.005)
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()
