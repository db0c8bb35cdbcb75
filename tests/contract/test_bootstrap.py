"""`run.py`, the only door: what a stranger meets first, and what the second start leaves undone."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import run
from app.__main__ import VERBS


@pytest.fixture
def bare_tree(tmp_path, monkeypatch):
    """A working tree without an environment; commands are noted, and made to succeed or fail by `works`."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["alpha==1"]\n'
        '[project.optional-dependencies]\ndesk = ["window==2"]\ntest = ["probe==3"]\n',
        encoding="utf-8",
    )
    venv = tmp_path / ".venv"
    tree = SimpleNamespace(root=tmp_path, ran=[], works=lambda _command: True, is_root=False)

    def fake_run(command, **_options):
        command = [str(part) for part in command]
        tree.ran.append(command)
        done = tree.works(command)
        if done and "venv" in command:
            run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            run.PYTHON.touch()
            made_by = "version = {}.{}.0\n".format(*sys.version_info)
            (venv / "pyvenv.cfg").write_text(made_by, encoding="utf-8")
        return subprocess.CompletedProcess(command, 0 if done else 1, stdout="", stderr=tree.stderr)

    tree.stderr = ""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "STAMP", venv / "docket-stamp.json")
    monkeypatch.setattr(run, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(run.subprocess, "run", fake_run)
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0 if tree.is_root else 1000, raising=False)
    return tree


def test_the_second_start_runs_nothing(bare_tree):
    run.prepare(("desk",), ("offscreen",))
    bare_tree.ran.clear()

    run.prepare(("desk",), ("offscreen",))

    assert bare_tree.ran == []


def test_only_what_the_verb_needs_is_installed(bare_tree):
    run.prepare((), ())

    [install] = [command for command in bare_tree.ran if "install" in command]
    assert install[-1] == "alpha==1"


def test_a_further_verb_adds_its_packages_and_keeps_the_others(bare_tree):
    run.prepare(("test",), ())
    bare_tree.ran.clear()

    run.prepare(("desk",), ())

    [install] = [command for command in bare_tree.ran if "install" in command]
    assert install[-3:] == ["alpha==1", "window==2", "probe==3"]
    assert json.loads(run.STAMP.read_text(encoding="utf-8"))["extras"] == ["desk", "test"]


def test_a_changed_pin_is_installed(bare_tree):
    run.prepare((), ())
    bare_tree.ran.clear()
    pyproject = bare_tree.root / "pyproject.toml"
    pins = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(pins.replace("alpha==1", "alpha==9"), encoding="utf-8")

    run.prepare((), ())

    assert bare_tree.ran[-1][-1] == "alpha==9"


def test_a_failed_install_is_done_again(bare_tree):
    bare_tree.works = lambda command: "install" not in command
    with pytest.raises(run.Stop, match="check the network"):
        run.prepare((), ())
    bare_tree.works = lambda _command: True
    bare_tree.ran.clear()

    run.prepare((), ())

    assert bare_tree.ran[-1][-1] == "alpha==1"


def test_without_ensurepip_the_systems_pip_installs(bare_tree):
    own_pip = [str(run.PYTHON), "-m", "pip", "--version"]
    bare_tree.works = lambda command: "import venv, ensurepip" not in command and command != own_pip

    run.prepare((), ())

    [install] = [command for command in bare_tree.ran if "install" in command]
    assert install[:5] == [sys.executable, "-m", "pip", "--python", str(run.PYTHON)]


def test_without_venv_and_pip_a_person_gets_the_line_to_type(bare_tree):
    bare_tree.works = lambda command: "-c" not in command and command[0] != "sudo"

    with pytest.raises(run.Stop) as stop:
        run.prepare((), ())

    package = "python{}.{}-venv".format(*sys.version_info)
    assert str(stop.value).splitlines()[-1] == f"sudo apt-get install -y --no-install-recommends {package}"


def test_root_gets_qt_libraries_from_apt(bare_tree):
    bare_tree.is_root = True
    bare_tree.stderr = "ImportError: libGL.so.1: cannot open shared object file"
    installed = []

    def works(command):
        if "apt-get" in command and "install" in command:
            installed.append(command[command.index("--no-install-recommends") + 1 :])
        return "offscreen" not in command or bool(installed)

    bare_tree.works = works
    run.prepare(("desk",), ("offscreen",))

    assert installed == [list(run.QT_PACKAGES)]
    assert json.loads(run.STAMP.read_text(encoding="utf-8"))["platforms"] == ["offscreen"]


def test_a_person_is_told_which_library_qt_lacks(bare_tree):
    bare_tree.stderr = "ImportError: libGL.so.1: cannot open shared object file"
    bare_tree.works = lambda command: "offscreen" not in command and command[0] != "sudo"

    with pytest.raises(run.Stop, match=r"libGL\.so\.1") as stop:
        run.prepare(("desk",), ("offscreen",))

    assert str(stop.value).splitlines()[-1].startswith("sudo apt-get install")
    assert run.read_stamp()["platforms"] == []


def test_renamed_packages_are_asked_for_by_their_new_name(monkeypatch):
    known = subprocess.CompletedProcess([], 0, stdout="libglib2.0-0t64\nlibglib2.0-0t64-dbg\n", stderr="")
    monkeypatch.setattr(run.subprocess, "run", lambda *_a, **_k: known)

    assert run.current_names(["libglib2.0-0", "libgl1"]) == ["libglib2.0-0t64", "libgl1"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
@pytest.mark.parametrize(
    ("display", "verb", "becomes"),
    [
        ("", [], ["tour", "--out", str(run.ROOT / "out" / "tour")]),
        (":0", [], ["desk"]),
        ("", ["hub", "--listen", "127.0.0.1:0"], ["hub", "--listen", "127.0.0.1:0"]),
    ],
)
def test_without_a_display_the_desk_becomes_a_tour(monkeypatch, display, verb, becomes):
    became = []
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(run, "prepare", lambda *_: None)
    monkeypatch.setattr(run, "become", lambda command, *_: became.append(command) or 0)

    assert run.main(verb) == 0

    assert became == [["-m", "app", *becomes]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings all it needs")
@pytest.mark.parametrize(
    ("verb", "platforms"),
    [
        ("desk", ("offscreen", "xcb")),
        ("test", ("offscreen",)),
        ("bench", ("offscreen",)),
        ("hub", ()),
        ("check", ()),
    ],
)
def test_a_display_matters_only_to_what_opens_a_window(monkeypatch, verb, platforms):
    monkeypatch.setenv("DISPLAY", ":0")

    assert run.wanted_platforms(verb) == platforms


def test_a_start_keeps_what_was_compiled(monkeypatch):
    started = []
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(run, "prepare", lambda *_: None)
    monkeypatch.setattr(run, "become", lambda _command, environment: started.append(environment) or 0)

    run.main(["hub"])

    assert "PYTHONDONTWRITEBYTECODE" not in started[0]


def test_what_measures_runs_alone_after_everything_else(bare_tree):
    run.test([], {})

    together, alone = bare_tree.ran
    assert together[-2:] == ["--ignore", run.MEASURING]
    assert alone[1:] == ["-m", "pytest", run.MEASURING]


@pytest.mark.parametrize(
    ("name", "value"), [("QUICK_LEAST", 1 << 60), ("QUICK", run.ROOT / "nowhere")], ids=["full", "absent"]
)
def test_tests_write_to_the_disk_where_memory_is_short(monkeypatch, name, value):
    monkeypatch.setattr(run, name, value)

    assert run.quick_place() == {}


def test_what_measures_lies_in_its_folder():
    files = (run.ROOT / "tests").rglob("test_*.py")
    marked = [file for file in files if "pytest.mark." + "bench" in file.read_text(encoding="utf-8")]

    assert {file.parent for file in marked} == {run.ROOT / run.MEASURING}


def test_an_unknown_verb_names_the_known_ones(capsys):
    assert run.main(["desq"]) == 2
    assert "desk | hub | import" in capsys.readouterr().err


def test_the_door_can_be_read_by_an_older_python():
    """So that it can still say which Python it wants."""
    ast.parse((run.ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_door_uses_the_standard_library_only():
    tree = ast.parse((run.ROOT / "run.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in imports}

    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_every_verb_of_the_door_has_its_file():
    files = {path.stem for path in (run.ROOT / "app" / "boot").glob("*.py")}

    assert set(run.VERBS) - {"test", "check"} == set(VERBS)
    assert set(VERBS.values()) - files == set()
