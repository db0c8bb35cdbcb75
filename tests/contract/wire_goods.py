"""One message of each verb and event about stock documents and after-sales cases."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.accept_return import AcceptReturn
from app.commands.age_lots import AgeLots
from app.commands.announce_stock import AnnounceStock
from app.commands.count_bin import CountBin
from app.commands.count_sheet import CountSheet
from app.commands.expire_lease import ExpireLease
from app.commands.grade_return import GradeReturn
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.keep_lots import KeepLots
from app.commands.lease_stock import LeaseStock
from app.commands.open_return import OpenReturn
from app.commands.quarantine import Quarantine
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.record_effect import RecordEffect
from app.commands.redo_effect import RedoEffect
from app.commands.refund_return import RefundReturn
from app.commands.reject_return import RejectReturn
from app.commands.reopen_return import ReopenReturn
from app.commands.return_lease import ReturnLease
from app.commands.reverse_refund import ReverseRefund
from app.commands.send_replacement import SendReplacement
from app.commands.send_transfer import SendTransfer
from app.commands.set_kit import SetKit
from app.commands.settle_effect import SettleEffect
from app.commands.undo_grading import UndoGrading
from app.commands.withdraw_effect import WithdrawEffect
from app.commands.withdraw_replacement import WithdrawReplacement
from app.commands.withdraw_return import WithdrawReturn
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain import events as e
from app.domain.aftersale import Asked, Grade, Graded, Refunded, Restocked, ReturnCase, ReturnKind
from app.domain.effect import EffectState, Outcome
from app.domain.goods import Bin, DocKind, DocState, StockDoc
from app.domain.kit import KitOf, Part
from app.domain.leasing import Ask, Shelf
from app.domain.lot import FromLot, InLots
from app.domain.order import Line
from app.domain.promised import Awaits, Reserved
from app.text import Text

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
CASE = ReturnCase(
    id="c1", kind=ReturnKind.RETURN, lines=(Asked("1", 2),), reason="damaged", opened_by="ann", opened_at=AT,
    since=AT,
)  # fmt: skip
GRADES = (Graded("1", Grade.SELLABLE, 1), Graded("1", Grade.DEFECT, 1))
SHELF = (Restocked("WH", "LN-220", 1),)
DOC = StockDoc(
    id="d1", kind=DocKind.TRANSFER, state=DocState.TRANSIT, warehouse="SZ", sku="LN-220", qty=4, target="WH",
    reference="T-1", by="floor", at=AT,
)  # fmt: skip

COMES = StockDoc(
    id="d1", kind=DocKind.ARRIVAL, state=DocState.EXPECTED, warehouse="SZ", sku="LN-220", qty=4, arrived=1,
    due_on=AT.date(), reference="PO-7", by="floor", at=AT,
)  # fmt: skip
AWAITS = Awaits(
    items=(Reserved("1", "SZ", "LN-220", 2),), later=("LN-220",), arrival="d1", reference="PO-7",
    promised_on=AT.date(), due_on=AT.date(),
)  # fmt: skip

COMMANDS = (
    KeepLots(sku="LN-220", in_lots=InLots(min_days=30, warn_days=10, is_strict=True)),
    RecallLot(sku="LN-220", lot="L7", reason="glass"),
    AgeLots(sku="LN-220"),
    AnnounceStock(
        doc="d1", warehouse="SZ", sku="LN-220", qty=4, due_on=AT.date(), reference="PO-7", is_quota=True
    ),
    SetKit(sku="KIT-1", parts=(Part(sku="LN-220", qty=2),), recipe=1),
    HoldCart(cart="o1", shop="TM1", lines=(Wanted(sku="LN-220", qty=2), Wanted(ext_sku="A-1", qty=0))),
    OpenReturn(order="o1", case="c1", kind=ReturnKind.EXCHANGE, asked=(Asked("1", 1),), reason="damaged"),
    WithdrawReturn(order="o1", case="c1"),
    AcceptReturn(order="o1", case="c1"),
    RejectReturn(order="o1", case="c1", reason="used"),
    ReopenReturn(order="o1", case="c1"),
    GradeReturn(order="o1", case="c1", warehouse="WH", grades=GRADES),
    UndoGrading(order="o1", case="c1"),
    RefundReturn(order="o1", case="c1", refunds=(Refunded("1", 500),)),
    ReverseRefund(order="o1", case="c1"),
    SendReplacement(order="o1", case="c1", replacement="c1-r1"),
    WithdrawReplacement(order="o1", case="c1", replacement="c1-r1"),
    ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=5, reference="DN-7", bin="A-01"),
    CountBin(doc="d1", warehouse="SZ", sku="LN-220", counted=12, base=10, reference="S-1"),
    Quarantine(doc="d1", warehouse="SZ", sku="LN-220", qty=2, reason="wet"),
    CountSheet(sheet="s1", warehouse="SZ", bins=(Bin("LN-220", 12, 10),), reference="S-1"),
    SendTransfer(doc="d1", warehouse="SZ", target="WH", sku="LN-220", qty=4, reference="T-1"),
    ReceiveTransfer(doc="d1", target="WH", sku="LN-220", arrived=3, reason="crushed"),
    WithdrawStockDoc(doc="d1", warehouse="SZ", sku="LN-220"),
    LeaseStock(items=(Ask("SZ", "LN-220", 3),)),
    ReturnLease(items=(Shelf("SZ", "LN-220"),)),
    ExpireLease(warehouse="SZ", sku="LN-220", holder="r1"),
    RecordEffect(
        key="confirm:o1:1", order="o1", fence=3, state=EffectState.DONE, text=Text("taken"), ref="T-9"
    ),
    RedoEffect(order="o1", key="confirm:o1:1"),
    WithdrawEffect(order="o1", key="confirm:o1:1"),
    SettleEffect(order="o1", key="confirm:o1:1"),
)

EVENTS = (
    e.LotsTaken(
        order="o1",
        line="1",
        sku="LN-220",
        lots=(FromLot("SZ", "L7", 2, AT.date()),),
        why="the carton is torn",
    ),
    e.LotsBarred(warehouse="SZ", sku="LN-220", barred=(("L7", "recalled"), ("L6", ""))),
    e.ArrivalSet(doc=COMES, is_told=False),
    e.StockAwaited(order="o1", awaits=AWAITS),
    e.AwaitMoved(order="o1", awaits=AWAITS, before=AT.date()),
    e.StockSetAside(warehouse="SZ", sku="LN-220"),
    e.AwaitEnded(order="o1", items=AWAITS.items),
    e.KitUnpacked(
        order="o1",
        line="1",
        sku="KIT-1",
        qty=1,
        parts=(
            Line(
                id="1+1",
                ext_sku="",
                sku="LN-220",
                qty=2,
                unit_price_minor=9,
                kit=KitOf(line="1", sku="KIT-1", recipe=1, qty=1),
            ),
        ),
    ),
    e.StockKept(order="o1", until=AT, minutes=30),
    e.StockLeased(warehouse="SZ", sku="LN-220", desk="r1", qty=3, until=AT),
    e.LeaseExceeded(order="o1"),
    e.EffectRecorded(
        order="o1",
        outcome=Outcome(
            key="confirm:o1:1", kind="confirm", state=EffectState.DONE, text=Text("taken"), at=AT, ref="T-9"
        ),
        fence=3,
    ),
    e.EffectAskedAgain(order="o1", key="confirm:o1:1", until=AT),
    e.EffectWithdrawn(
        order="o1",
        outcome=Outcome(
            key="confirm:o1:1", kind="confirm", state=EffectState.REJECTED, text=Text("Not taken"), at=AT
        ),
    ),
    e.ReturnOpened(order="o1", case=CASE),
    e.ReturnAccepted(order="o1", case="c1", by="ben", at=AT),
    e.ReturnRejected(order="o1", case="c1", reason="used", by="ben", at=AT),
    e.ReturnReopened(order="o1", case="c1", at=AT),
    e.ReturnWithdrawn(order="o1", case="c1", at=AT),
    e.ReturnEndedThere(order="o1", case="c1", at=AT),
    e.ReturnGraded(order="o1", case="c1", warehouse="WH", grades=GRADES, restocked=SHELF, by="floor", at=AT),
    e.GradingUndone(order="o1", case="c1", restocked=SHELF, at=AT),
    e.MoneyRefunded(
        order="o1", case="c1", refunds=(Refunded("1", 500, 32_000),), currency="CNY", by="ben", at=AT
    ),
    e.RefundReversed(order="o1", case="c1", at=AT),
    e.ReplacementSent(order="o1", case="c1", replacement="c1-r1", number="DK-o1-R1", at=AT),
    e.ReplacementWithdrawn(order="o1", case="c1", at=AT),
    e.StockReceived(doc=DOC, moves=(e.Moved("SZ", 5),), bin="A-01"),
    e.StockCounted(doc=DOC, moves=(e.Moved("SZ", 2),)),
    e.TransferSent(doc=DOC, moves=(e.Moved("SZ", -4),)),
    e.TransferArrived(doc=DOC, moves=(e.Moved("WH", 4),)),
    e.StockDocWithdrawn(doc=DOC, moves=(e.Moved("SZ", 4),)),
)
