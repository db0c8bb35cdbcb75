"""The verb that runs a real shop: what it says where it cannot, and that any difference is one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.boot import shop, shop_house
from app.boot.vendure import Sold

GOOD: dict[str, float] = dict.fromkeys(shop.NONE, 0) | {"orders": 30}


def test_a_machine_without_node_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shop_house.shutil, "which", lambda name: None if name == "npm" else name)

    assert shop.main(["vendure", "--folder", str(tmp_path / "kept"), "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("npm is missing. Install Node.js 20")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("wrong", [["--orders", "0"], ["--orders", "2001"], ["--port", "65536"]])
def test_a_number_out_of_reason_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        shop.main(["vendure", *wrong])
    assert end.value.code == 2


@pytest.mark.parametrize("differs", ["", *shop.NONE])
def test_every_difference_fails(differs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = GOOD | ({differs: 1} if differs else {})
    monkeypatch.setattr(shop, "measured", lambda *_asked: figures)
    assert shop.main(["vendure", "--json"]) == (1 if differs else 0)


def test_orders_are_compared_one_by_one_to_the_cent() -> None:
    def order(number: str, minor: int) -> Any:
        return SimpleNamespace(ext_id=f"V1/{number}", payable_minor=minor)

    sold = {number: Sold(1000, {}, ()) for number in ("1", "2", "3")}
    hub: Any = SimpleNamespace(known=lambda: [order("1", 1000), order("2", 999), order("2", 999)])

    assert shop.compared(sold, hub) == {"taken_in": 3, "missing": 1, "doubled": 1, "unequal": 1}
