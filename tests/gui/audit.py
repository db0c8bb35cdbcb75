"""Audit every page in every look: `python tests/gui/audit.py --out DIR`, the whole matrix with `--all`.

Each scale needs a process of its own, as Qt reads it once. Prints what is wrong; exits 1 on anything.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = ("1280x800", "1440x900", "1920x1080")
SCALES = ("1", "1.5", "2")
LEAST = (960, 540)
"""The smallest window the desk has, before scaling: 1920 x 1080 at 200 %."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theme", default="contrast")
    parser.add_argument("--density", default="cosy")
    parser.add_argument("--lang", default="zh_CN")
    parser.add_argument("--size", default="1440x900", help="of the screen, in its own dots")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--pages", default="", help="only these, with commas")
    parser.add_argument("--out", type=Path, default=None, help="keep a picture of every page here")
    parser.add_argument("--all", action="store_true", help="every look, size, scale and language that fits")
    asked = parser.parse_args()
    if asked.all:
        return _matrix(asked.out)
    os.environ["QT_SCALE_FACTOR"] = asked.scale
    _one_screen(asked.size)
    found = audit(asked)
    for line in found:
        print(line)  # noqa: T201 - a command speaks
    print(f"{len(found)} findings")  # noqa: T201
    return 1 if found else 0


def fits(size: str, scale: str) -> bool:
    """Whether a window of the least size has room on such a screen."""
    wide, high = (float(part) / float(scale) for part in size.split("x"))
    return wide >= LEAST[0] and high >= LEAST[1]


def audit(asked: argparse.Namespace) -> list[str]:
    """Look at every page in one look."""
    import qasync
    from PySide6.QtWidgets import QApplication

    from widgets import fonts, theme, words

    app = QApplication(sys.argv[:1])
    fonts.install(app)
    theme.apply(app, asked.theme, asked.density)
    words.set_language(asked.lang)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    from audit_stage import Stage

    stage = Stage(loop.run_until_complete)
    wide, high = (round(float(part) / float(asked.scale)) for part in asked.size.split("x"))
    stage.shell.resize(wide, high)
    stage.shell.show()
    stage.shell.activateWindow()
    found = _look(stage, asked)
    loop.close()
    return found


def _look(stage, asked: argparse.Namespace) -> list[str]:
    from audit_eye import hidden_focus, look_at
    from audit_stage import scenes

    found, known = [], set()
    for scene in scenes():
        if asked.pages and scene not in asked.pages.split(","):
            continue
        stage.show(scene)
        found += [f"{scene}: {each}" for each in (*look_at(stage.shell), *hidden_focus(stage.shell, known))]
        if asked.out:
            asked.out.mkdir(parents=True, exist_ok=True)
            stage.do(stage.shell.page.focus_first)
            stage.shell.grab().save(str(asked.out / f"{scene.replace('/', '-')}.png"))
        stage.shut()
    return found


def _matrix(out: Path | None) -> int:
    """Every combination that fits, one process each, as many at a time as there are cores.

    A fault seen in many looks is printed once.
    """
    faults: Counter[str] = Counter()
    first: dict[str, str] = {}
    every = itertools.product(
        ("light", "dark", "contrast"), ("cosy", "compact"), ("zh_CN", "en"), SIZES, SCALES
    )
    looks = [look for look in every if fits(look[3], look[4])]
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        for look, lines in zip(looks, side_by_side.map(partial(_child, out), looks), strict=True):
            for line in lines:
                faults[line] += 1
                first.setdefault(line, "-".join(look))
    for line, times in faults.most_common():
        print(f"{times:3} {line}   [{first[line]}]")  # noqa: T201
    print(f"{len(faults)} faults in {len(looks)} looks")  # noqa: T201
    return 1 if faults else 0


def _child(out: Path | None, look: tuple[str, ...]) -> list[str]:
    """What another process finds in one look."""
    theme, density, lang, size, scale = look
    command = [sys.executable, __file__, "--theme", theme, "--density", density, "--lang", lang]
    command += ["--size", size, "--scale", scale, *(["--out", str(out / "-".join(look))] if out else [])]
    child = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    lines = child.stdout.splitlines()
    if not lines or not lines[-1].endswith("findings"):
        return [f"it died: {child.stderr[-400:]}"]
    return lines[:-1]


def _one_screen(size: str) -> None:
    """The offscreen platform with a screen of this size."""
    import tempfile

    wide, high = map(int, size.split("x"))
    screen = {"name": "A", "x": 0, "y": 0, "width": wide, "height": high, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    config = {"synchronousWindowSystemEvents": False, "windowFrameMargins": True, "screens": [screen]}
    file = Path(tempfile.mkdtemp(prefix="docket-screen-")) / "offscreen.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]
    sys.exit(main())
