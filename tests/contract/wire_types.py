"""One message of every verb and event that exception types and their repairs brought along."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.call_back import CallBack
from app.commands.cancel_visit import CancelVisit
from app.commands.choose_carrier import ChooseCarrier
from app.commands.classify import Classify
from app.commands.clear_buyer import ClearBuyer
from app.commands.close_lane import CloseLane
from app.commands.correct_number import CorrectNumber
from app.commands.finish_visit import FinishVisit
from app.commands.hear_channel import HearChannel
from app.commands.move_visit import MoveVisit
from app.commands.new_article import NewArticle
from app.commands.plan_visit import PlanVisit
from app.commands.record_scan import RecordScan
from app.commands.redeliver import Redeliver
from app.commands.restore_terms import RestoreTerms
from app.commands.resubmit_invoice import ResubmitInvoice
from app.commands.send_contract import SendContract
from app.commands.send_message import SendMessage
from app.commands.set_article import SetArticle
from app.commands.set_carrier import SetCarrier
from app.commands.set_gate_profile import SetGateProfile
from app.commands.set_invoice import SetInvoice
from app.commands.set_order_class import SetOrderClass
from app.commands.set_outlet import SetOutlet
from app.commands.set_sign_policy import SetSignPolicy
from app.commands.set_snag_rule import SetSnagRule
from app.commands.set_source_policy import SetSourcePolicy
from app.commands.set_stock_policy import SetStockPolicy
from app.commands.set_template import SetTemplate
from app.commands.set_wording import SetWording
from app.commands.sign_contract import SignContract
from app.commands.take_address import TakeAddress
from app.commands.take_contract_back import TakeContractBack
from app.commands.take_phone import TakePhone
from app.commands.watch_buyer import WatchBuyer
from app.commands.withdraw_message import WithdrawMessage
from app.commands.write_memo import WriteMemo
from app.domain import events as e
from app.domain.announced import Announced
from app.domain.carrier import Carriage, Carrier, NotServed, PickUp
from app.domain.catalogue import Sku
from app.domain.contract import Contract, Sold, Template, Terms
from app.domain.freight import Fare
from app.domain.gate_profile import GateProfile, Limit
from app.domain.invoice import Bill, BillLine, Invoice, InvoiceKind
from app.domain.message import Message
from app.domain.offering import Mode, StockPolicy
from app.domain.order import ChannelState
from app.domain.order_class import OrderClass
from app.domain.scan import AskedFor, Errand, Scan, ScanKind
from app.domain.sign_policy import SignPolicy
from app.domain.snag_rule import Clause, SnagRule
from app.domain.source_policy import Policy
from app.domain.values import Receiver
from app.domain.visit import Area, Outlet, Part, Visit
from app.domain.watch import Watch
from app.domain.waybill import Waybill
from app.domain.wording import Wording
from app.text import Text
from tests.builders import RECEIVER, REGION

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
SCAN = Scan(kind=ScanKind.FAILED, at=AT, reason="not_home")
ERRAND = Errand(what=AskedFor.REDELIVER, key="redeliver:o1:1", at=AT)
WAYBILL = Waybill(key="label:o1:1", carrier="SJ", service="standard", there="d1", at=AT)
INVOICE = Invoice(kind=InvoiceKind.SPECIAL, title="Hotel", tax_no="91330106MA00LH001U")
BILL = Bill(
    key="invoice:o1:2",
    to="d1",
    lines=(BillLine(line="1", qty=1, amount_minor=32_000),),
    tax_pct=13,
    provider="hx",
    asked_at=AT,
    red_of="invoice:o1:1",
)
TERMS = Terms(
    customer="LH",
    currency="CNY",
    lines=(Sold(id="1", ext_sku="A-1", sku="LN-220", title="Set", qty=2, unit_price_minor=32_000),),
    total_minor=64_000,
    payable_minor=64_000,
    pay_days=30,
)
CONTRACT = Contract(
    id="o1-c1",
    terms=TERMS,
    digest="d1",
    text="text",
    template="HT",
    sent_at=AT,
    sent_by="clerk",
    file_sha256="ab" * 32,
    signed_on=AT.date(),
    noted_by="clerk",
)
VISIT = Visit(outlet="HZ1", day=AT.date(), part=Part.MORNING, planned_by="clerk", planned_at=AT, is_done=True)

COMMANDS = (
    Classify(order="o1", state=ChannelState.TO_SHIP),
    PlanVisit(order="o1", outlet="HZ1", day=AT.date(), part=Part.MORNING),
    MoveVisit(order="o1", outlet="HZ1", day=AT.date(), part=Part.AFTERNOON),
    CancelVisit(order="o1"),
    FinishVisit(order="o1", is_done=False),
    SetOutlet(outlet=Outlet(code="HZ1", title="Hangzhou", areas=(Area(province="浙江省", city="杭州市"),))),
    SetStockPolicy(
        policy=StockPolicy(
            code="HOT", title="Hot", mode=Mode.CAP, amount=40, channels=("TM",), articles=("LN-*",)
        )
    ),
    SendContract(order="o1", contract="o1-c1", template="HT"),
    SignContract(order="o1", contract="o1-c1", file_sha256="ab" * 32, signed_on=AT.date()),
    TakeContractBack(order="o1", contract="o1-c1"),
    RestoreTerms(order="o1", terms=TERMS),
    SetTemplate(template=Template(code="HT", title="Hotels", text="{number}")),
    ResubmitInvoice(order="o1", key="invoice:o1:1", invoice=INVOICE, provider="hx"),
    SetInvoice(order="o1", invoice=INVOICE),
    TakeAddress(order="o1", said="d1"),
    WatchBuyer(order="o1", what="refused", reason="refused three parcels"),
    ClearBuyer(order="o1"),
    ChooseCarrier(order="o1", carrier="SJ"),
    CloseLane(carrier="SJ", lane="T1"),
    RecordScan(order="o1", scan=SCAN),
    CorrectNumber(order="o1", tracking_no="SF0002"),
    WriteMemo(order="o1", memo=Receiver(memo="gift")),
    HearChannel(shop="TM1", hears=("memo",)),
    SetOrderClass(row=OrderClass(code="BIG", title="Large", clauses=(Clause("payable", "at_least", "500"),))),
    Redeliver(order="o1", receiver=RECEIVER, region=REGION),
    CallBack(order="o1", case="c1"),
    TakePhone(order="o1", phone_of="p1"),
    NewArticle(
        shop="TM1", ext_sku="X", order="o1", sku="X", title="T", list_price_minor=100, barcode="1", weight_g=2
    ),
    SetArticle(sku="X", title="T", list_price_minor=100, barcode="1", weight_g=2),
    SetCarrier(
        carrier=Carrier(
            code="SJ",
            title="Ridge",
            services=("standard",),
            fares=(Fare(first_minor=800, step_minor=200),),
            not_served=(NotServed(province="西藏自治区", until_on=AT.date()),),
            points=(PickUp(province="浙江省", city="杭州市", district="西湖区", street="90"),),
        )
    ),
    SendMessage(order="o1", kind="short_stock", template="awaited", key="notify:o1:1"),
    WithdrawMessage(order="o1", kind="short_stock", template="awaited", key="notify:o1:1"),
    SetSourcePolicy(policy=Policy(code="ALL", title="All", channels=("TM",))),
    SetGateProfile(
        profile=GateProfile(
            code="TM", title="Tmall", shops=("TM1",), limits=(Limit("price_floor_pct", 50),), all_day=True
        )
    ),
    SetSignPolicy(policy=SignPolicy(code="BIG", title="Large", least_minor=500_000, roles=("lead",))),
    SetWording(words=Wording(code="phone", zh="请回复电话", en="Please reply")),
    SetSnagRule(
        rule=SnagRule(
            code="BIG", title="Large", clauses=(Clause("payable", "at_least", "500"),), group="lead"
        )
    ),
)
EVENTS = (
    e.ArticleSet(article=Sku(code="X", title="T", list_price_minor=100, is_draft=True), by="lin"),
    e.StateClassified(order="o1", before=ChannelState.UNKNOWN, after=ChannelState.TO_SHIP, by="clerk"),
    e.AddressTaken(order="o1", there=Announced(receiver=RECEIVER, region=REGION, said="d1"), by="clerk"),
    e.BuyerWatched(
        order="o1", block_keys=("phone:d",), watch=Watch(what="refused", reason="refused", by="wu", at=AT)
    ),
    e.CarrierChosen(
        order="o1", carriage=Carriage(carrier="SJ", service="standard", cost_minor=800, why=Text("first"))
    ),
    e.ParcelScanned(order="o1", scan=SCAN),
    e.ScanTakenBack(order="o1", scan=SCAN),
    e.CarrierAsked(order="o1", errand=ERRAND, receiver=RECEIVER, region=REGION, by="clerk"),
    e.LabelAsked(order="o1", waybill=WAYBILL),
    e.LabelVoided(order="o1", waybill=WAYBILL),
    e.MessageWritten(
        order="o1",
        message=Message(
            key="notify:o1:1",
            template="phone",
            kind="receiver_invalid",
            words="Hello",
            by="lin",
            at=AT,
            leaves_at=AT,
        ),
    ),
    e.MessageWithdrawn(order="o1", key="notify:o1:1"),
    e.InvoiceSet(order="o1", invoice=INVOICE, by="clerk"),
    e.BillAsked(order="o1", bill=BILL, currency="CNY"),
    e.VisitPlanned(order="o1", visit=VISIT, was=VISIT),
    e.VisitCancelled(order="o1", visit=VISIT, on=AT.date()),
    e.VisitFinished(order="o1", visit=VISIT),
    e.ContractSent(order="o1", contract=CONTRACT),
    e.ContractSigned(order="o1", contract=CONTRACT),
    e.ContractTakenBack(order="o1", contract=CONTRACT, is_unsent=True),
    e.TermsRestored(order="o1", terms=TERMS, by="clerk"),
)
