"""How fast a workbook of many rows goes in, and in how much memory, beside the spreadsheet library alone.

The console imports a made file into a fresh database: read, understood, decided, journalled. A tenth of it
goes in first, so that memory is seen not to grow with the file. A workbook is read in a process of its own,
whose memory is told beside.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import psutil
from meters import load_average, rounded

from app.boot.bench import Measured

ROOT = Path(__file__).resolve().parents[2]
HEADER = ("Order ID", "Order Date", "SKU", "Product Name", "Quantity", "Unit Price", "City")
LINES_OF_AN_ORDER = 10
LOOK_EVERY_S = 0.02
ALONE = """
import sys
from python_calamine import CalamineWorkbook
print(sum(1 for _ in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows()))
"""


class Spent(NamedTuple):
    """What one process took. Units: seconds; MB at its peak, of itself and of the processes it began."""

    wall_s: float
    cpu_s: float
    own_mb: float
    children_mb: float
    said: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=500_000)


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.rows)


def run(rows: int) -> Measured:
    """Import a workbook of `rows` rows, and one of a tenth of them."""
    with tempfile.TemporaryDirectory(prefix="docket-import-") as folder:
        small = taken(workbook(Path(folder), rows // 10), Path(folder) / "small")
        file = workbook(Path(folder), rows)
        alone = spend([sys.executable, "-c", ALONE, str(file)])
        rehearsed = taken(file, Path(folder) / "dry", "--dry-run")
        whole = taken(file, Path(folder) / "whole")
        size_mb = file.stat().st_size / 2**20
    account, dry = json.loads(whole.said), json.loads(rehearsed.said)
    lost = rows - account["accepted"] + abs(account["rows_read"] - rows) + rows - dry["accepted"]
    figures: dict[str, float | int | bool | str] = {
        "rows": rows,
        "orders": account["orders_made"],
        "file_mb": rounded(size_mb),
        "rows_per_s": rounded(rows / whole.wall_s),
        "rehearsed_rows_per_s": rounded(rows / rehearsed.wall_s),
        "cpu_us_per_row": rounded(whole.cpu_s * 1e6 / rows),
        "rehearsed_cpu_us_per_row": rounded(rehearsed.cpu_s * 1e6 / rows),
        "memory_mb": rounded(whole.own_mb),
        "memory_growth_mb": rounded(whole.own_mb - small.own_mb),
        "reader_mb": rounded(whole.children_mb),
        "rehearsal_times_library_cpu": rounded(rehearsed.cpu_s / alone.cpu_s, 2),
        "lost": lost,
        "load_average": load_average(),
    }
    limits: dict[str, float | int] = {
        "library_rows_per_s": rounded(rows / alone.wall_s),
        "library_cpu_us_per_row": rounded(alone.cpu_s * 1e6 / rows),
        "library_mb": rounded(alone.own_mb),
    }
    return Measured("import", "import", figures, limits)


def workbook(folder: Path, rows: int) -> Path:
    """Make a file of orders of ten lines each."""
    import xlsxwriter

    path, begun = folder / f"orders-{rows}.xlsx", datetime(2026, 2, 1)  # noqa: DTZ001 - a file says shop time
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("orders")
    sheet.write_row(0, 0, HEADER)
    for i in range(rows):
        order = i // LINES_OF_AN_ORDER
        at = f"{begun + timedelta(seconds=order):%Y-%m-%d %H:%M:%S}"
        sheet.write_string(i + 1, 0, f"88{order:010d}")
        sheet.write_string(i + 1, 1, at)
        sheet.write_string(i + 1, 2, f"SKU-{i % 997:04d}")
        sheet.write_string(i + 1, 3, f"Article {i % 997}")
        sheet.write_number(i + 1, 4, i % 7 + 1)
        sheet.write_number(i + 1, 5, (i % 90_000) / 100)
        sheet.write_string(i + 1, 6, "Leeds")
    book.close()
    return path


def taken(file: Path, home: Path, *more: str) -> Spent:
    """Let the console import a file into a database of its own."""
    home.mkdir()
    asked = ["import", str(file), "--shop", "B1", "--database", f"sqlite:///{home / 'hub.db'}"]
    words = ["--json", "--currency", "GBP", "--country", "GB", "--zone", "Europe/London", *more]
    return spend([sys.executable, "-m", "app", *asked, *words], DOCKET_HOME=str(home))


def spend(command: Sequence[str], **environment: str) -> Spent:
    """Run a process to its end and watch what it takes."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    before = os.times()
    child = subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peaks = [0.0, 0.0]
    watch = threading.Thread(target=_watch, args=(child, peaks), daemon=True)
    watch.start()
    said, _ = child.communicate()
    watch.join()
    after = os.times()
    if child.returncode:
        raise RuntimeError(f"{command[3:6]} ended with {child.returncode}")
    cpu_s = after.children_user - before.children_user + after.children_system - before.children_system
    return Spent(after.elapsed - before.elapsed, cpu_s, peaks[0], peaks[1], said)


def _watch(child: subprocess.Popen[str], peaks: list[float]) -> None:
    process, pause = psutil.Process(child.pid), threading.Event()
    while child.poll() is None:
        try:
            peaks[0] = max(peaks[0], process.memory_info().rss / 2**20)
            others = sum(one.memory_info().rss for one in process.children(recursive=True))
            peaks[1] = max(peaks[1], others / 2**20)
        except psutil.NoSuchProcess:
            pass
        pause.wait(LOOK_EVERY_S)
