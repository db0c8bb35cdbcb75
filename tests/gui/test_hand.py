"""The hand of the tour: how long it waits for what a person would wait for."""

from __future__ import annotations

import pytest

from app.boot import hand
from app.boot.hand import Hand, Stuck
from widgets.shell import Shell


@pytest.fixture
def looks(qtbot, aio, tmp_path, monkeypatch):
    """How often the hand looks before it gives up, on a machine with so many programs to a core."""
    shell = Shell()
    qtbot.addWidget(shell)
    monkeypatch.setattr(hand, "REST_S", 0.001)

    def looked(programs: float) -> int:
        monkeypatch.setattr(hand.os, "getloadavg", lambda: (programs * (hand.os.cpu_count() or 1), 0, 0))
        seen: list[None] = []
        with pytest.raises(Stuck, match="waited in vain for rain"):
            aio(Hand(shell, tmp_path, "test", patience_s=0.02).until(lambda: seen.append(None), "rain"), 60)
        return len(seen)

    return looked


def test_patience_is_so_many_looks_and_more_where_many_programs_share_a_core(looks):
    alone, idle, crowded = looks(1), looks(0.1), looks(4)

    assert alone == idle
    assert alone in (21, 22)
    assert 3 * alone < crowded < 5 * alone


def test_a_system_that_does_not_tell_its_load_counts_as_free(monkeypatch):
    monkeypatch.delattr(hand.os, "getloadavg", raising=False)

    assert hand.crowd() == 1
