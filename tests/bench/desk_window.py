"""The real window as a child of the desk bench: opens as ever, works, and says in lines of JSON what it took.

`DOCKET_BENCH_BEGAN_S` is the monotonic clock just before this process was started. What measures loads after
the first paint, as the rest of the desk does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.boot.desk import first_paint, furnish, open_window


def main(asked: dict[str, Any]) -> None:
    """Open the window and hand it to whoever works in it."""
    began_s = float(os.environ["DOCKET_BENCH_BEGAN_S"])
    home = Path(asked["home"])
    app = QApplication(sys.argv[:1])
    shell = open_window(app, home)
    shell.resize(1400, 900)
    first_paint(shell)
    painted_ms = round((time.monotonic() - began_s) * 1e3, 1)
    station = furnish(shell, home, hub_url=asked["url"])

    import qasync
    from desk_work import live, say

    with qasync.QEventLoop(app) as events:
        figures = events.run_until_complete(live(station, began_s, is_start_only=asked["is_start_only"]))
    station.close()
    say({"first_paint_ms": painted_ms, **figures})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
