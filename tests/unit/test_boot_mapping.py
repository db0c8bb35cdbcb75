"""`run.py map`: a manifest is tried on a payload before a shop is connected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.boot.mapping import main
from sync.manifest.reading import as_yaml, built_in, patched

ORDER: dict[str, Any] = {
    "id": "W-1", "status": "paid", "created_at": "2026-06-13T10:00:00+08:00", "total": "25.60",
    "receiver": {"name": "季小雨", "phone": "13800000000", "street": "文晖路88号", "city": "杭州市"},
    "items": [{"sku": "A", "qty": 2, "price": "12.80"}],
}  # fmt: skip


@pytest.fixture
def payload(tmp_path: Path):
    def write(content: Any) -> str:
        file = tmp_path / "payload.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return str(file)

    return write


def test_a_good_order_is_told_in_one_line(payload, capsys) -> None:
    assert main(["generic_rest", payload(ORDER), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "W-1  to_ship  ¥25.60  1/2\n"


def test_nobody_reads_a_buyer_in_the_report(payload, capsys) -> None:
    assert main(["generic_rest", payload({"orders": [ORDER, ORDER]}), "--json", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert [json.loads(line)["order"]["receive"]["ext_id"] for line in out.splitlines()] == ["W-1", "W-1"]
    for secret in ("季小雨", "13800000000", "文晖路88号"):
        assert secret not in out


def test_what_is_held_or_cannot_be_read_is_said_and_counts(payload, capsys) -> None:
    assert main(["generic_rest", payload(ORDER | {"status": "odd"}), "--lang", "en"]) == 1
    assert "! The channel sent a state no rule knows" in capsys.readouterr().out
    assert main(["generic_rest", payload(ORDER | {"total": "x"}), "--lang", "zh_CN"]) == 1
    assert capsys.readouterr().out.startswith("✗ payable：这里应为数字")
    assert main(["pdd", payload({}), "--lang", "en"]) == 1
    assert "Look at map.roots." in capsys.readouterr().out


def test_refunds_and_events_are_tried_too(payload, capsys) -> None:
    event = {"tag": 200, "msg_id": "1", "data": {"p_id": 5, "aftersale_id": "9", "aftersale_type": 0}}
    assert main(["douyin", payload([event, {"tag": 999, "data": {"p_id": 6}}]), "--as", "events"]) == 0
    assert capsys.readouterr().out == "5  case  return_refund requested\n6  unknown  999\n"
    record = {
        "id": 1,
        "order_sn": "7",
        "after_sales_type": 3,
        "after_sales_status": 7,
        "refund_amount": "1.50",
    }
    assert main(["pdd", payload(record), "--as", "refunds"]) == 0
    assert capsys.readouterr().out == "7  case  return_refund awaiting_return\n"


def test_a_manifest_out_of_a_file_is_checked_first(payload, tmp_path: Path, capsys) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(as_yaml(patched(built_in("generic_rest"), {"id": "own"})))
    assert main([str(file), payload(ORDER)]) == 0
    file.write_bytes(as_yaml(patched(built_in("generic_rest"), {"id": "own", "map": {"statsu": []}})))
    assert main([str(file), payload(ORDER), "--lang", "en"]) == 2
    assert "map: map has no key statsu." in capsys.readouterr().err
    assert main([str(tmp_path / "none.yaml"), payload(ORDER), "--lang", "en"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_table_is_read_order_by_order(tmp_path: Path, capsys) -> None:
    file = tmp_path / "orders.csv"
    head = "订单编号,订单创建时间,订单状态,实付金额,商家编码,商品名称,数量,单价,收货人\n"
    rows = [
        "T-1,2026-06-13 10:00:00,待发货,38.40,A,杯,2,12.80,季小雨",
        "T-2,2026/6/13 10:00,已取消,9,B,碗,1,9,林",
        "T-1,,,,C,盘,1,12.80,",
        "T-3,45821.5,没见过,1,A,杯,1,1,",
        "3.71E+18,2026-06-13 10:00:00,待发货,1,A,杯,1,1,",
    ]
    file.write_bytes((head + "\n".join(rows)).encode("gb18030"))
    assert main(["generic_file", str(file), "--lang", "en"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[:3] == ["T-1  to_ship  ¥38.40  2/3", "T-2  cancelled  ¥9.00  1/1", "T-3  unknown  ¥1.00  1/1"]
    assert out[-1].startswith("✗ 订单号 was shortened by a spreadsheet.")


def test_the_built_in_ones_and_the_schema_are_printed(capsys) -> None:
    assert main([]) == 0
    assert "taobao" in capsys.readouterr().out.splitlines()
    assert main(["--schema"]) == 0
    assert "$ref" in capsys.readouterr().out
