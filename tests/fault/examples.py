"""For every verb a company in which it is valid: what happened before, who asks, and what is asked.

The k-th failure test gives each of them while everything fails that can fail.
"""

from __future__ import annotations

from datetime import date, time, timedelta

import msgspec
from builders import NOW, RECEIVER, REGION, line
from hub_world import bought
from past import GOODS, Ask, Example, Past
from seeded import planted, sent_back

from app.command import Command
from app.commands.accept_return import AcceptReturn
from app.commands.adjust_stock import AdjustStock
from app.commands.amend import Amend
from app.commands.announce_stock import AnnounceStock
from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.count_bin import CountBin
from app.commands.count_sheet import CountSheet
from app.commands.end_waiver import EndWaiver
from app.commands.export_orders import ExportOrders
from app.commands.fix_address import FixAddress
from app.commands.grade_return import GradeReturn
from app.commands.hold import Hold
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.leave_shift import LeaveShift
from app.commands.let_go import LetGo
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.new_order import NewOrder
from app.commands.open_case import OpenCase
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.print_paper import PrintPaper
from app.commands.put_back import PutBack
from app.commands.quarantine import Quarantine
from app.commands.read_again import ReadAgain
from app.commands.read_receiver import ReadReceiver
from app.commands.receive_payment import ReceivePayment
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.recheck import Recheck
from app.commands.refund_return import RefundReturn
from app.commands.reject_return import RejectReturn
from app.commands.reject_review import RejectReview
from app.commands.reopen import Reopen
from app.commands.reopen_return import ReopenReturn
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.reverse_refund import ReverseRefund
from app.commands.send_replacement import SendReplacement
from app.commands.send_transfer import SendTransfer
from app.commands.set_gate_profile import SetGateProfile
from app.commands.set_grants import SetGrants
from app.commands.set_holidays import SetHolidays
from app.commands.set_kit import SetKit
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_shop import SetShop
from app.commands.set_sign_policy import SetSignPolicy
from app.commands.set_user import SetUser
from app.commands.set_warehouse import SetWarehouse
from app.commands.settle import Settle
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.commands.split import Split
from app.commands.swap_item import SwapItem
from app.commands.take_shift import TakeShift
from app.commands.undo_grading import UndoGrading
from app.commands.waive import Waive
from app.commands.withdraw_replacement import WithdrawReplacement
from app.commands.withdraw_return import WithdrawReturn
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain import kit
from app.domain.aftersale import Asked, Grade, Graded, Refunded, ReturnKind
from app.domain.company import Grants, Holidays, Shift, User
from app.domain.gate_profile import GateProfile
from app.domain.goods import Bin
from app.domain.handover import seal_of
from app.domain.making import Part
from app.domain.rules import Rules
from app.domain.sign_policy import SignPolicy
from app.domain.values import Role
from app.text import Text
from tests.builders import SHOPS, WAREHOUSES

ALWAYS = Rules(review_from=time(0), review_until=time(23, 59, 59), review_above_minor=1)


def one_order(past: Past) -> Past:
    """One order came in."""
    return past.sold("o1")


def _two(past: Past) -> Past:
    goods = (line(ext_sku="A-2", unit_price_minor=19_900, qty=2),)
    return past.sold("o1").sold("o2", lines=goods, receiver=bought("o1").receiver)


def _settle(past: Past) -> Settle:
    snag = past.hub.order().snag("note_request")
    return Settle(order="o1", kind="note_request", digest=snag.digest if snag else "", reason="read")


def noted(past: Past) -> Past:
    """One order came in with a note somebody has to read."""
    receiver = msgspec.structs.replace(bought("o1").receiver, note="周六之前要到")
    return past.sold("o1", receiver=receiver)


def _reopen(past: Past) -> Reopen:
    settled = past.hub.order().settled[0]
    return Reopen(order="o1", kind="note_request", digest=settled.digest)


def _case(past: Past) -> object:
    return past.hub.channel.must(
        OpenCase(case="c9", kind="unreadable_order", subject_id="r1", text=Text("why"))
    )


def _of_channel(past: Past) -> object:
    case = OpenCase(case="shop:TM1:9", kind="unreadable_order", subject_id="r2", text=Text("why"))
    return past.hub.channel.must(case)


def _picked(past: Past) -> Past:
    return one_order(past).by(Role.WAREHOUSE, Pick(order="o1", line="1"))


def _cheap(past: Past) -> Past:
    return past.sold("o1", payable_minor=1_000, paid_minor=1_000)


def _waive(past: Past) -> Waive:
    until = NOW + timedelta(days=2)
    return Waive(
        order="o1", gate="price", content_hash=past.hub.order().content_hash, reason="promotion", until=until
    )


def _made(past: Past) -> Past:
    return _two(past).by(Role.CLERK, Merge(orders=("o1", "o2"), into="m"))


def _new(_past: Past) -> NewOrder:
    receiver = msgspec.structs.replace(RECEIVER, phone="13911112222", street="解放路1号")
    goods = (line(ext_sku="", sku="LN-220"),)
    return NewOrder(order="n1", shop="TM1", lines=goods, receiver=receiver, region=REGION, paid_minor=32_000)


def nothing(_past: Past) -> None:
    """Nothing happened before."""


def says(command: Command) -> Ask:
    """Ask for exactly this."""
    return lambda _past: command


def _doc(past: Past) -> Past:
    return past.by(
        Role.WAREHOUSE, ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=5, reference="DN-7")
    )


def _sent(past: Past) -> Past:
    transfer = SendTransfer(doc="d1", warehouse="SZ", target="WH", sku="LN-220", qty=4, reference="T-1")
    return past.by(Role.WAREHOUSE, transfer)


_REFUND = RefundReturn(order="o1", case="c1", refunds=(Refunded("1", 500),))
_REPLACE = SendReplacement(order="o1", case="c1", replacement="c1-r1")
_MOVED = FixAddress(
    order="o1", receiver=msgspec.structs.replace(RECEIVER, street="文晖路7号1幢101"), region=REGION
)


def _left(past: Past) -> object:
    return past.by(Role.CLERK, LeaveShift(id="h1"))


EXAMPLES: dict[str, Example] = {
    "amend": Example(Role.CLERK, one_order, says(Amend(order="o1", priority=10))),
    "fix_address": Example(Role.CLERK, one_order, says(_MOVED)),
    "match_sku": Example(
        Role.CLERK,
        lambda past: past.sold("o1", lines=(line(ext_sku="X-9"),)),
        says(MatchSku(shop="TM1", ext_sku="X-9", sku="LN-220", order="o1")),
    ),
    "leave_shift": Example(Role.CLERK, nothing, says(LeaveShift(id="h1", remark="A quiet night."))),
    "take_shift": Example(Role.LEAD, _left, says(TakeShift(id="h1", seal=seal_of("", (), "", passes=False)))),
    "hold": Example(Role.CLERK, one_order, says(Hold(order="o1", reason="ask"))),
    "resume": Example(
        Role.CLERK,
        lambda past: one_order(past).by(Role.LEAD, Hold(order="o1", reason="ask")),
        says(Resume(order="o1")),
    ),
    "settle": Example(Role.CLERK, noted, _settle),
    "reopen": Example(Role.CLERK, lambda past: noted(past).by(Role.LEAD, _settle(past)), _reopen),
    "sign_off": Example(
        Role.REVIEWER,
        one_order,
        lambda past: SignOff(order="o1", content_hash=past.hub.order().content_hash),
        ALWAYS,
    ),
    "answer_drill": Example(Role.REVIEWER, planted, sent_back, ALWAYS),
    "reject_review": Example(
        Role.REVIEWER,
        one_order,
        lambda past: RejectReview(order="o1", content_hash=past.hub.order().content_hash, reason="price"),
        ALWAYS,
    ),
    "pick": Example(Role.WAREHOUSE, one_order, says(Pick(order="o1", line="1"))),
    "pack": Example(Role.WAREHOUSE, _picked, says(Pack(order="o1", weight_g=900))),
    "print_paper": Example(
        Role.WAREHOUSE,
        lambda past: _picked(past).by(Role.WAREHOUSE, Pack(order="o1", weight_g=900)),
        says(PrintPaper(order="o1", paper="label")),
    ),
    "read_receiver": Example(
        Role.CLERK, one_order, says(ReadReceiver(order="o1", reason="to call the buyer"))
    ),
    "ship": Example(
        Role.WAREHOUSE,
        lambda past: _picked(past).by(Role.WAREHOUSE, Pack(order="o1", weight_g=900)),
        says(Ship(order="o1", carrier="SF", tracking_no="SF1")),
    ),
    "cancel": Example(Role.CLERK, one_order, says(Cancel(order="o1", reason="asked"))),
    "restore": Example(
        Role.CLERK,
        lambda past: one_order(past).by(Role.LEAD, Cancel(order="o1", reason="asked")),
        says(Restore(order="o1")),
    ),
    "adjust_stock": Example(
        Role.WAREHOUSE, nothing, says(AdjustStock(warehouse="SZ", sku="LN-220", delta=-1, reason="count"))
    ),
    "receive_payment": Example(
        Role.CLERK,
        lambda past: past.sold("o1", paid_minor=0),
        says(ReceivePayment(order="o1", amount_minor=100)),
    ),
    "set_rules": Example(Role.LEAD, nothing, says(SetRules(rules=Rules(duplicate_window_h=48)))),
    "set_shop": Example(
        Role.LEAD, nothing, says(SetShop(shop=msgspec.structs.replace(SHOPS["TM1"], title="青禾")))
    ),
    "set_warehouse": Example(
        Role.LEAD,
        nothing,
        says(SetWarehouse(warehouse=msgspec.structs.replace(WAREHOUSES["SZ"], title="苏州"))),
    ),
    "set_shift": Example(
        Role.LEAD,
        nothing,
        says(SetShift(shift=Shift(code="day", title="Day", since=time(8), until=time(18)))),
    ),
    "set_holidays": Example(
        Role.LEAD,
        nothing,
        says(SetHolidays(holidays=Holidays(code="CN", title="CN", closed=(date(2026, 10, 1),)))),
    ),
    "set_user": Example(
        Role.ADMIN, nothing, says(SetUser(user=User(code="lin", title="Lin", role=Role.CLERK)))
    ),
    "set_grants": Example(
        Role.ADMIN, nothing, says(SetGrants(grants=Grants(user="clerk", more=("sign_off",))))
    ),
    "recheck": Example(Role.CLERK, one_order, says(Recheck(order="o1"))),
    "let_go": Example(Role.CLERK, _case, says(LetGo(case="c9", reason="known"))),
    "read_again": Example(Role.CLERK, _of_channel, says(ReadAgain(case="shop:TM1:9"))),
    "export_orders": Example(
        Role.LEAD,
        one_order,
        says(
            ExportOrders(
                count=3, format="csv", columns=("number",), filters=(("shop", "TM1"),), has_words=True
            )
        ),
    ),
    "open_return": Example(
        Role.CLERK,
        lambda past: past.sold("o1", lines=GOODS).shipped(),
        says(
            OpenReturn(
                order="o1", case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 2),), reason="damaged"
            )
        ),
    ),
    "withdraw_return": Example(Role.CLERK, Past.returned, says(WithdrawReturn(order="o1", case="c1"))),
    "accept_return": Example(Role.LEAD, Past.returned, says(AcceptReturn(order="o1", case="c1"))),
    "reject_return": Example(
        Role.LEAD, Past.returned, says(RejectReturn(order="o1", case="c1", reason="used"))
    ),
    "reopen_return": Example(Role.LEAD, Past.accepted, says(ReopenReturn(order="o1", case="c1"))),
    "grade_return": Example(
        Role.WAREHOUSE,
        Past.accepted,
        says(GradeReturn(order="o1", case="c1", warehouse="WH", grades=(Graded("1", Grade.SELLABLE, 2),))),
    ),
    "undo_grading": Example(Role.WAREHOUSE, Past.graded, says(UndoGrading(order="o1", case="c1"))),
    "refund_return": Example(Role.CLERK, Past.graded, says(_REFUND)),
    "reverse_refund": Example(
        Role.CLERK,
        lambda past: past.graded().by(Role.LEAD, _REFUND),
        says(ReverseRefund(order="o1", case="c1")),
    ),
    "send_replacement": Example(Role.CLERK, lambda past: past.graded(ReturnKind.EXCHANGE), says(_REPLACE)),
    "withdraw_replacement": Example(
        Role.CLERK,
        lambda past: past.graded(ReturnKind.EXCHANGE).by(Role.LEAD, _REPLACE),
        says(WithdrawReplacement(order="o1", case="c1", replacement="c1-r1")),
    ),
    "announce_stock": Example(
        Role.WAREHOUSE,
        nothing,
        says(
            AnnounceStock(
                doc="d1",
                warehouse="SZ",
                sku="LN-220",
                qty=5,
                due_on=NOW.date() + timedelta(days=7),
                reference="PO-7",
            )
        ),
    ),
    "receive_stock": Example(
        Role.WAREHOUSE,
        nothing,
        says(ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=5, reference="DN-7", bin="A-01")),
    ),
    "count_bin": Example(
        Role.WAREHOUSE,
        nothing,
        says(CountBin(doc="d1", warehouse="SZ", sku="LN-220", counted=11, base=10, reference="S-1")),
    ),
    "quarantine": Example(
        Role.WAREHOUSE,
        nothing,
        says(Quarantine(doc="d1", warehouse="SZ", sku="LN-220", qty=2, reason="wet")),
    ),
    "count_sheet": Example(
        Role.WAREHOUSE,
        nothing,
        says(CountSheet(sheet="s1", warehouse="SZ", bins=(Bin("LN-220", 11, 10), Bin("CT-180", 90, 10)))),
    ),
    "send_transfer": Example(
        Role.WAREHOUSE,
        nothing,
        says(SendTransfer(doc="d1", warehouse="SZ", target="WH", sku="LN-220", qty=4, reference="T-1")),
    ),
    "receive_transfer": Example(
        Role.WAREHOUSE,
        _sent,
        says(ReceiveTransfer(doc="d1", target="WH", sku="LN-220", arrived=3, reason="crushed")),
    ),
    "withdraw_stock_doc": Example(
        Role.WAREHOUSE, _doc, says(WithdrawStockDoc(doc="d1", warehouse="SZ", sku="LN-220"))
    ),
    "merge": Example(Role.CLERK, _two, says(Merge(orders=("o1", "o2"), into="m"))),
    "split": Example(
        Role.CLERK,
        lambda past: past.sold("o1", lines=(line(qty=3),)),
        says(Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 2),))))),
    ),
    "put_back": Example(Role.CLERK, _made, says(PutBack(order="m"))),
    "new_order": Example(Role.CLERK, nothing, _new),
    "swap_item": Example(
        Role.CLERK, one_order, says(SwapItem(order="o1", line="1", sku="SF-001", reason="asked"))
    ),
    "correct_price": Example(
        Role.CLERK,
        one_order,
        says(CorrectPrice(order="o1", line="1", unit_price_minor=30_000, reason="typed wrong")),
    ),
    "hold_cart": Example(
        Role.CLERK, nothing, says(HoldCart(cart="later", shop="TM1", lines=(Wanted(sku="LN-220", qty=1),)))
    ),
    "set_kit": Example(
        Role.CLERK, nothing, says(SetKit(sku="SF-001", parts=(kit.Part(sku="LN-220", qty=2),)))
    ),
    "set_gate_profile": Example(
        Role.LEAD, nothing, says(SetGateProfile(profile=GateProfile(code="ALL", title="All")))
    ),
    "set_sign_policy": Example(
        Role.LEAD, nothing, says(SetSignPolicy(policy=SignPolicy(code="ALL", title="All", other_role=True)))
    ),
    "waive": Example(Role.LEAD, _cheap, _waive),
    "end_waiver": Example(
        Role.LEAD,
        lambda past: _cheap(past).by(Role.LEAD, _waive(past)),
        says(EndWaiver(order="o1", gate="price")),
    ),
}
