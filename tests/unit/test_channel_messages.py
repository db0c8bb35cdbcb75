"""Every sample of a refund, a return, an address or a call to stop becomes its exception."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.commands.hear import Hear, Means
from app.commands.pack import Pack
from app.commands.recheck import Recheck
from app.commands.ship import Ship
from app.domain.aftersale import ReturnKind, ReturnState
from app.domain.company import Shop
from app.domain.order import ChannelState, Order, Status
from app.domain.told import CaseKind, CaseState, ChannelCase
from app.domain.values import Role
from app.snags.unclassified import KIND
from sync.channel import Unreadable
from sync.manifest.mapping import mapped, orders_in
from sync.manifest.messages import Message, message, refunds, refunds_in
from sync.manifest.reading import manifest_of
from sync.manifest.values import document
from tests.builders import NOW, Company, actor, line, pick_all, ship_it

SHOP = Shop(code="TM1", title="", channel="TM")
HERE, PICKED, GONE = "here", "picked", "gone"
DOUYIN, WECHAT = "douyin/events", "wechat/events"

EVENTS: list[tuple[str, str, str, set[str]]] = [
    ("douyin", f"{DOUYIN}/RefundCreatedEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundCreatedEvent.json", PICKED, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundCreatedEvent.json", GONE, {"return_due"}),
    ("douyin", f"{DOUYIN}/RefundModifiedEvent.json", GONE, {"return_due"}),
    ("douyin", f"{DOUYIN}/RefundReturnAgreedEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundReturnAgreedEvent.json", GONE, set()),
    ("douyin", f"{DOUYIN}/RefundReturnApplyAgreedEvent.json", GONE, set()),
    ("douyin", f"{DOUYIN}/RefundBuyerReturnGoodsEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundBuyerReturnGoodsEvent.json", GONE, set()),
    ("douyin", f"{DOUYIN}/RefundExchangeComfirmedEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundSuccessEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundSuccessEvent.json", GONE, set()),
    ("douyin", f"{DOUYIN}/RefundRefusedEvent.json", HERE, set()),
    ("douyin", f"{DOUYIN}/RefundReturnApplyRefusedEvent.json", GONE, set()),
    ("douyin", f"{DOUYIN}/RefundClosedEvent.json", HERE, set()),
    ("douyin", f"{DOUYIN}/RefundArbitrateAppliedEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/RefundArbitrateAppliedEvent.json", GONE, {"return_due"}),
    ("douyin", f"{DOUYIN}/RefundArbitrateServiceInterveneEvent.json", GONE, {"return_due"}),
    ("douyin", f"{DOUYIN}/RefundArbitrateDiscussUploadEvent.json", GONE, {"return_due"}),
    ("douyin", f"{DOUYIN}/TradeAddressChangeAppliedEvent.json", HERE, {"address_changed"}),
    ("douyin", f"{DOUYIN}/TradeAddressChangeAppliedEvent.json", PICKED, {"address_changed"}),
    ("douyin", f"{DOUYIN}/TradeCanceledEvent.json", HERE, {"refund_requested"}),
    ("douyin", f"{DOUYIN}/TradeCanceledEvent.json", PICKED, {"refund_requested"}),
    ("wechat_store", f"{WECHAT}/ChannelsECAftersaleUpdateEvent.json", HERE, {"refund_requested"}),
    ("wechat_store", f"{WECHAT}/ChannelsECAftersaleUpdateEvent.json", GONE, set()),
    ("wechat_store", f"{WECHAT}/ChannelsECPresentAftersaleUpdateEvent.json", HERE, {"refund_requested"}),
    ("wechat_store", f"{WECHAT}/ChannelsECPresentAftersaleUpdateEvent.json", GONE, {"return_due"}),
    ("wechat_store", f"{WECHAT}/ChannelsECOrderCancelEvent.json", HERE, {"refund_requested"}),
]
"""What a message becomes on an order whose goods are here, are being picked, or have left."""

REFUNDS: list[tuple[str, str, str, str, set[str]]] = [
    ("pdd", "pdd/refund_list_increment_official_sample.json", "", HERE, {"unclassified"}),
    ("pdd", "pdd/refund_list_increment_official_sample.json", "", GONE, {"unclassified"}),
    ("pdd", "pdd/refund_list_vs_detail_units_real.json", "list_record", HERE, {"refund_requested"}),
    ("pdd", "pdd/refund_list_vs_detail_units_real.json", "list_record", GONE, set()),
    ("jd", "jd/refundapply_and_afs_shapes.json", "refundApply", HERE, {"refund_requested"}),
    ("jd", "jd/refundapply_and_afs_shapes.json", "refundApply", GONE, {"return_due"}),
    ("jd", "jd/refundapply_and_afs_shapes.json", "afsServiceRefund", GONE, set()),
    ("wechat_store", "wechat/aftersale_get_response.json", "", HERE, {"refund_requested"}),
    ("wechat_store", "wechat/aftersale_get_response.json", "", GONE, set()),
    ("douyin", "douyin/aftersale_list_response.json", "", HERE, {"refund_requested"}),
    ("douyin", "douyin/aftersale_list_response.json", "", GONE, set()),
    ("woocommerce", "woocommerce/refund_created.json", "", HERE, {"refund_requested"}),
    ("woocommerce", "woocommerce/refunds_list.json", "", GONE, set()),
    ("shopify", "shopify/py_refund.json", "", HERE, {"refund_requested"}),
    ("shopify", "shopify/py_refund.json", "", GONE, set()),
]

ORDERS: list[tuple[str, str, set[str]]] = [
    ("jd", "jd/order_multiline_gift_coupon_locked.json", {"refund_requested"}),
    ("pdd", "pdd/order_multiline_gift_refunding.json", {"refund_requested"}),
    ("wechat_store", "wechat/order_get_response.json", {"refund_requested"}),
    ("douyin", "douyin/order_wait_ship_seller_words_real.json", {"unclassified"}),
    ("ebay", "ebay/getOrder_partially_refunded.json", {"refund_requested"}),
]
"""Orders that say so themselves."""


@pytest.fixture(scope="module")
def data(shared_data: Callable[..., Path]) -> Path:
    return shared_data("channels")


def company(where: str) -> Company:
    made = Company()
    made.receive(lines=(line(qty=2), line("2", qty=1)))
    if where == PICKED:
        pick_all(made)
    elif where == GONE:
        ship_it(made)
        assert made.order().status is Status.SHIPPED
    return made


def heard(said: Message, where: str) -> Order:
    made = company(where)
    command = said.hear("o1")
    assert command is not None
    made.must(command, Role.CHANNEL)
    return made.order()


def kinds(order: Order) -> set[str]:
    return {snag.kind for snag in order.snags}


@pytest.mark.parametrize(("name", "file", "where", "expected"), EVENTS)
def test_a_pushed_message_becomes_its_exception(
    data: Path, name: str, file: str, where: str, expected: set[str]
) -> None:
    said = message(manifest_of(name), document((data / file).read_bytes()), SHOP)
    order = heard(said, where)
    assert kinds(order) == expected
    assert order.told.cases or order.announced or order.channel_state is ChannelState.CANCELLED


@pytest.mark.parametrize(("name", "file", "root", "where", "expected"), REFUNDS)
def test_a_refund_becomes_its_exception(
    data: Path, name: str, file: str, root: str, where: str, expected: set[str]
) -> None:
    manifest, payload = manifest_of(name), document((data / file).read_bytes())
    record = payload[root] if root else refunds_in(manifest, payload)[0]
    said = refunds(manifest, record, SHOP)[0]
    assert said.ext_id
    assert kinds(heard(said, where)) == expected


@pytest.mark.parametrize(("name", "file", "expected"), ORDERS)
def test_an_order_that_says_so_itself_becomes_its_exception(
    data: Path, name: str, file: str, expected: set[str]
) -> None:
    manifest = manifest_of(name)
    (record,) = orders_in(manifest, document((data / file).read_bytes()))
    found = mapped(manifest, record, SHOP, NOW).receive
    made = Company()
    made.receive(
        channel_state=ChannelState.TO_SHIP
        if found.channel_state == "partly_shipped"
        else found.channel_state,
        lock=found.lock,
        cases=found.cases,
    )
    assert kinds(made.order()) >= expected


def test_every_sample_of_its_kind_is_in_one_of_the_tables(data: Path) -> None:
    files = {
        str(file.relative_to(data)) for folder in (DOUYIN, WECHAT) for file in (data / folder).glob("*.json")
    }
    told = {file for _, file, _, _ in EVENTS}
    read_again = {
        file
        for file in files - told
        for name in ["douyin" if file.startswith("douyin") else "wechat_store"]
        if message(manifest_of(name), document((data / file).read_bytes()), SHOP).means is None
    }
    assert files == told | read_again
    assert {Path(file).stem for file in read_again if "Refund" in file or "Aftersale" in file} == {
        "RefundArbitrateAuditedEvent", "RefundExpirationChangeEvent",
    }  # fmt: skip
    assert not any("Cancel" in file or "Address" in file for file in read_again)


@pytest.mark.parametrize(("name", "payload"), [
    ("douyin", {"tag": 999, "msg_id": "1", "data": {"p_id": 5}}),
    ("wechat_store", {"Event": "channels_ec_order_teleported", "order_info": {"order_id": "5"}}),
    ("ebay", {"metadata": {"topic": "NEW_TOPIC"}, "notification": {"data": {"orderId": "5"}}}),
])  # fmt: skip
@pytest.mark.parametrize("where", [HERE, PICKED, GONE])
def test_a_message_nobody_knows_is_a_question_and_never_nothing(name: str, payload: Any, where: str) -> None:
    said = message(manifest_of(name), payload, SHOP)
    assert (said.ext_id, said.means) == ("5", Means.UNKNOWN)
    assert said.topic in ("999", "channels_ec_order_teleported", "NEW_TOPIC")
    assert kinds(heard(said, where)) == {"unclassified"}


def test_a_known_message_with_a_state_nobody_knows_is_a_question() -> None:
    payload = {
        "Event": "channels_ec_aftersale_update",
        "finder_shop_aftersale_status_update": {
            "status": "ON_THE_MOON", "after_sale_order_id": "1", "order_id": "5",
        },
    }  # fmt: skip
    assert kinds(heard(message(manifest_of("wechat_store"), payload, SHOP), GONE)) == {"unclassified"}


def test_a_message_that_names_no_order_cannot_be_read() -> None:
    for payload in ({"tag": 999, "data": {}}, {"tag": 200}, [], "x", None):
        with pytest.raises(Unreadable):
            message(manifest_of("douyin"), payload, SHOP)


def test_the_topic_never_repeats_what_a_message_holds() -> None:
    payload = {"tag": "王小明 13800000000" * 9, "data": {"p_id": 1}}
    assert len(message(manifest_of("douyin"), payload, SHOP).topic) <= 40


def case(state: CaseState, **more: Any) -> Hear:
    known = {"id": "r1", "kind": CaseKind.RETURN_REFUND, "version": "1", "line": "1", "qty": 1}
    return Hear(order="o1", means=Means.CASE, case=ChannelCase(state=state, **(known | more)))


def test_a_return_is_followed_from_the_request_to_its_end() -> None:
    made = company(GONE)
    made.must(case(CaseState.REQUESTED), Role.CHANNEL)
    (ours,) = made.order().returns
    assert (ours.kind, ours.state, ours.pieces) == (ReturnKind.RETURN, ReturnState.REQUESTED, 1)
    made.must(case(CaseState.AWAITING_RETURN, version="2"), Role.CHANNEL)
    made.must(case(CaseState.RETURN_IN_TRANSIT, version="3"), Role.CHANNEL)
    assert made.order().returns[0].state is ReturnState.AWAITED
    made.must(case(CaseState.REFUNDED, version="4"), Role.CHANNEL)
    assert made.order().returns[0].state is ReturnState.AWAITED  # the goods are still to be looked at
    assert len(made.order().returns) == 1


def test_money_alone_ends_where_the_channel_paid_it_back() -> None:
    made = company(GONE)
    made.must(case(CaseState.REQUESTED, kind=CaseKind.REFUND_ONLY), Role.CHANNEL)
    made.must(case(CaseState.REFUNDED, kind=CaseKind.REFUND_ONLY, version="2"), Role.CHANNEL)
    (ours,) = made.order().returns
    assert (ours.state, ours.refunded_minor, made.order().snags) == (ReturnState.CLOSED, 0, ())


@pytest.mark.parametrize("state", [CaseState.REFUSED, CaseState.FAILED])
def test_what_is_asked_again_after_a_refusal_is_asked_of_us_again(state: CaseState) -> None:
    made = company(GONE)
    for version, said in enumerate((CaseState.REQUESTED, state, CaseState.REQUESTED), 1):
        made.must(case(said, version=str(version)), Role.CHANNEL)
    (ours,) = made.order().returns
    assert (ours.state, ours.pieces) == (ReturnState.REQUESTED, 1)
    made.must(case(CaseState.AWAITING_RETURN, version="4"), Role.CHANNEL)
    assert made.order().returns[0].state is ReturnState.AWAITED


def test_pieces_that_come_back_in_one_case_are_not_asked_for_in_another() -> None:
    made = company(GONE)
    made.must(case(CaseState.REQUESTED, qty=9), Role.CHANNEL)
    made.must(case(CaseState.REQUESTED, id="r2", qty=9), Role.CHANNEL)
    assert [one.id for one in made.order().returns] == ["ch-r1"]
    made.must(case(CaseState.REFUSED, version="2"), Role.CHANNEL)
    made.must(case(CaseState.AWAITING_RETURN, id="r2", version="2"), Role.CHANNEL)
    made.must(case(CaseState.REQUESTED, version="3"), Role.CHANNEL)
    states = {one.id: one.state for one in made.order().returns}
    assert states == {"ch-r1": ReturnState.WITHDRAWN, "ch-r2": ReturnState.AWAITED}


def test_an_exchange_and_a_resend_are_promised_goods() -> None:
    made = company(GONE)
    made.must(case(CaseState.REQUESTED, kind=CaseKind.RESEND), Role.CHANNEL)
    assert kinds(made.order()) == {"return_due"}
    made.must(case(CaseState.REFUNDING, kind=CaseKind.RESEND, version="2"), Role.CHANNEL)
    assert kinds(made.order()) == {"exchange_due"}


def test_what_the_buyer_takes_back_lets_the_order_go() -> None:
    made = company(HERE)
    made.must(case(CaseState.REQUESTED), Role.CHANNEL)
    assert made.order().status is not Status.RELEASED
    made.must(case(CaseState.FAILED, version="2"), Role.CHANNEL)
    assert (made.order().status, made.order().snags) == (Status.RELEASED, ())


def test_messages_in_the_wrong_order_end_in_the_same_state() -> None:
    made = company(HERE)
    made.must(case(CaseState.FAILED, version="2"), Role.CHANNEL)
    assert made.refused(case(CaseState.REQUESTED, version="1"), Role.CHANNEL) == "stale_version"
    assert made.refused(case(CaseState.FAILED, version="2"), Role.CHANNEL) == "unchanged"
    assert made.order().snags == ()


def test_nobody_ships_while_the_buyer_wants_the_money_back() -> None:
    made = company(PICKED)
    made.must(Pack(order="o1"), Role.WAREHOUSE)
    made.must(case(CaseState.REQUESTED), Role.CHANNEL)
    assert made.refused(Ship(order="o1", carrier="SF", tracking_no="1"), Role.WAREHOUSE) == "refund_asked"


def test_a_call_to_stop_holds_the_order_until_the_channel_lets_it_go() -> None:
    made = company(HERE)
    made.must(Hear(order="o1", means=Means.CANCEL_ASKED), Role.CHANNEL)
    assert kinds(made.order()) == {"refund_requested"}
    made.receive(ext_version="2", lines=(line(qty=2), line("2", qty=1)))
    assert (made.order().status, made.order().snags) == (Status.RELEASED, ())


def test_a_new_version_does_not_forget_that_another_address_was_asked_for(data: Path) -> None:
    file = data / DOUYIN / "TradeAddressChangeAppliedEvent.json"
    said = message(manifest_of("douyin"), document(file.read_bytes()), SHOP)
    made = company(PICKED)
    made.must(said.hear("o1"), Role.CHANNEL)
    assert made.refused(said.hear("o1"), Role.CHANNEL) == "unchanged"
    made.receive(ext_version="2", lines=(line(qty=2), line("2", qty=1)), ship_by_at=None)
    assert kinds(made.order()) == {"address_changed"}


def test_a_read_message_is_a_question_no_more() -> None:
    made = company(GONE)
    made.must(Hear(order="o1", means=Means.UNKNOWN, topic="999"), Role.CHANNEL)
    read = KIND.repairs[-1].build(made.order(), made.facts(Recheck(order="o1"), actor()))
    made.must(read)
    assert made.order().snags == ()
    made.must(Hear(order="o1", means=Means.UNKNOWN, topic="998"), Role.CHANNEL)
    assert kinds(made.order()) == {"unclassified"}


def test_an_order_that_is_not_here_is_not_spoken_of() -> None:
    assert Company().refused(Hear(order="o9", means=Means.UNKNOWN), Role.CHANNEL) == "no_order"
    made = company(GONE)
    assert made.refused(Hear(order="o1", means=Means.ADDRESS), Role.CHANNEL) == "too_late"
    assert made.refused(Hear(order="o1", means=Means.CASE), Role.CHANNEL) == "no_case"


def test_a_line_names_its_refund_by_the_number_of_the_case(data: Path) -> None:
    manifest = manifest_of("taobao")
    file = data / "taobao" / "trade_closed_refunded_discount_oaid.json"
    (record,) = orders_in(manifest, document(file.read_bytes()))
    (case,) = mapped(manifest, record, SHOP, NOW).receive.cases
    assert (case.id, case.state) == (record["orders"]["order"][0]["refund_id"], CaseState.REFUNDED)


def pushed(msg_id: str, tag: int, **data: Any) -> Hear:
    """One message of Douyin on one case."""
    payload = {
        "tag": tag,
        "msg_id": msg_id,
        "data": {"p_id": 5, "aftersale_id": "9", "aftersale_type": 0} | data,
    }
    command = message(manifest_of("douyin"), payload, SHOP).hear("o1")
    assert command is not None
    return command


ASKED = pushed("9-later-as-text", 200, apply_time=1_618_990_000)
CLOSED = pushed("1-earlier-as-text", 207, close_time=1_618_990_500)
DISPUTED = pushed("5", 212)


@pytest.mark.parametrize("order", list(itertools.permutations([ASKED, CLOSED, CLOSED])))
def test_messages_end_the_same_whatever_order_they_come_in(order: tuple[Hear, ...]) -> None:
    made = company(HERE)
    for one in order:
        made.do(one, Role.CHANNEL)
    assert made.order().told.cases[0].state is CaseState.FAILED
    assert (made.order().status, made.order().snags) == (Status.RELEASED, ())


def test_a_message_without_a_time_is_heard_and_does_not_let_an_older_one_in() -> None:
    made = company(HERE)
    made.must(CLOSED, Role.CHANNEL)
    made.must(DISPUTED, Role.CHANNEL)
    assert kinds(made.order()) == {"refund_requested"}
    assert made.refused(ASKED, Role.CHANNEL) == "stale_version"
