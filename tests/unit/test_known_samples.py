"""The first rows of a report the program knows: money and times as its channel reads them."""

from __future__ import annotations

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from app.domain.money import shown
from app.imports import Sample
from sync.channel import Channel, Draft, Numbered, read_groups
from sync.channels import amazon_india_export, tmall_export
from sync.hub.imports.delivery import CHANNELS
from sync.hub.imports.samples import sample_of

TMALL = {
    "订单编号": "371550000000000001", "总金额": "1178", "买家实际支付金额": "1,100.5", "收货地址": "上海",
    "订单创建时间": "2020/2/21 0:07", "订单付款时间": "", "退款金额": "0.00",
}  # fmt: skip
AMAZON = {
    "Order ID": "405-8078784-5731545", "Date": "04-30-22", "Status": "Shipped", "Courier Status": "Shipped",
    "Category": "Set", "Size": "S", "Qty": "2", "Amount": "647.6", "ship-city": "MUMBAI",
    "ship-state": "MAHARASHTRA", "ship-postal-code": "400081.0",
}  # fmt: skip


def seen(channel: Channel, *rows: dict[str, str]) -> Sample:
    numbered = [(Numbered(at, row),) for at, row in enumerate(rows, 2)]
    sheet = SimpleNamespace(header=tuple(rows[0]))
    source = SimpleNamespace(reader=None, channel=channel, sheets=(sheet,))
    return sample_of(source, read_groups(channel, numbered, channel.shop), channel.shop)  # type: ignore[arg-type]


def test_amounts_and_times_stand_as_understood_and_figures_to_the_right():
    sample = seen(tmall_export.CHANNEL, TMALL)
    assert [cell.text for cell in sample.rows[0].cells] == [
        "371550000000000001", "¥1,178.00", "¥1,100.50", "上海", "2020-02-21 00:07", "", "¥0.00",
    ]  # fmt: skip
    assert sample.kinds == ("text", "money", "money", "text", "text", "text", "money")

    sample = seen(amazon_india_export.CHANNEL, AMAZON)
    assert dict(zip(sample.titles, (cell.text for cell in sample.rows[0].cells), strict=True)) == AMAZON | {
        "Date": "2022-04-30 00:00", "Qty": "2", "Amount": "₹647.60",
    }  # fmt: skip
    kinds = dict(zip(sample.titles, sample.kinds, strict=True))
    assert {title for title, kind in kinds.items() if kind != "text"} == {"Qty", "Amount"}


def test_what_cannot_be_read_stands_as_it_is_with_the_reason():
    odd = TMALL | {"总金额": "viele", "订单创建时间": "gestern", "退款金额": "1.234"}
    row = seen(tmall_export.CHANNEL, TMALL, odd).rows[1]
    assert row.problem is not None
    doubts = {cell.text: cell.doubt.params["column"] for cell in row.cells if cell.doubt is not None}
    assert doubts == {"viele": "总金额", "gestern": "订单创建时间", "1.234": "退款金额"}


@pytest.mark.parametrize(("code", "row"), [("tmall_export", TMALL), ("amazon_india_export", AMAZON)])
def test_what_is_shown_is_what_the_order_would_say(code: str, row: dict[str, str]):
    channel = CHANNELS[code]
    draft = next(read_groups(channel, [(Numbered(2, row),)], channel.shop))
    assert isinstance(draft, Draft)
    order, sample = draft.receive, seen(channel, row)
    texts = [cell.text for cell in sample.rows[0].cells]
    assert shown(order.total_minor, order.currency) in texts
    here = order.ordered_at.astimezone(ZoneInfo(channel.shop.zone))
    assert here.strftime("%Y-%m-%d %H:%M") in texts


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)
def test_every_column_read_as_more_than_text_is_one_the_report_must_have(channel: Channel):
    assert channel.kinds.keys() <= channel.headers
    assert set(channel.kinds.values()) <= {"money", "count", "time"}
    assert channel.times
