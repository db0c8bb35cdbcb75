"""How each lesson is played: move by move after its goals, in another way, and wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from lesson_world import Ground

from app.commands.cancel import Cancel
from app.commands.count_sheet import CountSheet
from app.commands.fix_address import FixAddress
from app.commands.grade_return import GradeReturn
from app.commands.leave_shift import LeaveShift
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.refund_return import RefundReturn
from app.commands.reject_review import RejectReview
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.commands.snooze import Snooze
from app.commands.take_shift import TakeShift
from app.domain.aftersale import Grade, Graded, Refunded
from app.domain.clock import Wait
from app.domain.goods import Bin
from app.domain.handover import Handover, Open, What, handover_key
from app.domain.values import stock_key
from app.form import Blank, Shelf
from app.forms import (
    correct_price,
    count_bin,
    fix_address,
    grade_return,
    hold,
    invoice,
    match_sku,
    merge,
    new_order,
    open_return,
    receive_payment,
    receive_stock,
    refund_return,
    resume,
    split,
    swap_item,
)
from app.text import Text

Move = Callable[[Ground], None]
NANJING = {"province": "江苏省", "city": "南京市", "district": "鼓楼区", "postcode": "210008"}


def repair(name: str, kind: str, code: str) -> Move:
    """Press the key of a repair."""
    return lambda ground: ground.repair(name, kind, code)


def form(guide: Any, name: str, **answers: str) -> Move:
    """Fill a guide about an order of the deck in."""
    return lambda ground: ground.form(guide.FORM, ground.order(name), **answers)


def every(*moves: Move) -> Move:
    """Do one after the other."""

    def move(ground: Ground) -> None:
        for one in moves:
            one(ground)

    return move


# --- moves that have no guide -----------------------------------------------------------------------


def by_hand(name: str, **changes: str) -> Move:
    """Take an address with other words in it."""

    def move(ground: Ground) -> None:
        order = ground.order(name)
        region = msgspec.structs.replace(order.region, **{"verdict": "accept", **changes})
        ground.must(FixAddress(order=order.id, receiver=order.receiver, region=region))

    return move


def match(name: str, sku: str, *, for_shop: bool = True) -> Move:
    """Say which article a code of the shop is."""

    def move(ground: Ground) -> None:
        order = ground.order(name)
        (line,) = order.lines
        asked = MatchSku(shop=order.shop, ext_sku=line.ext_sku, sku=sku, order=order.id, is_for_shop=for_shop)
        ground.must(asked)

    return move


def sell(wanted: Mapping[str, int], **answers: str) -> Move:
    """Enter an order with the guide."""

    def move(ground: Ground) -> None:
        lines = "\n".join(f"{sku}\t{qty}" for sku, qty in wanted.items())
        asked = {"lines": lines, "order": f"new-{len(ground.rows)}", **answers}
        ground.form(new_order.FORM, Blank(), **asked)

    return move


def asleep(ground: Ground, wait: str = Wait.STOCK, days: int = 14) -> None:
    """Put an exception off."""
    order = ground.order("carpet")
    ground.must(Snooze(order=order.id, kind="short_stock", until=ground.after(days=days), wait=wait))


def picked(ground: Ground) -> None:
    """Pick every piece."""
    order = ground.order("parcel")
    for line in order.lines:
        ground.must(Pick(order=order.id, line=line.id, qty=line.qty))


def leaves(name: str, label: str) -> Move:
    """Give a parcel to the carrier."""
    return lambda g: g.must(Ship(order=g.deck.id(name), carrier="山脊快运", tracking_no=label))


def verdict(name: str, *, is_right: bool) -> Move:
    """Say yes or no to an order on the review board."""

    def move(ground: Ground) -> None:
        order = ground.order(name)
        seal, why = order.content_hash, "客户只要 30 条"
        yes = SignOff(order=order.id, content_hash=seal)
        ground.must(yes if is_right else RejectReview(order=order.id, content_hash=seal, reason=why))

    return move


def taken(ground: Ground) -> None:
    """Take the page of the colleague over."""
    page = ground.rows[handover_key("", ground.deck.id("page"))]
    assert isinstance(page, Handover)
    ground.must(TakeShift(id=page.id, seal=page.seal))


def left(remark: str = "", sentence: str = "") -> Move:
    """Leave a page of one's own."""

    def move(ground: Ground) -> None:
        order = ground.order("waits")
        assert order.pause is not None
        line = Open(
            what=What.HOLD, id=order.id, number=order.number, why=Text(order.pause.reason), remark=sentence
        )
        ground.must(LeaveShift(id=f"own-{len(ground.touched)}", lines=(line,), remark=remark))

    return move


def shelf(ground: Ground, sku: str) -> Shelf:
    """An article in Suzhou, as its sheet shows it."""
    return Shelf("SZ", sku, ground.rows[stock_key("SZ", sku)], ground.refs.articles.get(sku))


def counted(pieces: int) -> Move:
    """Count the bin with the guide."""
    return lambda g: g.form(
        count_bin.FORM, shelf(g, "LP-2K"), counted=str(pieces), reference="", reason="盘点", doc="c-1"
    )


def on_a_sheet(ground: Ground) -> None:
    """Take the count in as a sheet of one bin."""
    ground.must(CountSheet(sheet="s-1", warehouse="SZ", bins=(Bin("LP-2K", 18, 20),)))


def taken_in(qty: int, paper: str) -> Move:
    """Book a delivery."""
    return lambda g: g.form(
        receive_stock.FORM, Blank(), warehouse="SZ", sku="ST-3K", qty=str(qty), reference=paper,
        doc=f"d-{len(g.touched)}",
    )  # fmt: skip


def graded(**grades: int) -> Move:
    """Say what came back."""

    def move(ground: Ground) -> None:
        order = ground.order("cushions")
        (case,) = order.returns
        found = tuple(Graded("1", Grade(grade), qty) for grade, qty in grades.items())
        ground.must(GradeReturn(order=order.id, case=case.id, warehouse="SZ", grades=found))

    return move


def paid_back(minor: int) -> Move:
    """Give an amount back."""

    def move(ground: Ground) -> None:
        order = ground.order("covers")
        (case,) = order.returns
        ground.must(RefundReturn(order=order.id, case=case.id, refunds=(Refunded("1", minor),)))

    return move


# --- the course -------------------------------------------------------------------------------------

CHAT = "郁兰舟 10000005678 浙江省杭州市西湖区文三路 88 号临湖酒店后勤入口"
HOTEL = "浙江省杭州市西湖区文三路 88 号临湖酒店"
RETAIL = {"name": "郁兰舟", "phone": "10000005678", "address": CHAT[16:]}
LINES = {"LN-2W": 1, "TW-1W": 4, "PL-1W": 2}
ACCOUNT = {"customer": "LH", "name": "周经理", "phone": "10000004040", "address": HOTEL}
BILL = {"invoice": "special", "title": "杭州临湖酒店用品有限公司", "tax_no": "91330106MA00LH001U"}
POSTCODES = every(*(repair(f"p{n}", "address_invalid", "use_suggestion") for n in range(12)))
SHIPPED = every(*(leaves(name, f"SJ00{n}") for n, name in enumerate(("one", "two", "three"))))

MOVES: Mapping[str, Mapping[str, Move]] = {
    "find_order": {"held": form(hold, "caller", reason="买家外出")},
    "read_gates": {
        "money": form(receive_payment, "money", amount="31800", method="transfer", paid_on="2026-06-13"),
        "word": form(resume, "word"),
    },
    "repair_address": {
        "province": repair("other", "address_invalid", "use_suggestion"),
        "postcode": repair("short", "address_invalid", "use_suggestion"),
        "asked": form(fix_address, "two", street="中山北路20号书香里5幢", **NANJING),
    },
    "match_sku": {"linen": match("linen", "LN-2N"), "box": match("box", "ST-2G")},
    "settle_duplicate": {
        "one": repair("again", "duplicate_suspect", "cancel_newer"),
        "all": repair("gift", "duplicate_suspect", "keep_both"),
    },
    "split_short": {"boxes": repair("mixed", "short_stock", "split_off")},
    "snooze_stock": {"asleep": asleep},
    "swap_item": {"blue": form(swap_item, "carpet", line="1", sku="RG-1B", reason="买家同意")},
    "correct_price": {
        "table": repair("dear", "price_anomaly", "list_price"),
        "on": repair("cheap", "price_anomaly", "accept_price"),
    },
    "read_note": {
        "size": form(swap_item, "size", line="1", sku="SC-2G", reason="买家备注，主管同意"),
        "on": repair("size", "note_request", "mark_read"),
        "day": repair("day", "note_request", "hold_order"),
        "read": repair("day", "note_request", "mark_read"),
    },
    "enter_order": {"lines": sell(LINES, **RETAIL)},
    "merge_orders": {
        "one": lambda g: g.form(
            merge.FORM, g.order("cloth"), other=g.deck.id("lamp"), third="", sure="yes", into="m-1"
        )
    },
    "fix_postcodes": {"whole": POSTCODES},
    "invoice_data": {"data": repair("hotel", "invoice_missing", "known_data")},
    "enter_business_order": {"lines": sell({"TW-2W": 40}, payment="account", **ACCOUNT)},
    "fit_credit": {"some": repair("large", "credit_hold", "split_to_fit")},
    "take_return": {
        "opened": form(open_return, "towels", kind="return", pieces="1\t1", reason="damaged", case="r-1"),
        "accepted": repair("box", "return_due", "accept"),
    },
    "refund_buyer": {"money": repair("covers", "return_due", "refund")},
    "reship_lost": {"sent": repair("lamp", "exchange_due", "send")},
    "pick_and_pack": {
        "picked": picked,
        "packed": lambda g: g.must(Pack(order=g.deck.id("parcel"), weight_g=900)),
    },
    "ship_parcels": {"gone": SHIPPED},
    "receive_stock": {"pieces": taken_in(24, "LF-2231")},
    "count_bin": {"stock": counted(18)},
    "grade_return": {"sellable": graded(sellable=2, defect=1)},
    "sign_review": {
        "right": verdict("right", is_right=True),
        "back": verdict("wrong", is_right=False),
    },
    "hand_over": {"taken": taken, "named": left(sentence="买家晚上回电话，回了就放行")},
}
"""What a clerk does for each goal that is missed; one deed may meet several."""

OTHER_WAYS: Mapping[str, Move] = {
    "repair_address": every(
        by_hand("other", province="浙江省"),
        by_hand("short", postcode=""),
        form(fix_address, "two", **{**NANJING, "postcode": ""}),
    ),
    "match_sku": every(
        match("linen", "LN-2N", for_shop=False),
        lambda g: g.form(match_sku.FORM, g.order("box"), sku="ST-2G"),
    ),
    "settle_duplicate": every(
        lambda g: g.must(Cancel(order=g.deck.id("first"), reason="买家点了两次")),
        repair("gift", "duplicate_suspect", "merge"),
    ),
    "split_short": form(split, "mixed", pieces="1\t2", sure="yes", keep="s-1", rest="s-2"),
    "correct_price": every(
        form(correct_price, "dear", line="1", price="45900", reason="标错价", scope="all"),
        repair("cheap", "price_anomaly", "accept_price"),
    ),
    "merge_orders": lambda g: g.must(Merge(orders=(g.deck.id("lamp"), g.deck.id("cloth")), into="m-2")),
    "invoice_data": form(invoice, "hotel", **BILL),
    "enter_order": sell({sku: LINES[sku] for sku in reversed(LINES)}, shop="TM1", **RETAIL),
    "read_note": every(
        repair("day", "note_request", "mark_read"),
        form(hold, "day", reason="等买家电话"),
        repair("size", "note_request", "mark_read"),
        form(swap_item, "size", line="1", sku="SC-2G", reason="买家备注，主管同意"),
    ),
    "count_bin": on_a_sheet,
    "receive_stock": every(taken_in(20, "LF-2231"), taken_in(4, "LF-2231")),
    "refund_buyer": form(refund_return, "covers", amount="15900"),
    "grade_return": form(grade_return, "cushions", grades="1/sellable\t2\n1/defect\t1"),
    "hand_over": every(left(remark="谷雨那单等电话"), taken),
    "fix_postcodes": every(*(by_hand(f"p{n}", postcode="") for n in range(12))),
}
"""Another right way to the same end."""

WRONG: Mapping[str, tuple[Move, frozenset[str]]] = {
    "find_order": (form(hold, "like", reason="买家外出"), frozenset({"held", "others"})),
    "read_gates": (
        form(receive_payment, "unpaid", amount="31800", method="transfer", paid_on="2026-06-13"),
        frozenset({"money", "word", "on", "unpaid"}),
    ),
    "repair_address": (by_hand("other"), frozenset({"province", "postcode", "asked", "on"})),
    "match_sku": (match("linen", "LN-2W"), frozenset({"linen", "box", "on"})),
    "settle_duplicate": (
        repair("again", "duplicate_suspect", "merge"),
        frozenset({"one", "all", "open"}),
    ),
    "split_short": (
        lambda g: g.must(Cancel(order=g.deck.id("mixed"), reason="没货")),
        frozenset({"boxes"}),
    ),
    "snooze_stock": (lambda g: asleep(g, "", 1), frozenset({"asleep"})),
    "swap_item": (
        form(swap_item, "carpet", line="1", sku="RG-2B", reason="颜色一样"),
        frozenset({"blue"}),
    ),
    "correct_price": (
        every(
            repair("dear", "price_anomaly", "accept_price"), repair("cheap", "price_anomaly", "list_price")
        ),
        frozenset({"table", "due", "offer", "on"}),
    ),
    "read_note": (
        every(repair("size", "note_request", "mark_read"), repair("day", "note_request", "mark_read")),
        frozenset({"size", "day"}),
    ),
    "enter_order": (sell({"LN-2W": 1}, payment="later", **RETAIL), frozenset({"lines", "paid", "on"})),
    "merge_orders": (repair("cloth", "merge_wait", "release_alone"), frozenset({"one"})),
    "fix_postcodes": (
        every(*(repair(f"p{n}", "address_invalid", "keep_as_written") for n in range(12))),
        frozenset({"whole"}),
    ),
    "invoice_data": (
        form(invoice, "hotel", **{**BILL, "invoice": "ordinary"}),
        frozenset({"data"}),
    ),
    "enter_business_order": (
        sell({"TW-2W": 40}, payment="paid", **{**ACCOUNT, "customer": ""}),
        frozenset({"lines", "price", "account", "on"}),
    ),
    "fit_credit": (
        lambda g: g.must(Cancel(order=g.deck.id("large"), reason="超额")),
        frozenset({"some", "all"}),
    ),
    "take_return": (
        form(open_return, "towels", kind="refund", pieces="1\t2", reason="damaged", case="r-1"),
        frozenset({"opened", "accepted"}),
    ),
    "refund_buyer": (paid_back(31_800 - 15_900 - 100), frozenset({"money"})),
    "reship_lost": (repair("lamp", "exchange_due", "refund"), frozenset({"sent", "free"})),
    "pick_and_pack": (
        lambda g: g.must(Pick(order=g.deck.id("parcel"), line="1", qty=1)),
        frozenset({"picked", "packed"}),
    ),
    "ship_parcels": (leaves("one", "SJ000"), frozenset({"gone", "labels"})),
    "receive_stock": (taken_in(25, "LF-2231"), frozenset({"pieces"})),
    "count_bin": (counted(19), frozenset({"stock", "count"})),
    "grade_return": (graded(sellable=3), frozenset({"sellable", "stained"})),
    "sign_review": (
        every(verdict("right", is_right=True), verdict("wrong", is_right=True)),
        frozenset({"back"}),
    ),
    "hand_over": (left(), frozenset({"taken", "said"})),
}
"""What a newcomer does first, and the goals that are named as missed then."""
