"""The tour's scene of a file: dropped on the window, matched, tried, taken in, and taken back."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

HEADER = ("订单编号", "总金额", "买家实际支付金额", "收货地址", "订单创建时间", "订单付款时间", "退款金额")
ROWS = 24
STEPS = ("reading", "columns", "preview", "trial")


async def imports(tour: Any) -> None:
    """Drop a shop's report, look at each step, take it in, see the account, take it back."""
    hand = tour.hand
    await tour.go("orders")
    await hand.until(lambda: tour.state("orders").count, "orders")
    await hand.press("I")
    await hand.until(lambda: tour.here == "import_file" and tour.state("import_file").is_loaded, "the wizard")
    await hand.picture("import")
    with tempfile.TemporaryDirectory(prefix="docket-file-") as folder:
        file = Path(folder) / "tmall-0613.csv"
        _write(file)
        await hand.drop([file])
        await hand.until(lambda: tour.state("import_file").files, "the file at the hub")
    code, title, channel = next(each for each in tour.state("import_file").shops if each[2] == "TM")
    await hand.answer("import_file/shop", f"{channel} · {title}")
    await hand.until(lambda: tour.state("import_file").shop == code, "the shop")
    await hand.picture("import-files")
    for step in STEPS:
        await _ahead(tour, step)
        await _rest(tour)
        await hand.picture(f"import-{step}")
    await _ahead(tour, "run")
    await _rest(tour)
    await hand.picture("import-done")
    await hand.press("U")
    await hand.until(lambda: tour.state("import_file").plan is not None, "what an undo would do")
    await hand.picture("import-undo")
    await hand.press("Ctrl+Enter")
    await hand.until(lambda: tour.state("import_file").run.state == "undone", "the file taken back")
    await hand.picture("import-undone")


async def _ahead(tour: Any, step: str) -> None:
    await tour.hand.press("Ctrl+Enter")
    await tour.hand.until(lambda: tour.state("import_file").at == step, step)


async def _rest(tour: Any) -> None:
    """Wait until the hub is done with what is in front."""
    await tour.hand.until(lambda: not _is_moving(tour), "the hub done")


def _is_moving(tour: Any) -> bool:
    front = tour.state("import_file").front
    return bool(front is not None and front.is_moving)


def _write(file: Path) -> None:
    """A report as the seller centre exports it; one row was cut short by a spreadsheet."""
    with file.open("w", encoding="gb18030", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(HEADER)
        for n in range(ROWS):
            number = "3.71E+18" if n == ROWS - 1 else f"37155{n:013d}"
            paid = f"{89 + n}.00"
            rows.writerow(
                (number, paid, paid, "浙江省", f"2026-06-13 19:{n:02}:00", f"2026-06-13 19:{n:02}:30", "0.00")
            )
