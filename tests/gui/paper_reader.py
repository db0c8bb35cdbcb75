"""Reads papers as a scanner and a person do: bars and squares off the raster, words out of the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from widgets.paper.ink import Sheet, paint, per_mm

zxing = pytest.importorskip("zxingcpp", reason="the test extra brings the decoder")
pdfium = pytest.importorskip("pypdfium2", reason="the test extra brings the PDF reader")
pillow = pytest.importorskip("PIL.Image")


@dataclass(frozen=True)
class Seen:
    """What a decoder found on a page: the kind of code and its text."""

    bars: tuple[str, ...]
    squares: tuple[str, ...]


def raster(sheet: Sheet, dpi: int) -> QImage:
    """A page as a printer of that resolution burns it: no grey, a dot is black or white."""
    scale = per_mm(dpi)
    image = QImage(
        round(sheet.size[0] * scale), round(sheet.size[1] * scale), QImage.Format.Format_Grayscale8
    )
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter, sheet, scale)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)


def seen(image: QImage) -> Seen:
    """Decode everything on a picture."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    whole = pillow.frombytes(
        "L", (grey.width(), grey.height()), bytes(grey.constBits()), "raw", "L", grey.bytesPerLine()
    )
    return _decoded(whole)


def seen_in_pdf(file: Path, dpi: int, page: int = 0) -> Seen:
    """Decode everything on a page of a PDF, rendered by another program's hand."""
    document = pdfium.PdfDocument(str(file))
    try:
        return _decoded(document[page].render(scale=dpi / 72, grayscale=True).to_pil())
    finally:
        document.close()


def words_in_pdf(file: Path) -> str:
    """The text one can select and copy, all pages."""
    document = pdfium.PdfDocument(str(file))
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def size_of_pdf(file: Path) -> tuple[int, tuple[float, float]]:
    """Pages, and the size of the first. Units: millimetres."""
    document = pdfium.PdfDocument(str(file))
    try:
        wide, high = document[0].get_size()
        return len(document), (wide * 25.4 / 72, high * 25.4 / 72)
    finally:
        document.close()


def _decoded(picture) -> Seen:
    found = zxing.read_barcodes(picture)
    return Seen(
        tuple(each.text for each in found if each.format == zxing.BarcodeFormat.Code128),
        tuple(each.text for each in found if each.format == zxing.BarcodeFormat.QRCode),
    )
