"""The house rules that can be read off one Python file: what they forbid, and what to do instead.

Each rule brings its own bad example, so that `test_house.py` can show that the rule still bites.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

# What makes a function's answer depend on more than its arguments.
IMPURE = {"os", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "time"}
CLOCKS = {"now", "today", "utcnow", "utcfromtimestamp"}
THREADS = {"QThread", "QThreadPool", "QRunnable", "moveToThread", "QueuedConnection"}
SIZED = {"setFixedWidth", "setFixedHeight", "setFixedSize", "setContentsMargins", "setSpacing"} | {
    f"set{edge}{side}" for edge in ("Minimum", "Maximum") for side in ("Width", "Height", "Size")
}
WAITS = {"sleep", "wait", "qWait", "qSleep"}
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}){1,2}\b")
PIXELS = re.compile(r"\b\d+ ?px\b")

Offences = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class Rule:
    """One rule: where it holds, how an offence is found, what to do instead."""

    name: str
    lesson: str
    folders: tuple[str, ...]
    find: Callable[[ast.Module], Offences]
    bad: str
    good: str
    exempt: tuple[str, ...] = ()

    def holds_for(self, file: str) -> bool:
        return file.startswith(self.folders) and not file.startswith(self.exempt or ("\0",))


@cache
def nodes(tree: ast.Module) -> list[ast.AST]:
    """Everything in a file; every rule goes through all of it."""
    return list(ast.walk(tree))


def private_imports(tree: ast.Module) -> Offences:
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name.startswith("_") and not alias.name.startswith("__"):
                    yield node.lineno, f"from {node.module} import {alias.name}"


def impure_imports(tree: ast.Module) -> Offences:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.partition(".")[0] in IMPURE:
                yield node.lineno, f"import {name}"


def clocks(tree: ast.Module) -> Offences:
    for called, node in calls(tree):
        if called in CLOCKS and _owner(node) in ("datetime", "date", "datetime.datetime", "datetime.date"):
            yield node.lineno, ast.unparse(node)


def naive_clocks(tree: ast.Module) -> Offences:
    for line, text in clocks(tree):
        if text.endswith("()") or "utc" in text:
            yield line, text


def own_looks(tree: ast.Module) -> Offences:
    remarks = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            for found in (*COLOUR.findall(node.value), *PIXELS.findall(node.value)):
                yield node.lineno, found
        if isinstance(node, ast.Call):
            called = _called(node)
            numbers = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, int)]
            is_look = called in SIZED or (called == "QColor" and len(node.args) > 1)
            if is_look and any(number > 1 for number in numbers):
                yield node.lineno, ast.unparse(node)


def nested_loops(tree: ast.Module) -> Offences:
    for called, node in calls(tree):
        if called == "exec" and isinstance(node.func, ast.Attribute):
            owner = _owner(node).lower()
            if owner.rpartition(".")[2] not in ("app", "qapp", "qapplication"):
                yield node.lineno, ast.unparse(node)
        if called in ("question", "information", "warning", "critical") and "QMessageBox" in _owner(node):
            yield node.lineno, ast.unparse(node)


def threads(tree: ast.Module) -> Offences:
    for node in nodes(tree):
        name = getattr(node, "attr", "") or getattr(node, "id", "")
        if name in THREADS or (isinstance(node, ast.Attribute) and ast.unparse(node) == "threading.Thread"):
            yield getattr(node, "lineno", 0), name


def waits(tree: ast.Module) -> Offences:
    for called, node in calls(tree):
        if called not in WAITS:
            continue
        owner = _owner(node)
        if (called, owner) in {("sleep", "time"), ("wait", "qtbot"), ("qWait", "QTest"), ("qSleep", "QTest")}:
            yield node.lineno, ast.unparse(node)
        if called == "sleep" and owner in ("asyncio", "") and node.args and ast.unparse(node.args[0]) != "0":
            yield node.lineno, ast.unparse(node)


def stale_states(tree: ast.Module) -> Offences:
    for called, node in calls(tree):
        is_of_state = bool(node.args) and ast.unparse(node.args[0]) == "self.state"
        values = [keyword.value for keyword in node.keywords]
        if called == "replace" and is_of_state and any(_has_await(value) for value in values):
            yield node.lineno, "replace(self.state, …=await …)"


def _has_await(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Await) for each in ast.walk(node))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            yield _called(node), node


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def _owner(node: ast.Call) -> str:
    return ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""


PRODUCT = ("app/", "sync/", "widgets/", "resources/")
EVERYWHERE = (*PRODUCT, "tests/", "run.py")

RULES = (
    Rule(
        "a name with an underscore stays at home",
        "give the thing a public name, or move what needs it into its module",
        EVERYWHERE,
        private_imports,
        bad="from app.engine import _inspect",
        good="from __future__ import annotations",
    ),
    Rule(
        "app is pure",
        "let app.boot hand the value in: a fact, an argument or a port",
        ("app/",),
        impure_imports,
        bad="from random import choice",
        good="from datetime import time",
        exempt=("app/boot/", "app/lanes.py", "app/__main__.py"),
    ),
    Rule(
        "app knows no clock",
        "take the time as a fact (`now_at`); only app.boot reads a clock",
        ("app/",),
        clocks,
        bad="datetime.now(UTC)",
        good="facts.now_at()",
        exempt=("app/boot/",),
    ),
    Rule(
        "a time knows its zone",
        "datetime.now(UTC), and a warehouse's date from its own zone",
        (*PRODUCT, "tests/"),
        naive_clocks,
        bad="datetime.utcnow()",
        good="datetime.now(UTC)",
    ),
    Rule(
        "no state is older than what it waited for",
        "await first, then replace: what somebody did in the meantime would be put back",
        ("app/presenters/",),
        stale_states,
        bad="self.show(replace(self.state, card=await self._card(row)))",
        good="self.show(replace(self.state, card=card))",
    ),
    Rule(
        "one theme holds every colour and size",
        "ask widgets.theme for a role or a size; add a token there when none fits",
        ("widgets/",),
        own_looks,
        bad="label.setStyleSheet('color: #308cc6')",
        good="label.setFixedWidth(theme.size('rail'))",
        exempt=("widgets/theme.py",),
    ),
    Rule(
        "no loop inside the loop",
        "open() the dialog and await its answer: a nested loop loses the steps of other tasks",
        ("widgets/",),
        nested_loops,
        bad="menu.exec(place)",
        good="app.exec()",
    ),
    Rule(
        "one signal crosses threads",
        "work runs on a lane and is awaited; a write tells widgets/bridge.py what changed",
        ("widgets/",),
        threads,
        bad="worker.moveToThread(thread)",
        good="bridge.changed.connect(page.refresh)",
        exempt=("widgets/bridge.py",),
    ),
    Rule(
        "a test waits for a fact, not for a while",
        "qtbot.waitUntil, a future, an event or an injected clock",
        ("tests/",),
        waits,
        bad="qtbot.wait(50)",
        good="qtbot.waitUntil(is_open)",
        exempt=(  # measuring paces itself
            "tests/contract/house_rules.py",
            "tests/bench/bench_intake.py",
            "tests/bench/bench_sync.py",
            "tests/bench/intake_tempo.py",
            "tests/bench/desk_fleet.py",
            "tests/bench/desk_work.py",
            "tests/bench/inbox_work.py",
            "tests/bench/probes.py",
        ),
    ),
)
