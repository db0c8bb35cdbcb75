"""The conventions of the house. A failure says what to do; `README.md` says why."""

from __future__ import annotations

import ast
import gc
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest
from house_rules import COLOUR, PIXELS, RULES, Rule, nodes

from app.domain import events

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
LARGEST_FILE_MB = 1
TOP_LEVEL = {"app", "sync", "widgets", "resources", "tests"} | {
    ".ci", ".gitattributes", ".gitignore", "LICENSE", "README.md", "pyproject.toml", "run.py"
}  # fmt: skip
SAYING_NOTHING = {"utils", "helpers", "common", "misc", "base", "manager", "controller", "service"}
ONE_PER_FILE = (
    "app.commands", "app.snags", "app.gates", "app.forms", "app.training.lessons", "sync.channels"
)  # fmt: skip
ALONE = (*ONE_PER_FILE, "app.presenters", "widgets.pages")
PERSONAL = {"name", "phone", "street", "note", "raw_address"}


@cache
def files() -> list[str]:
    """Files of this repository, as git knows them, that are still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def trees() -> Iterator[dict[str, ast.Module]]:
    gc.disable()  # a million nodes, and no cycle among them
    parsed = {name: ast.parse((ROOT / name).read_bytes()) for name in files() if name.endswith(".py")}
    gc.enable()
    yield parsed
    nodes.cache_clear()


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def teach(rule: str, lesson: str, offences: list[str]) -> None:
    assert not offences, f"{rule}: {lesson}.\n  " + "\n  ".join(offences)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_file_keeps(rule: Rule, trees: dict[str, ast.Module]):
    offences = [
        f"{name}:{line}: {text}"
        for name, tree in trees.items()
        if rule.holds_for(name)
        for line, text in rule.find(tree)
    ]
    teach(rule.name, rule.lesson, offences)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_bites(rule: Rule):
    assert list(rule.find(ast.parse(rule.bad)))
    assert not list(rule.find(ast.parse(rule.good)))


def test_style_sheets_ask_the_theme():
    own = [
        f"{name}: {found}"
        for name in files()
        if name.endswith((".qss", ".svg"))
        for look in (COLOUR, PIXELS)
        for found in look.findall((ROOT / name).read_text(encoding="utf-8"))
    ]
    teach("one theme holds every colour and size", "write $role or $size_px; the theme fills it in", own)


def test_modules_are_short(trees: dict[str, ast.Module]):
    counted = {name: len((ROOT / name).read_bytes().splitlines()) for name in trees}
    long = [f"{name}: {lines} lines" for name, lines in counted.items() if lines > LONGEST_MODULE]
    teach(f"a module has at most {LONGEST_MODULE} lines", "split it where its subject splits", long)


def test_file_names_say_something(trees: dict[str, ast.Module]):
    empty = [name for name in trees if Path(name).stem.split("_")[-1] in SAYING_NOTHING]
    teach("a file is named for what it holds", f"rename it; {sorted(SAYING_NOTHING)} say nothing", empty)


def test_no_two_files_of_tests_share_a_name():
    """They are loaded by their names alone: two of one name stop the whole run."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py")
    assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("package", ONE_PER_FILE)
def test_one_part_per_file_named_for_its_code(package: str):
    folder = importlib.import_module(package)
    strangers = []
    for info in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{package}.{info.name}")
        codes = [getattr(part, "code", "") for name, part in vars(module).items() if name.isupper()]
        if info.name not in codes:
            strangers.append(f"{module.__name__}: its codes are {codes}")
    teach("file name = code", "rename the file or the code, both are the wire name", strangers)


def test_every_page_has_a_presenter():
    pages = {Path(name).stem for name in files() if name.startswith("widgets/pages/")} - {"__init__"}
    presenters = {Path(name).stem for name in files() if name.startswith("app/presenters/")}
    lonely = sorted(pages - presenters)
    teach("a page only draws", "put its state and verbs into app/presenters/<same name>.py", lonely)


def test_effects_come_to_be_in_one_place(trees: dict[str, ast.Module]):
    written = re.compile(r"""\["effect"\]\.append|insert\(tables\.effect\)""")
    found = {name: len(written.findall((ROOT / name).read_text(encoding="utf-8"))) for name in trees}
    own = {name: count for name, count in found.items() if count and name.startswith("sync/")}
    lesson = "call Outside._effect, which holds back what somebody may still take back"
    allowed = {"sync/hub/outside.py": 1, "sync/hub/effect_rows.py": 1}
    teach("one line writes effects down", lesson, [name for name in own if own[name] != allowed.get(name)])


def test_signals_that_cross_threads_are_one(trees: dict[str, ast.Module]):
    made = [node for node in ast.walk(trees["widgets/bridge.py"]) if isinstance(node, ast.Call)]
    signals = [ast.unparse(node) for node in made if ast.unparse(node.func) == "Signal"]
    assert signals == ["Signal(object)"], "widgets/bridge.py has one signal: what changed"


def test_buyers_are_named_in_receivers_only():
    """A buyer's data is sealed as one Receiver: nothing can be taken out of a hash chain later."""
    commands = importlib.import_module("app.commands")
    names = [f"app.commands.{info.name}" for info in pkgutil.iter_modules(commands.__path__)]
    told = {message.__module__ for message in vars(events).values() if isinstance(message, type)}
    loose = [
        f"{name}.{message.__name__}.{field}"
        for name in (*names, *sorted(told))
        for message in vars(importlib.import_module(name)).values()
        if isinstance(message, type) and issubclass(message, msgspec.Struct) and message.__module__ == name
        for field in personal_fields(message)
    ]
    teach("a buyer's data travels sealed", "hold it in a field of type app.domain.values.Receiver", loose)


def personal_fields(message: type[msgspec.Struct]) -> list[str]:
    return sorted(PERSONAL & get_type_hints(message).keys())


def test_a_loose_buyer_is_noticed():
    loose = msgspec.defstruct("Loose", [("order", str), ("phone", str)])

    assert personal_fields(loose) == ["phone"]


def test_the_top_level_is_tidy():
    strangers = sorted({name.partition("/")[0] for name in files()} - TOP_LEVEL)
    teach("the top level shows the plan", "put it into the folder it belongs to", strangers)


def test_no_large_binaries():
    sizes_mb = {name: (ROOT / name).stat().st_size / 1e6 for name in files()}
    large = [
        f"{name}: {size_mb:.1f} MB"
        for name, size_mb in sizes_mb.items()
        if size_mb > LARGEST_FILE_MB and not name.startswith("resources/fonts/")
    ]
    teach("a clone is small", "generate it, shrink it or leave it out; only fonts may be larger", large)


def test_no_path_of_one_machine():
    place = re.compile(rb"(?<![\w.~-])/(?:work|home|root)/\w")
    offences = [
        f"{name}:{number}: {line.decode(errors='replace').strip()}"
        for name in files()
        if not (content := (ROOT / name).read_bytes()).count(b"\0")
        for number, line in enumerate(content.splitlines(), 1)
        if place.search(line)
    ]
    teach("Docket runs anywhere", "make the path relative to the working tree or ask platformdirs", offences)


def test_packages_are_pinned():
    listed = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        listed += extra
    loose = [line for line in listed if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+( ; .+)?", line)]
    teach("the same packages everywhere", "pin it with ==", loose)


def test_qt_is_safe_on_every_python():
    """Source: PYSIDE-3474; 6.12 aborts Python below 3.12."""
    desk = PROJECT["project"]["optional-dependencies"]["desk"]
    pins = [line for line in desk if line.startswith("PySide6")]
    old = [line for line in pins if "python_version < '3.12'" in line]

    assert all("PySide6-Essentials==" in line for line in pins)
    assert [re.findall(r"==6\.(\d+)", line) for line in old] == [["11"]]


def test_every_lint_exception_has_a_reason():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    silent = [line for line in lines if re.match(r'\s+"[A-Z]+\d*",', line) and "#" not in line]
    teach("an exception has a reason", "say on its line why the house does not want the rule", silent)


def test_every_wall_is_guarded():
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    kinds = {contract["id"]: contract["type"] for contract in contracts}
    walls = {"outside", "inside", "pure", "desk-and-hub", "channels-are-the-hubs", "no-qt-in-sync"}
    alone = {wildcard for one in contracts if one["type"] == "independence" for wildcard in one["modules"]}

    assert walls | {"qt-draws", "hub-without-qt", "acyclic"} <= kinds.keys()
    assert alone == {f"{package}.*" for package in ALONE}
    assert all(one.get("exhaustive") for one in contracts if "containers" in one)


def test_mypy_sees_the_whole_product():
    mypy = PROJECT["tool"]["mypy"]

    assert mypy["strict"]
    assert set(mypy["packages"]) == {"app", "sync", "widgets", "resources"}
    assert not [one for one in mypy["overrides"] if set(one) - {"module", "ignore_missing_imports"}]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_none_keeps_its_references():
    """Source: PYSIDE-3474; a short run of a broken pair passes every other test."""
    from PySide6.QtCore import QObject

    thing, before = QObject(), sys.getrefcount(None)
    for _ in range(1000):
        thing.parent()

    assert abs(sys.getrefcount(None) - before) < 100
