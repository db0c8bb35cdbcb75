"""Systems of which one is always away, the short form: each document comes once, and nobody else waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from systems_day import day

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]

AWAYS = (("wms", "hangs"), ("crm", "hangs"), ("erp", "stops"), ("k3", "hangs"))


def test_nobody_waits_for_a_system_that_is_silent_or_gone_and_it_gets_each_document_once(
    tmp_path: Path,
) -> None:
    found = day(tmp_path, 16, AWAYS, timeout_s=25, to_the_end=False)

    assert (found.missing, found.doubled, found.out_of_order, found.unended) == (0, 0, 0, 0)
    assert (found.waited, found.typed, found.false, found.notes) == (0, 0, 0, [])
    assert found.orders == 16
    assert found.hung >= 3
