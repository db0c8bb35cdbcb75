"""Cycles are taken apart in the window's thread and in no other."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject

from widgets import rubbish
from widgets.rubbish import Rubbish, take_apart


class Thing:
    def __init__(self) -> None:
        self.me = self


def test_no_other_thread_collects_while_a_window_lives(qapp):
    window = QObject()
    Rubbish(window)
    assert not gc.isenabled()

    gone = weakref.ref(Thing())
    worker = threading.Thread(target=lambda: [Thing() for _ in range(50_000)])
    worker.start()
    worker.join()
    assert gone() is not None

    take_apart()
    assert gone() is None
    window.deleteLater()
    del window
    gc.collect()
    qapp.sendPostedEvents(None, 52)
    assert gc.isenabled()


def test_a_young_round_is_enough_until_its_turn_is_over(monkeypatch):
    looked: list[int] = []
    monkeypatch.setattr(rubbish.gc, "collect", looked.append)
    for counts in ((0, 0, 0), (30_000, 0, 0), (30_000, 30, 0), (0, 0, 60)):
        monkeypatch.setattr(rubbish.gc, "get_count", lambda counts=counts: counts)
        take_apart()

    assert looked == [0, 1, 2]
