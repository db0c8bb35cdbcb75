"""Who did something, as the history names them."""

from __future__ import annotations

import pytest
from builders import SHOPS

from sync.replica.authors import author


@pytest.mark.parametrize(
    ("by", "who"),
    [
        ("lin", "林小满"),
        ("demo:TM1", "青禾旗舰店"),
        ("file:XX9", "file:XX9"),
        ("worker:recheck", ""),
        ("hub", ""),
    ],
)
def test_people_and_shops_have_names_and_rules_have_none(by: str, who: str) -> None:
    assert author(by, {"lin": "林小满"}, SHOPS) == who
