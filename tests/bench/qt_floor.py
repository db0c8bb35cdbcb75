"""What Qt itself takes here: the words of a card in plain labels, an empty window; printed as limits."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from meters import percentile, rounded
from probes import PaintProbe
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

STEPS = 30
WIDE, HIGH = 1400, 900


def said(panes: Sequence[QWidget]) -> list[str]:
    """Every piece of words on screen in these, as a screen reader finds them."""
    parts = [part for pane in panes for part in (pane, *pane.findChildren(QWidget))]
    return [part.accessibleName() for part in parts if part.isVisible() and part.accessibleName()]


class PlainCard(QWidget):
    """Labels in a column, nothing else."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.painted = 0
        column = QVBoxLayout(self)
        self.labels = [QLabel() for _ in range(count)]
        for label in self.labels:
            label.setWordWrap(True)
            column.addWidget(label)

    def show_words(self, words: Sequence[str]) -> None:
        for label, text in zip(self.labels, words, strict=False):
            label.setText(text)


async def floor(
    cards: Sequence[Sequence[str]], rest: Callable[[], Awaitable[None]]
) -> dict[str, float | int]:
    """Milliseconds, of CPU and in all, from one card to the next one of the same words in plain labels.

    `rest` lets as much time pass between two as a person takes.
    """
    plain = PlainCard(max(map(len, cards)))
    plain.resize(WIDE, HIGH)
    plain.setFont(QApplication.font())
    plain.show()
    probe = PaintProbe(plain)
    wall, cpu = [], []
    for step in range(STEPS):
        done = probe.next()
        began_s, cpu_s = time.perf_counter(), time.thread_time()
        plain.show_words(cards[step % len(cards)])
        plain.update()
        wall.append((await done - began_s) * 1e3)
        cpu.append((time.thread_time() - cpu_s) * 1e3)
        await rest()
    plain.deleteLater()
    return {
        "qt_labels": len(plain.labels),
        "qt_card_cpu_ms_p50": rounded(percentile(cpu, 0.50), 2),
        "qt_card_cpu_ms_p95": rounded(percentile(cpu, 0.95), 2),
        "qt_card_ms_p95": rounded(percentile(wall, 0.95), 2),
    }
