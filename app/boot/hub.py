"""The hub process: database, batch writer, jobs and HTTP. Starts where Qt is not installed."""

from __future__ import annotations

import argparse
import base64
import getpass
import json
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import uvicorn
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.boot.demo import Shops, open_demo
from app.boot.demo_company import STARTS_AT
from app.boot.demo_papers import invoicing
from app.boot.demo_parcels import labelling
from app.boot.folders import dropped
from app.boot.log import set_up_log
from app.boot.metrics import figures, serve_figures
from app.boot.notices import show_deliveries, telling
from app.boot.opening import (
    FEED_ID,
    Running,
    begin_epoch,
    not_to_be_opened,
    open_hub,
    opened,
    wall_clock,
)
from app.boot.outgoing import EFFECTS_PAUSE_S, FIGURES_PAUSE_S, outgoing
from app.boot.places import master_key
from app.boot.words import console
from app.domain.company import Company, User
from app.domain.values import Role
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.access import PASSWORD_LEAST, set_password
from sync.hub.api import Hub, application
from sync.hub.asking import Worker
from sync.hub.compaction import Compaction
from sync.hub.company import install_company
from sync.hub.database import trim_log, writing
from sync.hub.devices import approve_by_code
from sync.hub.drifts import DRIFTS, Drifts
from sync.hub.drills import WORKER as DRILLS
from sync.hub.drills import Drills
from sync.hub.jobs import WORKER, Every, open_worker, recheck_page
from sync.hub.keeping.standby import Standby
from sync.hub.leases import PAGE as LEASES_PAGE
from sync.hub.leases import WORKER as LEASES
from sync.hub.leases import expire_page
from sync.hub.limits import Impatient
from sync.hub.lots import LOTS, Ageing
from sync.hub.openapi import document
from sync.hub.outward.posting import Posting
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.poller import Poller
from sync.hub.routing import WORKER as ROUTING
from sync.hub.routing import Routing
from sync.hub.screening import Learning
from sync.manifest.line import Http
from sync.manifest.plugin import plugins_in
from sync.trust import LOOPBACK

RECHECK_PAUSE_S = 0.5
DRAIN_PAUSE_S = 0.5
STANDBY_PAUSE_S = 1.0
LEASES_PAUSE_S = 15.0
ROUTING_PAUSE_S = 1.0
COMPACTION_PAUSE_S = 6 * 3_600.0
"""Between two walks through the whole feed."""
HOOKS_PAUSE_S = 0.5
LIFE_PAUSE_S = 1.0
LOG_PAUSE_S = 30.0
CONNECTIONS = 1_000
OUTWARD = frozenset({"poll", "deliveries", "hooks"})
IDLE_S = 30
"""How long a line stays open between two questions: a clerk's next click finds it, without another TLS."""


def jobs(running: Running) -> list[Every]:
    """Return what the hub does by itself; the caller starts and stops them."""
    hub = running.hub

    def asking(name: str) -> Worker:
        return Worker(hub.engine, FEED_ID, hub.writer, open_worker(hub.engine, FEED_ID, name, hub.clock()))

    recheck = partial(recheck_page, hub.engine, FEED_ID, hub.writer, asking(WORKER).info)
    leases, routing, drifts = asking(LEASES), Routing(asking(ROUTING)), Drifts(asking(DRIFTS))
    ageing = Ageing(asking(LOTS))
    drills = Drills(asking(DRILLS), hub.seal)
    compaction, learning = Compaction(hub.engine, FEED_ID), Learning(hub.engine, FEED_ID, hub.seal)
    posting = Posting(hub.engine, FEED_ID, hub.clock, hub.hook_hosts)
    return [
        Every("recheck", RECHECK_PAUSE_S, lambda: bool(recheck(hub.clock()))),
        Every("drain", DRAIN_PAUSE_S, running.drain),
        Every("leases", LEASES_PAUSE_S, lambda: expire_page(leases, hub.clock()) == LEASES_PAGE),
        Every("lots", LEASES_PAUSE_S, lambda: ageing.step(hub.clock())),
        Every("routing", ROUTING_PAUSE_S, lambda: routing.step(hub.clock())),
        Every("drills", ROUTING_PAUSE_S, lambda: drills.step(hub.clock())),
        Every("drifts", FIGURES_PAUSE_S, lambda: drifts.step(hub.clock())),
        Every("screening", COMPACTION_PAUSE_S, lambda: learning.step(hub.clock())),
        Every("log", LOG_PAUSE_S, lambda: trim_log(hub.engine) and False),
        Every("compaction", COMPACTION_PAUSE_S, lambda: compaction.step(hub.clock())),
        Every("hooks", HOOKS_PAUSE_S, posting.step),
        Every("old news", COMPACTION_PAUSE_S, posting.forget),
        *_standby(running),
    ]


def _standby(running: Running) -> list[Every]:
    engine = running.hub.engine
    if engine.dialect.name != "postgresql":
        return []
    return [Every("standby", STANDBY_PAUSE_S, Standby(engine, FEED_ID).step)]


class Tls(NamedTuple):
    """The files of a certificate and its key."""

    cert: str
    key: str


def serve(
    running: Running,
    listen: str,
    *,
    more: Sequence[Every] = (),
    metrics: str = "",
    tls: Tls | None = None,
    is_child: bool = False,
    is_fenced: bool = False,
) -> None:
    """Answer over HTTP until told to stop, with `more` jobs; a child stops when its parent's pipe closes.

    `is_fenced`: nothing that speaks to the outside is begun.

    Raises:
        Trouble: nothing can listen there, or the database was restored meanwhile.
    """
    with ExitStack() as stack:
        stack.callback(running.close)
        door = stack.enter_context(_listening(listen))
        config = uvicorn.Config(
            application(running.hub),
            log_config=None,
            log_level="warning",
            access_log=False,
            http=Impatient,
            lifespan="off",
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=IDLE_S,
            timeout_graceful_shutdown=2,
            ssl_certfile=tls.cert if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        if metrics:
            figures_door = serve_figures(lambda: figures(running), metrics)
            stack.callback(figures_door.stop)
        server = uvicorn.Server(config)
        threading.Thread(target=_announce, args=(server, door), daemon=True).start()
        if is_child:
            threading.Thread(target=_follow_parent, args=(server,), daemon=True).start()
        life = _Life(running.hub, server)
        hub = running.hub
        tools = hub.tools()
        poller, sent = Poller(tools, Http), Deliveries(tools)
        stack.callback(poller.close)
        own = (
            Every("poll", LIFE_PAUSE_S, poller.step),
            Every("deliveries", DRAIN_PAUSE_S, sent.step),
            Every("old deliveries", COMPACTION_PAUSE_S, sent.forget),
            Every("life", LIFE_PAUSE_S, life.follow),
        )
        for job in (*jobs(running), *own, *more):
            if is_fenced and job.name in OUTWARD:
                continue
            job.start()
            stack.callback(job.stop)
        if running.hub.counter is not None:
            running.hub.counter.resume()
        server.run(sockets=[door])
        if life.is_over:
            raise Trouble("restored", Text(N_("The database was restored. Start the hub again.")))


def _listening(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise Trouble("listen", Text(N_("--listen is HOST:PORT, e.g. 0.0.0.0:8765.")))
    host = host.strip("[]") or "127.0.0.1"
    try:
        return socket.create_server((host, int(port)), family=_family(host), backlog=2_048)
    except OSError as fault:
        raise Trouble(
            "listen",
            Text(
                N_("Nothing can listen on {listen}: is another hub running there? {reason}"),
                {"listen": listen, "reason": fault.strerror or "?"},
            ),
        ) from fault


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _announce(server: uvicorn.Server, door: socket.socket) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.01)
    host, port = door.getsockname()[:2]
    scheme = "https" if server.config.is_ssl else "http"
    url = f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
    print(json.dumps({"url": url}), flush=True)


class _Life:
    """Ends the hub where its database was restored: what this process knows belongs to the life before."""

    def __init__(self, hub: Hub, server: uvicorn.Server) -> None:
        self._hub, self._server = hub, server
        self.is_over = False

    def follow(self) -> bool:
        if feed.epoch(self._hub.engine, FEED_ID) != self._hub.epoch:
            self.is_over = self._server.should_exit = True
        return False


def _follow_parent(server: uvicorn.Server) -> None:
    sys.stdin.read()  # returns when the parent is gone, however it went
    server.should_exit = True


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docket hub", description=__doc__)
    parser.add_argument("--openapi", action="store_true", help="print what the hub answers, then stop")
    parser.add_argument("--database", help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    parser.add_argument("--listen", default="127.0.0.1:8765", help="HOST:PORT; port 0 takes a free one")
    parser.add_argument("--admin", metavar="NAME", help="give NAME a password and every right, then stop")
    parser.add_argument("--approve", metavar="CODE", help="let the PC with this code in, then stop")
    parser.add_argument("--show-key", action="store_true", help="print the master key, then stop")
    parser.add_argument("--restored", action="store_true", help="this database comes from a backup")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo company")
    parser.add_argument("--practice", default="", metavar="FILE", help="a copy of this company, fenced in")
    parser.add_argument("--lesson", default="", help="with --practice: lay out the deck of this lesson")
    parser.add_argument("--at", default="", help="when the demo's clock starts at the earliest, ISO")
    parser.add_argument("--pace", type=float, default=45.0, help="seconds between two sales of the demo")
    parser.add_argument("--outgoing", default="", metavar="FOLDER", help="write what channels are told there")
    parser.add_argument(
        "--invoices",
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help="ask the invoice service NAME by files in FOLDER; may be given again",
    )
    parser.add_argument("--services", default="", metavar="FILE", help="ask services over HTTP, see the help")
    parser.add_argument("--hooks-to", action="append", default=[], metavar="HOST", help="also of this house")
    parser.add_argument("--plugins", default="", metavar="FOLDER", help="code of channels, ID.py each")
    parser.add_argument(
        "--folders", default="", metavar="FILE", help="take files shops lay down, see the help"
    )
    parser.add_argument("--notices", default="", metavar="FILE", help="tell people of holds, see the help")
    parser.add_argument("--show-notices", action="store_true", help="print who was told of what, then stop")
    parser.add_argument("--metrics", default="", metavar="HOST:PORT", help="figures for Prometheus")
    parser.add_argument("--log-format", choices=("text", "json"), default="text", help="of standard error")
    parser.add_argument("--tls-cert", default="", metavar="FILE", help="certificate of this hub, PEM")
    parser.add_argument("--tls-key", default="", metavar="FILE", help="its key, PEM; docket tls makes both")
    parser.add_argument("--behind-proxy", action="store_true", help="a proxy has the certificate")
    parser.add_argument("--child", action="store_true", help="stop when standard input closes")
    return parser


def main(argv: list[str]) -> int:
    """`docket hub --database URL --listen HOST:PORT`."""
    parser = _options()
    asked = parser.parse_args(argv)
    if asked.openapi:
        print(json.dumps(document(__version__), indent=2))
        return 0
    if asked.database is None:
        parser.error("--database URL")
    set_up_log(as_json=asked.log_format == "json")
    try:
        if asked.show_key:
            print(base64.b64encode(master_key(asked.database)).decode())
        elif asked.show_notices:
            show_deliveries(asked.database)
        elif asked.admin:
            _appoint(asked.database, asked.admin)
        elif asked.approve:
            title = approve_by_code(opened(asked.database), FEED_ID, asked.approve, wall_clock())
            print(console(Text(N_("{title} is let in."), {"title": title})))
        else:
            _run(asked)
    except Trouble as trouble:
        print(console(trouble.hint), file=sys.stderr)
        return 2
    except DBAPIError as fault:  # it went away before the hub could serve
        print(console(not_to_be_opened(asked.database, fault).hint), file=sys.stderr)
        return 2
    return 0


def _tls(asked: argparse.Namespace) -> Tls | None:
    """Return what the line is protected with; None where nobody else can hear it, or a proxy protects it.

    Raises:
        Trouble: tls: there is nothing, or it cannot be used.
    """
    if not asked.tls_cert and not asked.tls_key:
        host = asked.listen.rpartition(":")[0].strip("[]") or "127.0.0.1"
        if host not in LOOPBACK and not asked.behind_proxy:
            raise Trouble(
                "tls",
                Text(
                    N_("Nothing protects {host}. Give --tls-cert and --tls-key, or --behind-proxy."),
                    {"host": host},
                ),
            )
        return None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(asked.tls_cert, asked.tls_key)
    except (OSError, ValueError) as fault:
        reason = str(fault).splitlines()[0] if str(fault) else "?"
        hint = Text(N_("Certificate and key of the hub cannot be used: {reason}"), {"reason": reason})
        raise Trouble("tls", hint) from fault
    return Tls(asked.tls_cert, asked.tls_key)


def _run(asked: argparse.Namespace) -> None:
    tls = _tls(asked)
    door = os.environ.get("DOCKET_DOOR", "")
    if asked.practice:
        from app.boot.practice_hub import fenced_round

        running, answering = fenced_round(asked.practice, asked.database, asked.lesson, door)
        serve(running, asked.listen, more=answering, is_child=True, is_fenced=True)
        return
    if asked.restored:
        begin_epoch(asked.database)
    first_at = datetime.fromisoformat(asked.at) if asked.at else STARTS_AT
    database = asked.database
    running = open_demo(database, door, first_at=first_at) if asked.demo else open_hub(database, door=door)
    running.hub.hook_hosts = frozenset(asked.hooks_to)
    running.hub.plugins = plugins_in(Path(asked.plugins) if asked.plugins else None)
    own = _demo_jobs(running, asked) if asked.demo else []
    more = [
        *own,
        *outgoing(running, asked),
        *telling(running, asked.notices),
        *dropped(running, asked.folders),
    ]
    serve(running, asked.listen, more=more, metrics=asked.metrics, tls=tls, is_child=asked.child)


def _demo_jobs(running: Running, asked: argparse.Namespace) -> list[Every]:
    """Return who buys from the demo company, and who answers it from outside."""
    sales = Every("shops", asked.pace, Shops(running).sell)
    invoices = Every("invoices", EFFECTS_PAUSE_S, invoicing(running).carry_out)
    labels = [] if asked.outgoing else [Every("labels", EFFECTS_PAUSE_S, labelling(running).carry_out)]
    return [sales, invoices, *labels]


def _appoint(database: str, name: str) -> None:
    """Make the first person of a company; the password is asked for, or read from a pipe."""
    if not name.isidentifier() or not name.isascii() or len(name) > 32:
        raise Trouble("admin", Text(N_("A sign-in name has up to 32 letters and digits.")))
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < PASSWORD_LEAST:
        raise Trouble(
            "admin", Text(N_("The password needs {count} characters or more."), {"count": PASSWORD_LEAST})
        )
    running = open_hub(database)
    try:
        with writing(running.hub.engine) as db:
            admin = User(code=name, title=name, role=Role.ADMIN)
            only = Company(title="", shops=(), warehouses=(), skus=(), users=(admin,))
            install_company(db, FEED_ID, only, running.hub.clock())
            set_password(db, FEED_ID, name, password)
    finally:
        running.close()
