"""Put papers on a printer of this desk, or into a PDF, which is always possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from app.domain.paper import BinLabel, Content, ContractPaper, Label, PickList, Slip, name_of
from app.printing import Job, Setup
from app.text import N_, Text
from app.trouble import Trouble
from widgets import folders
from widgets.paper.bin_label import bin_label
from widgets.paper.contract import contract
from widgets.paper.ink import Area, Sheet, Size, Words, paint, per_mm
from widgets.paper.label import label
from widgets.paper.pick_list import pick_list
from widgets.paper.slip import slip

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

MARK = "练习 PRACTICE"
MARK_MM = 4.0
_shown: list[Path] = []
"""Where papers go while somebody practises; empty on a live desk."""
_ISO: dict[str, Size] = {"A4": (210, 297), "A5": (148, 210)}


@dataclass(frozen=True, slots=True)
class Pressed:
    """Where a paper came out, as a sentence; `fallback` says why it is not the printer that was chosen."""

    said: Text
    file: Path | None = None
    fallback: bool = False


def size_mm(code: str) -> Size:
    """The size behind its name: A4, 100x150. Units: millimetres."""
    if code in _ISO:
        return _ISO[code]
    wide, _, high = code.partition("x")
    return float(wide), float(high)


def sheets(content: Content, setup: Setup) -> list[Sheet]:
    """Lay a paper out in the size this desk prints it; what is only shown says so at its head and foot."""
    pages = _sheets(content, size_mm(setup.size))
    return [_marked(page) for page in pages] if _shown else pages


def _marked(page: Sheet) -> Sheet:
    wide, high = page.size
    bars = (
        Words(Area(0, top, wide, MARK_MM), MARK, MARK_MM * 0.7, True, Qt.AlignmentFlag.AlignHCenter, True)
        for top in (0, high - MARK_MM)
    )
    return Sheet(page.size, (*page.ink, *bars))


def _sheets(content: Content, size: Size) -> list[Sheet]:
    match content:
        case Label():
            return label(content, size)
        case Slip():
            return slip(content, size)
        case PickList():
            return pick_list(content, size)
        case BinLabel():
            return bin_label(content, size)
        case ContractPaper():
            return contract(content, size)


def only_show(folder: Path) -> None:
    """From now on no paper goes to a printer: each is a marked PDF in this folder, to be looked at."""
    _shown.clear()
    _shown.append(folder)


def printers() -> list[str]:
    """The printers of this PC, by the names the system gives them; none where papers are only shown."""
    if _shown:
        return []
    from PySide6.QtPrintSupport import QPrinterInfo

    return sorted(QPrinterInfo.availablePrinterNames())


def press(job: Job) -> Pressed:
    """Print, or save as PDF where no printer was chosen or the one chosen is not there.

    Raises:
        Trouble: nothing came out, and what to do.
    """
    setup, pages = job.setup, sheets(job.content, job.setup)
    for folder in _shown:
        file = folders.free_name(folders.ready(str(folder)), name_of(job.content), ".pdf")
        save(pages, file, setup.dpi)
        said = N_("Practice: shown as {file}, marked as practice. Nothing was printed.")
        return Pressed(Text(said, {"file": file.name}), file)
    if setup.printer and setup.printer in printers():
        _print(pages, setup, name_of(job.content))
        return Pressed(Text(N_("Sent to {printer}"), {"printer": setup.printer}))
    file = folders.free_name(folders.ready(setup.folder), name_of(job.content), ".pdf")
    save(pages, file, setup.dpi)
    where = {"file": file.name, "folder": str(file.parent), "printer": setup.printer}
    if setup.printer:
        words = N_("{printer} is not there. Saved as {file} in {folder}; choose a printer in Settings.")
        return Pressed(Text(words, {**where}), file, fallback=True)
    return Pressed(Text(N_("Saved as {file} in {folder}"), {**where}), file)


def save(pages: Sequence[Sheet], file: Path, dpi: int) -> None:
    """Write pages as one PDF, whole or not at all; its text can be searched and copied.

    Raises:
        Trouble: the file cannot be written.
    """
    draft = file.with_name(f".{file.name}.part")
    writer = QPdfWriter(str(draft))
    writer.setTitle(file.stem)
    writer.setCreator("Docket")
    writer.setResolution(dpi)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setPageSize(_page(pages[0].size))
    painter = QPainter()
    if not painter.begin(writer):
        raise folders.no_room(file.parent)
    for at, page in enumerate(pages):
        if at:
            writer.newPage()
        paint(painter, page, per_mm(dpi))
    if not painter.end():
        draft.unlink(missing_ok=True)
        raise folders.no_room(file.parent)
    try:
        draft.replace(file)
    except OSError as error:
        raise folders.no_room(file.parent) from error


def _print(pages: Sequence[Sheet], setup: Setup, name: str) -> None:
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(setup.printer)
    _prepare(printer, pages[0].size, setup.dpi, name)
    painter = QPainter()
    if not printer.isValid() or not painter.begin(printer):
        raise Trouble(
            "printer",
            Text(N_("{printer} does not take it: is it on, is there paper?"), {"printer": setup.printer}),
            retry=True,
        )
    for at, page in enumerate(pages):
        if at:
            printer.newPage()
        paint(painter, page, per_mm(printer.resolution()))
    painter.end()


def _prepare(printer: QPrinter, size: Size, dpi: int, name: str) -> None:
    printer.setDocName(name)
    printer.setResolution(dpi)
    printer.setFullPage(True)
    printer.setPageSize(_page(size))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)


def _page(size: Size) -> QPageSize:
    return QPageSize(QSizeF(*size), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
