"""How a file says that an order is paid: the way of paying decides who takes the money."""

from __future__ import annotations

from pathlib import Path

import pytest
from shop_files import ShopFiles

HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价", "付款时间", "支付方式", "实付金额")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.importing.PATIENCE_S", 0.0)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return ShopFiles(tmp_path)


def test_what_is_paid_at_the_door_is_owed_and_goes_out(files: ShopFiles):
    goods = ("2026-06-13 20:30:00", "A-1", "杯子", 1, "12.50")

    files.take(files.csv(HEAD, ("A", *goods, "", "货到付款", "11.50"), ("B", *goods, "", "支付宝", "")))

    at_the_door, unpaid = files.orders()["A"], files.orders()["B"]
    assert (at_the_door.is_cod, at_the_door.payable_minor, at_the_door.paid_minor) == (True, 1150, 0)
    assert (at_the_door.channel_state, at_the_door.is_paid) == ("to_ship", False)
    assert (unpaid.is_cod, unpaid.channel_state) == (False, "awaiting_payment")
