"""A server in a process of its own that can be killed at any instant, and a target that remembers what reached it.

Run as a program it serves a store with a clock that runs a thousand times as fast, so that dues come all the time.
"""

import sys
import time

SPEED = 3_000.0


def main(store_path: str, port: int, began_at: int, started: float) -> None:
    """Serve until killed; office time is `began_at` + SPEED × time since `started`."""
    import uvicorn

    from coach.api.app import create_app
    from coach.store import Store

    def clock() -> int:
        return began_at + round((time.time() - started) * 1000 * SPEED)

    app = create_app(Store.open(store_path), clock=clock)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
