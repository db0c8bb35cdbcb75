#!/usr/bin/env python3
"""The only door: `python3 run.py` sets everything up and opens the desk, `python3 run.py test` tests it.

Standard library only. The first start makes `.venv` and installs the pinned packages; the second touches
neither the network nor the packages. What was done is written into a stamp in `.venv`, last of all, so that a
start cut short is simply done again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "docket-stamp.json"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
TESTING = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"}
TEST_WORKERS = 4
MEASURING = "tests/bench"
QUICK = Path("/dev/shm")  # noqa: S108 - tests make folders of their own in it
QUICK_LEAST = 8 << 30

# verb -> the extras of pyproject.toml that it needs
VERBS = {
    "desk": ("desk",),
    "hub": (),
    "import": (),
    "verify": (),
    "connect": (),
    "report": (),
    "vouchers": (),
    "services": (),
    "duplicates": ("linkage",),
    "source": ("sourcing",),
    "screen": ("screening",),
    "map": (),
    "simulate": (),
    "shop": (),
    "backup": (),
    "restore": (),
    "key": (),
    "anchor": (),
    "service": (),
    "practice": ("desk",),
    "tour": ("desk",),
    "doctor": ("desk",),
    "tls": (),
    "bench": ("desk", "linkage", "screening", "sourcing", "test"),
    "fault": ("desk", "test"),
    "address": (),
    "words": ("test",),
    "test": ("desk", "linkage", "screening", "sourcing", "test"),
    "check": ("desk", "linkage", "screening", "sourcing", "test"),
}

ON_SCREEN = ("desk", "practice", "tour", "doctor")  # with a window where there is a display
IN_MEMORY = ("test", "bench", "fault")  # the same pictures and figures everywhere

# What the Qt wheel does not bring along, by Debian's names.
QT_PACKAGES = ("libglib2.0-0", "libdbus-1-3", "libgl1", "libegl1", "libfontconfig1", "libxkbcommon0")
XCB_PACKAGES = (  # for a window on X
    "libxcb-cursor0",
    "libxkbcommon-x11-0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
)
WAYLAND_PACKAGES = ("libwayland-client0", "libwayland-cursor0")
PACKAGES = {"offscreen": QT_PACKAGES, "xcb": XCB_PACKAGES, "wayland": WAYLAND_PACKAGES}

# Run in a child: loads what the desk loads, and the window plug-ins by name; needs no display.
QT_PROBE = """
import ctypes, pathlib, sys
import PySide6.QtWidgets, PySide6.QtNetwork, PySide6.QtSvg, PySide6.QtPrintSupport
folder = pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"
for name in sys.argv[1:]:
    ctypes.CDLL(str(folder / f"libq{name}.so"))
"""


class Stop(Exception):
    """The start cannot go on; the sentence says what to type."""


def say(zh: str, en: str) -> None:
    print(f"{zh} / {en}", file=sys.stderr, flush=True)


def main(argv: list[str]) -> int:
    """Set up what the verb needs, then become the verb."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this line is for those who start it with an older one
        say("Docket 需要 Python 3.11 或更新版本，请先安装", "Docket needs Python 3.11 or newer")
        return 2
    verb, args = (argv[0], argv[1:]) if argv and not argv[0].startswith("-") else ("desk", argv)
    if argv[:1] in (["-h"], ["--help"]) or verb not in VERBS:
        say(f"用法 python3 run.py [{' | '.join(VERBS)}]", "one of these verbs; none opens the desk")
        return 0 if verb == "desk" else 2
    extras = VERBS[verb]
    platforms = wanted_platforms(verb)
    try:
        prepare(extras, platforms)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 2
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling every module anew would double each start
    if verb == "test":
        return test(args, environment | TESTING)
    if verb == "check":
        return check(environment | TESTING)
    if platforms == ("offscreen",):
        environment["QT_QPA_PLATFORM"] = environment.get("QT_QPA_PLATFORM") or "offscreen"
        if verb == "desk":
            verb, args = "tour", ["--out", str(ROOT / "out" / "tour"), *args]
            say("没有显示器，改为演示导览，截图在 out/tour", "no display: a tour instead, see out/tour")
    return become(["-m", "app", verb, *args], environment)


def become(command: list[str], environment: dict[str, str], folder: Path | None = None) -> int:
    """Turn this process into the environment's Python (a child where the system cannot do that)."""
    if folder:
        os.chdir(folder)
    if not WINDOWS:
        os.execve(PYTHON, [str(PYTHON), *command], environment)  # noqa: S606 - no shell is wanted
    try:
        return subprocess.run([PYTHON, *command], env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def test(args: list[str], environment: dict[str, str]) -> int:
    """Run what is asked for; else all: side by side what can be, then alone what measures."""
    if args:
        return become(["-m", "pytest", *args], environment, ROOT)
    workers = str(min((os.cpu_count() or 1) + 1, TEST_WORKERS))  # one waits for a disk or another process
    together = ["-n", workers, "--dist", "worksteal", "--ignore", MEASURING]
    parts = ((together, environment | quick_place()), ([MEASURING], environment))
    codes = [
        subprocess.run([PYTHON, "-m", "pytest", *part], cwd=ROOT, env=around, check=False).returncode
        for part, around in parts
    ]
    return max(codes, key=abs)


def quick_place() -> dict[str, str]:
    """Let tests write into memory where there is much: what they write is thrown away with them."""
    try:
        place, room = os.statvfs(QUICK), shutil.disk_usage(QUICK).free
    except (AttributeError, OSError):  # not a system that has it
        return {}
    usable = os.access(QUICK, os.W_OK) and not place.f_flag & os.ST_NOEXEC
    return {"TMPDIR": str(QUICK)} if usable and room >= QUICK_LEAST else {}


def check(environment: dict[str, str]) -> int:
    """Run every house check to its end, side by side, so that one run names all that is wrong."""
    checks = {
        "ruff": ["-m", "ruff", "check", "."],
        "mypy": ["-m", "mypy"],
        "import-linter": ["-c", "import importlinter.cli as cli; cli.lint_imports_command(['--no-logo'])"],
        "words": ["-m", "app", "words", "--check"],
    }
    options = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    begun = {name: subprocess.Popen([PYTHON, *command], **options) for name, command in checks.items()}
    failed = []
    for name, process in begun.items():
        said, _ = process.communicate()
        say(f"检查 {name}", f"checking {name}")
        print(said.decode(errors="replace"), end="", flush=True)
        if process.returncode:
            failed.append(name)
    if failed:
        say(f"未通过的检查 {', '.join(failed)}", "these checks failed")
    return 1 if failed else 0


# --- the environment --------------------------------------------------------------------------------------


def prepare(extras: tuple[str, ...], platforms: tuple[str, ...]) -> None:
    """Make the environment hold what is asked for; a second time this only reads the stamp."""
    if is_prepared(extras, platforms):
        return
    with only_one():
        if is_prepared(extras, platforms):  # another start did it while this one waited
            return
        if not has_environment() or not installer():
            make_environment()
        done = read_stamp()
        wanted = sorted({*extras, *done["extras"]})
        if done["packages"] != fingerprint(wanted):
            install(wanted)
            done = {"packages": fingerprint(wanted), "extras": wanted, "platforms": []}
            STAMP.write_text(json.dumps(done), encoding="utf-8")
        if platforms:
            ensure_system_libraries(platforms)
            done["platforms"] = sorted({*done["platforms"], *platforms})
            STAMP.write_text(json.dumps(done), encoding="utf-8")


def is_prepared(extras: tuple[str, ...], platforms: tuple[str, ...]) -> bool:
    done = read_stamp()
    return (
        has_environment()
        and set(extras) <= set(done["extras"])
        and set(platforms) <= set(done["platforms"])
        and done["packages"] == fingerprint(done["extras"])
    )


def read_stamp() -> dict:
    """What was done: a fingerprint of the installed packages, their extras, the plug-ins that load."""
    nothing = {"packages": "", "extras": [], "platforms": []}
    try:
        return nothing | json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nothing


def requirements(extras: list[str]) -> list[str]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(line for extra in extras for line in optional[extra])]


def fingerprint(extras: list[str]) -> str:
    """What decides whether the installed packages are still the right ones."""
    wanted = [*sys.version_info[:2], *sorted(requirements(extras))]
    return hashlib.sha256(json.dumps(wanted).encode()).hexdigest()


def has_environment() -> bool:
    """Is there a `.venv` made by this minor version of Python, whose Python is still there?"""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    wanted = "{}.{}.".format(*sys.version_info)
    return PYTHON.exists() and any(line.partition("=")[2].strip().startswith(wanted) for line in lines)


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of this working tree: two first starts at once would spoil each other's environment."""
    with (ROOT / ".venv.lock").open("w") as file:
        if WINDOWS:
            import msvcrt

            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # LK_LOCK gives up after ten seconds
                    time.sleep(1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    """Make `.venv` by the first way that works here: venv, venv with the system's pip, apt's venv."""
    say("首次启动：正在建立 .venv", "first start: making .venv")
    # `--without-pip` tells a Python without venv from Debian's, which lacks only ensurepip.
    if can("import venv, ensurepip") and quiet(sys.executable, "-m", "venv", "--clear", VENV):
        return
    if can("import venv, pip") and quiet(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    apt_install([package], "缺少 Python 的 venv 模块", "Python's venv module is missing")
    if not quiet(sys.executable, "-m", "venv", "--clear", VENV):
        raise Stop(
            f"无法建立 .venv，请看这条命令的输出 / cannot make .venv, see what this says: "
            f"{sys.executable} -m venv {VENV}"
        )


def install(extras: list[str]) -> None:
    """Install the pinned packages with the environment's own pip, else with the system's."""
    say("正在安装依赖，首次需要几分钟", "installing packages, a few minutes the first time")
    quietly = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    command = [*installer(), "install", *quietly, *requirements(extras)]
    if subprocess.run(command, check=False).returncode:
        raise Stop("依赖没有装好，请检查网络后重试 / packages not installed: check the network, run again")


def installer() -> list[str]:
    """The command that installs into the environment; empty where an earlier first start died too early."""
    if quiet(PYTHON, "-m", "pip", "--version"):
        return [str(PYTHON), "-m", "pip"]
    if quiet(sys.executable, "-m", "pip", "--python", PYTHON, "--version"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return []


def can(statement: str) -> bool:
    return quiet(sys.executable, "-c", statement)


def quiet(*command: str | Path) -> bool:
    """Run a command without showing it; tell whether it worked."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


# --- the system under Qt ----------------------------------------------------------------------------------


def wanted_platforms(verb: str) -> tuple[str, ...]:
    """Which of Qt's window plug-ins must load here; none where Qt brings all it needs or is not needed."""
    if verb not in (*ON_SCREEN, *IN_MEMORY) or not sys.platform.startswith("linux"):
        return ()
    if verb in ON_SCREEN and os.environ.get("DISPLAY"):
        return ("offscreen", "xcb")
    if verb in ON_SCREEN and os.environ.get("WAYLAND_DISPLAY"):
        return ("offscreen", "wayland")
    return ("offscreen",)


def ensure_system_libraries(platforms: tuple[str, ...]) -> None:
    missing = missing_library(platforms)
    if not missing:
        return
    packages = [package for platform in platforms for package in PACKAGES[platform]]
    apt_install(packages, f"Qt 缺少系统库({missing})", f"Qt lacks a system library ({missing})")
    missing = missing_library(platforms)
    if missing:
        raise Stop(f"Qt 仍无法加载 / Qt still does not load: {missing}")


def missing_library(platforms: tuple[str, ...]) -> str:
    """The library that a child process misses when it loads Qt; empty when all is there."""
    probe = subprocess.run(
        [PYTHON, "-c", QT_PROBE, *platforms], check=False, capture_output=True, text=True, errors="replace"
    )
    if probe.returncode == 0:
        return ""
    last = (probe.stderr.strip().splitlines() or [f"exit {probe.returncode}"])[-1]
    named = re.search(r"lib[\w.+-]+\.so[.\d]*", last)
    return named[0] if named else last


def apt_install(packages: list[str], zh: str, en: str) -> None:
    """Install Debian packages when that is allowed without asking; otherwise stop with the line to type."""
    if not shutil.which("apt-get"):
        names = " ".join(packages)
        raise Stop(f"{zh}，请用系统的包管理器安装（Debian 名称）/ {en}; install (Debian names): {names}")
    is_root = os.geteuid() == 0
    if not (is_root or quiet("sudo", "-n", "true")):
        line = "sudo apt-get install -y --no-install-recommends " + " ".join(current_names(packages))
        raise Stop(f"{zh}，请运行 / {en}; type:\n{line}")
    say(f"{zh}，正在用 apt 安装", f"{en}: installing it with apt")
    door = [] if is_root else ["sudo", "-n"]
    apt = [*door, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    quiet(*apt, "update")
    command = [*apt, "install", "-y", "--no-install-recommends", *current_names(packages)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Stop(f"{done.stdout}\napt 没有装好，原因见上 / apt could not install, the reason is above")


def current_names(packages: list[str]) -> list[str]:
    """Take the new name where apt knows it: Debian 13 and Ubuntu 24.04 renamed some for 64-bit time."""
    known = subprocess.run(
        ["apt-cache", "pkgnames", "libglib2.0-0"], check=False, capture_output=True, text=True
    ).stdout.split()
    return [f"{name}t64" if f"{name}t64" in known else name for name in packages]


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console that cannot show Chinese still shows the rest
    sys.exit(main(sys.argv[1:]))
