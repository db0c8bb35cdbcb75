"""The hub process: database, batch writer, jobs and HTTP. Starts where Qt is not installed."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

import uvicorn

from app.boot.demo import Shops, open_demo
from app.boot.demo_company import STARTS_AT
from app.boot.opening import FEED_ID, Running, open_hub
from sync.hub.api import application
from sync.hub.jobs import WORKER, Every, open_worker, recheck_page

RECHECK_PAUSE_S = 0.5
DRAIN_PAUSE_S = 0.5


def jobs(running: Running) -> list[Every]:
    """Return what the hub does by itself; the caller starts and stops them."""
    hub = running.hub
    worker = open_worker(hub.engine, FEED_ID, WORKER, hub.clock())
    return [
        Every(
            "recheck",
            RECHECK_PAUSE_S,
            lambda: bool(recheck_page(hub.engine, FEED_ID, hub.writer, worker, hub.clock())),
        ),
        Every("drain", DRAIN_PAUSE_S, running.drain),
    ]


def serve(running: Running, listen: str, *, more: Sequence[Every] = (), is_child: bool = False) -> None:
    """Answer over HTTP until told to stop, with `more` jobs; a child stops when its parent's pipe closes."""
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        application(running.hub),
        host=host or "127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
        http="httptools",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_announce, args=(server,), daemon=True).start()
    if is_child:
        threading.Thread(target=_follow_parent, args=(server,), daemon=True).start()
    with ExitStack() as stack:
        for job in (*jobs(running), *more):
            job.start()
            stack.callback(job.stop)
        stack.callback(running.hub.writer.stop)
        server.run()


def _announce(server: uvicorn.Server) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)


def _follow_parent(server: uvicorn.Server) -> None:
    sys.stdin.read()  # returns when the parent is gone, however it went
    server.should_exit = True


def main(argv: list[str]) -> int:
    """`docket hub --database URL --listen HOST:PORT`."""
    parser = argparse.ArgumentParser(prog="docket hub", description=__doc__)
    parser.add_argument("--database", required=True, help="sqlite:///FILE or postgresql+psycopg://…")
    parser.add_argument("--listen", default="127.0.0.1:8765", help="HOST:PORT; port 0 takes a free one")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo company")
    parser.add_argument("--at", default="", help="when the demo's clock starts at the earliest, ISO")
    parser.add_argument("--pace", type=float, default=45.0, help="seconds between two sales of the demo")
    parser.add_argument("--child", action="store_true", help="stop when standard input closes")
    asked = parser.parse_args(argv)
    door = os.environ.get("DOCKET_DOOR", "")
    if not asked.demo:
        serve(open_hub(asked.database, door=door), asked.listen, is_child=asked.child)
        return 0
    first_at = datetime.fromisoformat(asked.at) if asked.at else STARTS_AT
    running = open_demo(asked.database, door, first_at=first_at)
    sales = Every("shops", asked.pace, Shops(running).sell)
    serve(running, asked.listen, more=[sales], is_child=asked.child)
    return 0
