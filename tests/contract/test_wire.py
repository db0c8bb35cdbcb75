"""The wire: every command and event reads back as written, and none changed its form unnoticed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec
import pytest

from app import engine
from app.commands.adjust_stock import AdjustStock
from app.commands.amend import Amend
from app.commands.answer_drill import AnswerDrill
from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.end_waiver import EndWaiver
from app.commands.export_orders import ExportOrders
from app.commands.fix_address import FixAddress
from app.commands.hear import Hear, Means
from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.new_order import NewOrder
from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.commands.open_case import OpenCase
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.plant_drill import PlantDrill
from app.commands.postpone import Postpone
from app.commands.print_paper import PrintPaper
from app.commands.put_back import PutBack
from app.commands.read_receiver import ReadReceiver
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.reopen import Reopen
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.set_credit import SetCredit
from app.commands.set_customer import SetCustomer
from app.commands.set_grants import SetGrants
from app.commands.set_hint import SetHint
from app.commands.set_holidays import SetHolidays
from app.commands.set_price_list import SetPriceList
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_shop import SetShop
from app.commands.set_stock import SetStock
from app.commands.set_user import SetUser
from app.commands.set_view import SetView
from app.commands.set_warehouse import SetWarehouse
from app.commands.settle import Settle
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.commands.split import Split
from app.commands.swap_item import SwapItem
from app.commands.waive import Waive
from app.commands.withdraw import Withdraw
from app.domain import events as e
from app.domain.carrier import Counted
from app.domain.classed import Classed
from app.domain.company import Customer, Grants, Holidays, PriceList, Shift, User
from app.domain.decision import Candidate, Decision, Parcel, Sending
from app.domain.drill import Drill, Mistake, Told
from app.domain.duplicate import Entry
from app.domain.hint import HintText
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.making import Part
from app.domain.order import Hold as OpenHold
from app.domain.order import Order as WholeOrder
from app.domain.order import Pause, Settled, Snag, Source, Status
from app.domain.order_view import OrderView, SharedView
from app.domain.promised import Reserved
from app.domain.revision import revised
from app.domain.rules import Rules
from app.domain.step_use import Advised, Hinted, StepUse
from app.domain.told import CaseKind, CaseState, ChannelCase
from app.domain.values import Receiver, Role
from app.domain.vouching import Signature, Vote, Waiver
from app.text import Text
from tests.builders import RECEIVER, REGION, SHOPS, WAREHOUSES, line, order, receive
from tests.contract import wire_duties, wire_floor, wire_goods, wire_training, wire_types

GOLDEN = Path(__file__).with_name("wire_golden.json")
AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
SNAG = Snag(kind="short_stock", severity="bad", text=Text("{n} short", {"n": 2}), opened_at=AT, due_at=AT)
ITEMS = (Reserved("1", "SZ", "LN-220", 2),)
PARCEL = Parcel(place="SZ", takes=(("1", 2),), weight_g=900, carrier="SJ", leaves_at=AT, arrives_at=AT)
CANDIDATES = (
    Candidate(places=("SZ",), km=90, has=2, wants=2, freight_minor=800, score=800, parcels=1, leaves_at=AT),
    Candidate(
        places=("WH",), km=700, has=0, wants=2, why_not=Text("has {has} of {wants} pieces", {"has": 0})
    ),
)
SENDING = Sending(lines=("1",), parcels=(PARCEL,), candidates=CANDIDATES, score=800, freight_minor=800, km=90)
DECISION = Decision(order="o1", policy="plain", version=0, inputs="0a1b", at=AT, sendings=(SENDING,))

SEEDED = WholeOrder(id="m1", number="DK-1", shop="TM1", ext_id="", ordered_at=AT, received_at=AT)
MISTAKE = Mistake(id="m1", fault="pieces", asked=SEEDED, shown=SEEDED)
DRILL = Drill(id="d1", person="anna", mistake="m1", asked=SEEDED, shown=SEEDED, checks=(), planted_at=AT)
COMMANDS = (
    receive(),
    Amend(order="o1", lines=(line(qty=2),), ship_by_at=AT, priority=10),
    FixAddress(order="o1", receiver=RECEIVER, region=REGION),
    MatchSku(shop="TM1", ext_sku="A-1", sku="LN-220", order="o1"),
    Hold(order="o1", reason="ask", until=AT),
    Resume(order="o1"),
    Settle(order="o1", kind="buyer_note", digest="d", reason="read"),
    Reopen(order="o1", kind="buyer_note", digest="d"),
    SignOff(order="o1", content_hash="h", revision=1, read_ms=9_000),
    RejectReview(order="o1", content_hash="h", reason="price", revision=1, read_ms=9_000),
    PlantDrill(person="anna", drill="d1", mistake="m1"),
    AnswerDrill(person="anna", drill="d1", mistake="m1", is_pass=True, read_ms=9_000),
    Pick(order="o1", line="1", qty=2),
    Pack(order="o1", weight_g=900),
    PrintPaper(order="o1", paper="label"),
    ReadReceiver(order="o1", reason="to call the buyer"),
    Ship(order="o1", carrier="SF", tracking_no="SF1"),
    Cancel(order="o1", reason="asked"),
    Restore(order="o1"),
    AdjustStock(warehouse="SZ", sku="LN-220", delta=-1, reason="count"),
    SetStock(warehouse="SZ", sku="LN-220", on_hand=12, reason="count of the WMS"),
    ReceivePayment(order="o1", amount_minor=100, method="cash", paid_on=date(2026, 6, 12)),
    SetRules(rules=Rules()),
    SetShop(shop=SHOPS["TM1"]),
    SetWarehouse(warehouse=WAREHOUSES["SZ"]),
    SetShift(shift=Shift(code="day", title="Day", since=time(8), until=time(18))),
    SetHolidays(holidays=Holidays(code="CN", title="CN", closed=(date(2026, 10, 1),))),
    SetUser(user=User(code="lin", title="Lin", role=Role.CLERK)),
    SetGrants(grants=Grants(user="lin", more=("sign_off",))),
    Recheck(order="o1"),
    OpenCase(case="c1", kind="unreadable_order", subject_id="r1", text=Text("why")),
    LetGo(case="c1", reason="known"),
    ExportOrders(count=3, format="csv", columns=("number",), filters=(("shop", "TM1"),), has_words=True),
    *wire_goods.COMMANDS,
    *wire_duties.COMMANDS,
    *wire_training.COMMANDS,
    *wire_types.COMMANDS,
    *wire_floor.COMMANDS,
    Merge(orders=("o1", "o2"), into="m"),
    Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 2),)))),
    PutBack(order="m"),
    NewOrder(
        order="n1",
        shop="TM1",
        lines=(line(ext_sku="", sku="LN-220"),),
        receiver=RECEIVER,
        region=REGION,
        invoice=Invoice(kind=InvoiceKind.SPECIAL, title="青禾", tax_no="91350100M000100Y43"),
    ),
    SwapItem(order="o1", line="1", sku="SF-001", reason="asked"),
    CorrectPrice(order="o1", line="1", unit_price_minor=30_000, reason="typed wrong"),
    Waive(order="o1", gate="price", content_hash="h", reason="promotion", until=AT),
    EndWaiver(order="o1", gate="price"),
    Withdraw(order="o1", file="orders.csv", by="clerk"),
    Hear(
        order="o1",
        means=Means.CASE,
        case=ChannelCase(
            id="r1",
            kind=CaseKind.RETURN_REFUND,
            state=CaseState.REQUESTED,
            version="2",
            line="1",
            qty=1,
            amount_minor=500,
        ),
        receiver=RECEIVER,
        region=REGION,
        topic="999",
    ),
    Postpone(order="o1", reason="back on Monday", until=AT),
    SetCustomer(
        customer=Customer(code="LH", title="Hotel", credit_minor=100, terms_days=30, price_list="HT")
    ),
    SetCredit(order="o1", customer="LH", rev=1, credit_minor=200, terms_days=30, reason="agreed"),
    SetPriceList(
        price_list=PriceList(code="HT", title="Hotels", prices={"LN-220": 24_000}, since_on=date(2026, 7, 1))
    ),
    SetView(view=SharedView(code="v1", title="Late", view=OrderView())),
    SetHint(hint=HintText(code="hold/reason", zh="为什么", en="Why")),
    NoteGuide(
        form="hold",
        steps=(StepUse(step="reason", advised=Advised.USED), StepUse(step="until", hinted=Hinted.FADED)),
    ),
    NoteHabit(user="clerk", right=("hold/reason",), wrong=("hold/until",), tours=("inbox",)),
)

EVENTS = (
    e.OrderReceived(content=order()),
    e.OrderAmended(order="o1", amendment=e.Amendment(lines=(line(),), ship_by_at=None), by="clerk"),
    e.AddressFixed(order="o1", receiver=RECEIVER, region=REGION, by="clerk"),
    e.LinesMatched(order="o1", skus=(("1", "LN-220"),), by="clerk"),
    e.SkuMapped(shop="TM1", ext_sku="A-1", sku="LN-220", by="clerk", at=AT),
    e.StockReserved(order="o1", warehouse="SZ", items=ITEMS, decision=DECISION),
    e.StockReleased(order="o1", items=ITEMS),
    e.StockShipped(order="o1", items=ITEMS),
    e.StockAdjusted(warehouse="SZ", sku="LN-220", delta=3, reason="count", by="floor"),
    e.StatusChanged(order="o1", before=Status.GATED, after=Status.RELEASED, at=AT),
    e.SnagRaised(order="o1", snag=SNAG),
    e.SnagCleared(order="o1", kind="short_stock", text=SNAG.text),
    e.SnagSettled(
        order="o1", settled=Settled(kind="note_request", digest="d", by="clerk", at=AT), text=SNAG.text
    ),
    e.SnagReopened(order="o1", kind="buyer_note", digest="d"),
    e.HoldOpened(order="o1", hold=OpenHold(gate="stock", state="waits", text=SNAG.text, opened_at=AT)),
    e.HoldClosed(order="o1", gate="stock"),
    e.OrderPaused(order="o1", pause=Pause(reason="ask", by="clerk", at=AT)),
    e.OrderResumed(order="o1"),
    e.LineHeld(order="o1", line="2", article="CT-180", reason="colour in doubt"),
    e.LineResumed(order="o1", line="2", article="CT-180", reason="it is grey"),
    e.PauseMoved(
        order="o1",
        pause=Pause(reason="ask", by="clerk", at=AT),
        reason="later",
        by="clerk",
        until_on="2026-06-13",
    ),
    e.SignaturesAsked(order="o1", count=2),
    e.MistakeKept(mistake=MISTAKE),
    e.DrillPlanted(drill=DRILL),
    e.DrillAnswered(person="anna", drill="d1", at=AT, told=Told(fault="pieces", is_found=True, at=AT)),
    e.VerdictGiven(
        order="o1",
        user="anna",
        vote=Vote(user="anna", content_hash="h", revision=1, maker="channel", is_pass=True, at=AT),
    ),
    e.SignedOff(order="o1", signature=Signature(user="anna", content_hash="h", maker="channel", at=AT)),
    e.ReviewRejected(order="o1", reason="price", by="anna"),
    e.PaymentReceived(
        order="o1", amount_minor=100, by="clerk", currency="CNY", method="cash", paid_on=date(2026, 6, 12)
    ),
    e.CreditMoved(order="o1", customer="LH", amount_minor=100, delta_minor=100),
    e.RoomCounted(order="o1", was=None, now=Counted(carrier="house/SZ", day=AT.date()), on=AT.date()),
    e.ParcelCounted(order="o1", was=None, now=Counted(carrier="SJ", day=AT.date()), on=AT.date()),
    e.LinePicked(order="o1", line="1", qty=1),
    e.OrderPacked(order="o1", weight_g=900, by="floor"),
    e.PaperPrinted(order="o1", paper="label", copy=1, by="floor"),
    e.ReceiverRead(order="o1", reason="to call the buyer", by="clerk"),
    e.OrderShipped(order="o1", carrier="SF", tracking_no="SF1"),
    e.NumberCorrected(
        order="o1", parcel="o1", carrier="SF", was="SF1", now="SF2", why="it was scanned or typed wrong"
    ),
    e.OrderClassed(order="o1", classed=Classed(code="BIG", title="Large", said=Text("all others"))),
    e.MemoWritten(order="o1", memo=Receiver(memo="gift"), by="clerk", is_ours=True),
    e.OrderTouched(order="o1"),
    e.MakerChanged(order="o1", maker="clerk"),
    e.OrderWithdrawn(order="o1", file="orders.csv", by="clerk"),
    e.TwinsNoted(
        order="o1",
        block_keys=("phone:1",),
        entry=Entry(order="o1", number="DK-1", at=AT, goods=(("LN-220", 1),), payable_minor=1),
        window_h=72,
    ),
    e.TwinsDropped(order="o1", block_keys=("phone:1",)),
    e.SettingSet(revision=revised("rules", "current", None, Rules(), "lead", AT)),
    e.CaseOpened(id="c1", snag=SNAG, subject="raw", subject_id="r1"),
    e.CaseClosed(id="c1"),
    *wire_goods.EVENTS,
    *wire_duties.EVENTS,
    *wire_training.EVENTS,
    *wire_types.EVENTS,
    *wire_floor.EVENTS,
    e.OrderMade(content=order("m", made_from=(Source(order="o1", number="DK-o1", lines=(("1", "1.1"),)),))),
    e.OrderReplaced(order="o1", by=("m",), numbers=("DK-o1+1",), decision=DECISION),
    e.OrderPutBack(order="o1"),
    e.SourceShipped(order="o1", parcel="m", carrier="SF", tracking_no="SF1"),
    e.ItemSwapped(order="o1", line="1", before="LN-220", after="SF-001", reason="asked", by="clerk"),
    e.PriceCorrected(
        order="o1",
        line="1",
        before_minor=32_000,
        after_minor=30_000,
        delta_minor=-2_000,
        currency="CNY",
        reason="typed wrong",
        by="clerk",
    ),
    e.GateWaived(
        order="o1",
        waiver=Waiver(gate="price", seal="s", reason="promotion", by="lead", role="lead", at=AT, until=AT),
    ),
    e.WaiverEnded(order="o1", gate="price"),
    e.HabitNoted(user="clerk", right=("hold/reason",), wrong=("hold/until",), tours=("inbox",)),
)


@pytest.mark.parametrize("message", [*COMMANDS, *EVENTS], ids=lambda m: type(m).__name__)
def test_a_message_reads_back_as_it_was_written(message):
    assert msgspec.json.decode(msgspec.json.encode(message), type=type(message)) == message


def _leaves(kind):
    below = kind.__subclasses__()
    return [leaf for one in below for leaf in _leaves(one)] or [kind]


def test_every_verb_and_every_event_is_here():
    assert {type(command) for command in COMMANDS} == {spec.type for spec in engine.SPECS.values()}
    assert {type(event) for event in EVENTS} == set(_leaves(e.Event))


def test_no_message_changed_its_form():
    """A new field with a default joins the golden file; anything else needs a new `rev` or a new name."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))

    written = {type(m).__name__: json.loads(msgspec.json.encode(m)) for m in (*COMMANDS, *EVENTS)}
    assert written == golden


def test_a_desk_of_before_is_understood():
    """Fields with a default may be absent: messages of an older desk still read."""
    old = b'{"shop":"TM1","ext_sku":"A-1","sku":"LN-220"}'

    assert msgspec.json.decode(old, type=MatchSku) == MatchSku(shop="TM1", ext_sku="A-1", sku="LN-220")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_names_its_rows_and_speaks_without_personal_data(event):
    assert event.keys()
    said = msgspec.json.encode(event.says()).decode()
    for personal in (RECEIVER.name, RECEIVER.phone, RECEIVER.street):
        assert personal not in said
