"""Servers that can be killed at any instant. As a program it loads everything once, and forks a server for each line it reads.

The servers' clock runs three thousand times as fast as ours, so that dues come all the time.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

SPEED = 3_000.0


def serve(store_path: str, port: int, began_at: int, started: float) -> None:
    """Serve until killed; office time is `began_at` + SPEED x time since `started`."""
    import uvicorn

    from coach.api.app import create_app
    from coach.store import Store

    def clock() -> int:
        return began_at + round((time.time() - started) * 1000 * SPEED)

    app = create_app(Store.open(store_path), clock=clock)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def warm_up() -> None:
    """Load all compiled code, so that a forked server has it."""
    import coach.api.app  # noqa: F401
    from tests.coach.firm import STALL, Firm, policy_of

    with tempfile.TemporaryDirectory() as folder:
        firm = Firm(Path(folder), policy_of(STALL))
        firm.deal()
        firm.until("2026-01-13 00:00")
        firm.store.close()


def main() -> None:
    """For each line: fork a server and print its number; when it has ended, print the signal that ended it."""
    place, port, began_at, started = sys.argv[1:]
    warm_up()
    print("ready", flush=True)
    for _ in sys.stdin:
        server = os.fork()
        if server == 0:
            serve(place, int(port), int(began_at), float(started))
            os._exit(0)
        print(server, flush=True)
        _, status = os.waitpid(server, 0)
        print(os.WTERMSIG(status), flush=True)


if __name__ == "__main__":
    main()
