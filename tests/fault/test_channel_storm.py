"""Shops read, heard and told while hubs are killed, the short form: nothing lost, doubled or told twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from channel_storm import storm

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]


@pytest.mark.timeout(300)
def test_a_shop_outlives_the_hubs_that_read_it(tmp_path: Path) -> None:
    found = storm(f"sqlite:///{tmp_path / 'hub.db'}", "woocommerce", 40, kills=1)

    assert (found.missing, found.doubled, found.wrong, found.behind) == (0, 0, 0, 0)
    assert (found.shipped_twice, found.unshipped) == (0, 0)
    assert found.kills == 1
    assert found.changes > 0
    assert found.answers["accepted, then silent"] > 0
