"""A real shop as a process of its own: installed once, laid out anew, gone with whoever asked."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

import resources
from app.boot.vendure import Vendure
from app.text import N_, Text
from app.trouble import Trouble

INSTALL_S = 1_800.0
SEED_S = 120.0
READY_S = 60.0
STOP_S = 5.0
SEED = "seed.json"
WHOLE = "docket-whole"
"""The file that says what was installed to its end."""


@contextmanager
def opened(folder: Path, port: int) -> Iterator[Vendure]:
    """Open a shop with nothing sold yet; it is installed first where it is not.

    Raises:
        Trouble: no_node, install, shop_start: Node.js is missing, or something failed; the hint says what.
    """
    node, npm = program("node"), program("npm")
    folder.mkdir(parents=True, exist_ok=True)
    install(folder, npm)
    with tempfile.TemporaryDirectory(prefix="shop-", dir=folder, ignore_cleanup_errors=True) as name:
        place = Path(name)
        for file in ("index.js", SEED):
            (place / file).write_bytes(resources.read("shops", "vendure", file))
        password = secrets.token_urlsafe(18)
        around = {**os.environ, "VENDURE_DISABLE_TELEMETRY": "1", "SHOP_PASSWORD": password}
        with (place / "shop.log").open("wb") as log:
            said = place / "shop.log"
            laid = [node, "index.js", "seed", SEED]
            try:
                subprocess.run(
                    laid, cwd=place, env=around, stdout=log, stderr=log, check=True, timeout=SEED_S
                )
            except (subprocess.SubprocessError, OSError) as fault:
                raise _failed(said) from fault
            base = f"http://127.0.0.1:{port or _free_port()}"
            with _standing([node, "index.js", "serve", base.rpartition(":")[2]], place, around, base, said):
                yield Vendure(base, password)


def program(name: str) -> str:
    """Return where a program of Node.js is.

    Raises:
        Trouble: no_node: it is not there.
    """
    found = shutil.which(name)
    if found is None:
        raise Trouble(
            "no_node",
            Text(N_("{name} is missing. Install Node.js 20 or newer, then try again."), {"name": name}),
        )
    return found


def install(folder: Path, npm: str) -> None:
    """Install its packages, once for each list of them.

    Raises:
        Trouble: install: npm failed.
    """
    wanted = resources.read("shops", "vendure", "package.json")
    mark, digest = folder / WHOLE, hashlib.sha256(wanted).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == digest:
        return
    (folder / "package.json").write_bytes(wanted)
    call = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(call, cwd=folder, capture_output=True, check=False, timeout=INSTALL_S)
        reason = done.stderr.decode(errors="replace").strip() if done.returncode else ""
    except (subprocess.SubprocessError, OSError) as fault:
        reason = type(fault).__name__
    if reason:
        raise Trouble(
            "install",
            Text(
                N_("npm could not install the shop. Look at the network, then try again: {reason}"),
                {"reason": reason[-400:]},
            ),
        )
    mark.write_text(digest, encoding="utf-8")


@contextmanager
def _standing(
    call: list[str], place: Path, around: Mapping[str, str], base: str, said: Path
) -> Iterator[None]:
    """Let it answer; it also ends where this process does, which holds its standard input."""
    with said.open("ab") as log:
        shop = subprocess.Popen(
            call, cwd=place, env=dict(around), stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + READY_S
        while not _answers(base):
            if shop.poll() is not None or time.monotonic() > until:
                raise _failed(said)
            time.sleep(0.2)
        yield
    finally:
        if shop.stdin is not None:
            shop.stdin.close()
        try:
            shop.wait(STOP_S)
        except subprocess.TimeoutExpired:
            shop.kill()
            shop.wait()


def _answers(base: str) -> bool:
    try:
        return requests.post(f"{base}/shop-api", json={"query": "{ __typename }"}, timeout=5).ok
    except requests.RequestException:
        return False


def _failed(said: Path) -> Trouble:
    lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    reason = " ".join(lines[-5:])[-400:] or "?"
    return Trouble("shop_start", Text(N_("The shop does not start: {reason}"), {"reason": reason}))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
