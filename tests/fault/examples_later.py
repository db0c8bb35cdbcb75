"""More of `examples`: settings a lead publishes, and verbs that came later."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from builders import NOW, RECEIVER, REGION, line
from examples import EXAMPLES, noted, nothing, one_order, says
from examples_lots import LOTS
from examples_training import TRAINING
from hub_world import bought
from past import Example, Past

from app.commands.call_back import CallBack
from app.commands.cancel_visit import CancelVisit
from app.commands.change_warehouse import ChangeWarehouse
from app.commands.choose_carrier import ChooseCarrier
from app.commands.claim import Claim
from app.commands.classify import Classify
from app.commands.clear_buyer import ClearBuyer
from app.commands.close_lane import CloseLane
from app.commands.correct_number import CorrectNumber
from app.commands.escalate import Escalate
from app.commands.finish_visit import FinishVisit
from app.commands.give_back import GiveBack
from app.commands.hold import Hold
from app.commands.lease_stock import LeaseStock
from app.commands.move_visit import MoveVisit
from app.commands.new_article import NewArticle
from app.commands.new_order import NewOrder
from app.commands.open_case import OpenCase
from app.commands.pick import Pick
from app.commands.plan_visit import PlanVisit
from app.commands.postpone import Postpone
from app.commands.read_notices import ReadNotices
from app.commands.recall import Recall
from app.commands.record_scan import RecordScan
from app.commands.redeliver import Redeliver
from app.commands.redo_effect import RedoEffect
from app.commands.refuse_order import RefuseOrder
from app.commands.repair_shelf import RepairShelf
from app.commands.restore_terms import RestoreTerms
from app.commands.resubmit_invoice import ResubmitInvoice
from app.commands.return_lease import ReturnLease
from app.commands.send_contract import SendContract
from app.commands.send_message import SendMessage
from app.commands.set_article import SetArticle
from app.commands.set_carrier import SetCarrier
from app.commands.set_credit import SetCredit
from app.commands.set_customer import SetCustomer
from app.commands.set_invoice import SetInvoice
from app.commands.set_order_class import SetOrderClass
from app.commands.set_outlet import SetOutlet
from app.commands.set_price_list import SetPriceList
from app.commands.set_shop import SetShop
from app.commands.set_snag_rule import SetSnagRule
from app.commands.set_source_policy import SetSourcePolicy
from app.commands.set_stock import SetStock
from app.commands.set_stock_policy import SetStockPolicy
from app.commands.set_template import SetTemplate
from app.commands.set_view import SetView
from app.commands.set_wording import SetWording
from app.commands.settle_effect import SettleEffect
from app.commands.sign_contract import SignContract
from app.commands.snooze import Snooze
from app.commands.take_address import TakeAddress
from app.commands.take_contract_back import TakeContractBack
from app.commands.take_phone import TakePhone
from app.commands.tell import Tell
from app.commands.wake import Wake
from app.commands.watch_buyer import WatchBuyer
from app.commands.withdraw_effect import WithdrawEffect
from app.commands.withdraw_message import WithdrawMessage
from app.commands.withdraw_refusal import WithdrawRefusal
from app.commands.write_memo import WriteMemo
from app.domain.agreement import terms_of
from app.domain.bell import Notice
from app.domain.carrier import Carrier
from app.domain.company import Customer, PriceList
from app.domain.contract import Template
from app.domain.effect import EffectState
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.leasing import Ask, Shelf
from app.domain.offering import Mode, StockPolicy
from app.domain.order import ChannelState
from app.domain.order_class import OrderClass
from app.domain.order_view import OrderView, SharedView
from app.domain.route import Lane
from app.domain.scan import Scan, ScanKind
from app.domain.snag_rule import Clause, SnagRule
from app.domain.source_policy import Policy
from app.domain.values import Receiver, Role
from app.domain.visit import Area, Outlet, Part
from app.domain.wording import Wording
from app.text import Text
from sync.hub.provider import Rejected, Unclear
from tests.builders import SHOPS

HZ = Outlet(code="HZ1", title="Hangzhou", areas=(Area(province="浙江省"),))
PLANNED = PlanVisit(order="o1", outlet="HZ1", day=(NOW + timedelta(days=6)).date(), part=Part.MORNING)
MOVED = MoveVisit(order="o1", outlet="HZ1", day=(NOW + timedelta(days=7)).date(), part=Part.MORNING)
SIGNED = SignContract(order="o1", contract="o1-c1", file_sha256="ab" * 32, signed_on=NOW.date())
INVOICE = Invoice(kind=InvoiceKind.ORDINARY, title="Hotel")
MISSED = Scan(kind=ScanKind.FAILED, at=NOW, reason="not_home")
RIDGE = Carrier(
    code="SJ", title="Ridge", lanes=(Lane(code="T1", start="SZ", end="A", cost_minor=1, hours=1),)
)
LATER = NOW + timedelta(hours=1)
LATER_ON = timedelta(minutes=2)
KEY = "confirm:o1:1"
_LEASE = LeaseStock(items=(Ask("SZ", "LN-220", 3),))


class Refuser:
    """A channel that takes nothing, or never says whether it did."""

    takes_keys = can_look_up = False
    settle_s = 0.0

    def __init__(self, state: EffectState) -> None:
        self._state = state

    def send(self, _key: str, _payload: bytes) -> Rejected:
        """Say no, or nothing.

        Raises:
            Unclear: nothing.
        """
        if self._state is EffectState.UNKNOWN:
            raise Unclear("no answer")
        return Rejected(Text("no such order"))

    def look_up(self, _key: str) -> None:
        """Know nothing."""


def _held(past: Past) -> Past:
    return one_order(past).by(Role.LEAD, Hold(order="o1", reason="ask"))


def _claimed(past: Past) -> Past:
    return noted(past).by(Role.CLERK, Claim(order="o1", kind="note_request"))


MESSAGE = SendMessage(order="o1", kind="note_request", template="phone", key="notify:o1:1")
UNSENT = WithdrawMessage(order="o1", kind="note_request", template="phone", key="notify:o1:1")


def _written_to(past: Past) -> Past:
    return noted(past).by(Role.CLERK, MESSAGE)


def _said_no(past: Past) -> Past:
    return one_order(past).by(Role.WAREHOUSE, RefuseOrder(order="o1", why="missing"))


def _told(past: Past) -> object:
    notice = Notice(order="o1", number="DK-o1", gate="address", said=Text("?"), at=NOW)
    return past.hub.worker.must(Tell(person="clerk", notices=(notice,)))


def _drifted(past: Past) -> object:
    case = OpenCase(case="drift/SZ/LN-220/1", kind="stock_drift", subject_id="SZ/LN-220", text=Text("7, 10"))
    return past.hub.channel.must(case)


def _asleep(past: Past) -> Past:
    return noted(past).by(Role.CLERK, Snooze(order="o1", kind="note_request", until=LATER))


def _with_lead(past: Past) -> Past:
    return noted(past).by(Role.CLERK, Escalate(order="o1", kind="note_request", reason="who decides"))


def _odd(past: Past) -> Past:
    return past.sold("o1", channel_state=ChannelState.UNKNOWN)


def _moved(past: Past) -> Past:
    past.sold("o1").by(Role.WAREHOUSE, Pick(order="o1", line="1"))
    elsewhere = msgspec.structs.replace(bought("o1").receiver, street="湖墅南路9号")
    return past.sold("o1", ext_version="2", receiver=elsewhere)


def _take(past: Past) -> TakeAddress:
    new = past.hub.order().announced
    return TakeAddress(order="o1", said=new.said if new else "")


def _carried(past: Past) -> Past:
    return past.by(Role.LEAD, SetCarrier(carrier=RIDGE)).sold("o1")


def _served(past: Past) -> Past:
    return past.by(Role.LEAD, SetOutlet(outlet=HZ)).sold("o1")


def _visited(past: Past) -> Past:
    return _served(past).by(Role.CLERK, PLANNED)


def _visited_today(past: Past) -> Past:
    past.by(Role.LEAD, SetOutlet(outlet=HZ)).sold("o1", ship_by_at=NOW - timedelta(days=5))
    return past.by(Role.CLERK, PlanVisit(order="o1", outlet="HZ1", day=NOW.date(), part=Part.MORNING))


def _of_business(past: Past) -> Past:
    past.by(Role.LEAD, SetCustomer(customer=Customer(code="LH", title="Hotel")))
    goods = (line(ext_sku="", sku="LN-220"),)
    typed = NewOrder(
        order="o1",
        shop="TM1",
        lines=goods,
        receiver=RECEIVER,
        region=REGION,
        customer="LH",
        paid_minor=32_000,
    )
    return past.by(Role.CLERK, typed)


def _sent(past: Past) -> Past:
    return _of_business(past).by(Role.CLERK, SendContract(order="o1", contract="o1-c1"))


def _other_terms(past: Past) -> RestoreTerms:
    terms = terms_of(past.hub.order())
    return RestoreTerms(order="o1", terms=msgspec.structs.replace(terms, payable_minor=30_000))


def _shipped(past: Past) -> Past:
    return past.sold("o1").shipped("o1")


def _missed(past: Past) -> Past:
    return _shipped(past).by(Role.WAREHOUSE, RecordScan(order="o1", scan=MISSED))


def _listed(past: Past) -> Past:
    return one_order(past).by(Role.LEAD, WatchBuyer(order="o1", what="refused", reason="refused"))


def _unheard(past: Past, state: EffectState) -> Past:
    """A parcel went off, and its channel rejected the word, or nobody can tell whether it took it."""
    past.sold("o1").shipped().hub.clock.move(minutes=1)
    past.outside(Refuser(state))
    return past


def _refused(past: Past) -> Past:
    """A service refused the invoice of a parcel that went off."""
    past.by(Role.LEAD, SetShop(shop=msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), rev=0)))
    past.sold("o1").by(
        Role.CLERK, SetInvoice(order="o1", invoice=msgspec.structs.replace(INVOICE, title="H"))
    )
    past.shipped().hub.clock.move(minutes=1)
    return past.outside(Refuser(EffectState.REJECTED))


_DRAFT = NewArticle(shop="TM1", ext_sku="TB-7", order="o1", sku="TB-7", title="Brush", list_price_minor=4_900)


def _unknown(past: Past) -> Past:
    """A line that names none of our articles."""
    return past.sold("o1", lines=(line(ext_sku="TB-7", title="Brush", unit_price_minor=4_900),))


def _delivered(past: Past) -> Past:
    """A parcel arrived, and the next order of its buyer names a phone that cannot be called."""
    past.sold("p1", receiver=RECEIVER).shipped("p1")
    past.by(Role.WAREHOUSE, RecordScan(order="p1", scan=Scan(kind=ScanKind.DELIVERED, at=NOW)))
    return past.sold("o1", receiver=msgspec.structs.replace(RECEIVER, phone="12345"))


def _customer(past: Past) -> Past:
    return one_order(past).by(Role.LEAD, SetCustomer(customer=Customer(code="LH", title="Hotel")))


MORE: dict[str, Example] = {
    "postpone": Example(Role.CLERK, _held, says(Postpone(order="o1", reason="Monday", until=LATER))),
    "new_article": Example(Role.CLERK, _unknown, says(_DRAFT)),
    "set_article": Example(
        Role.CLERK,
        lambda past: _unknown(past).by(Role.CLERK, _DRAFT),
        says(SetArticle(sku="TB-7", title="Brush", list_price_minor=4_900, weight_g=30)),
    ),
    "take_phone": Example(Role.CLERK, _delivered, says(TakePhone(order="o1", phone_of="p1"))),
    "set_stock": Example(
        Role.LEAD, nothing, says(SetStock(warehouse="SZ", sku="LN-220", on_hand=7, reason="WMS"))
    ),
    "set_credit": Example(
        Role.LEAD,
        _customer,
        says(SetCredit(order="o1", customer="LH", rev=1, credit_minor=200, terms_days=30, reason="agreed")),
    ),
    "set_customer": Example(
        Role.LEAD, nothing, says(SetCustomer(customer=Customer(code="LH", title="Hotel")))
    ),
    "set_order_class": Example(
        Role.LEAD, nothing, says(SetOrderClass(row=OrderClass(code="REST", title="Rest")))
    ),
    "close_lane": Example(Role.LEAD, _carried, says(CloseLane(carrier="SJ", lane="T1"))),
    "set_carrier": Example(Role.LEAD, nothing, says(SetCarrier(carrier=RIDGE))),
    "record_scan": Example(Role.WAREHOUSE, _shipped, says(RecordScan(order="o1", scan=MISSED))),
    "correct_number": Example(Role.CLERK, _shipped, says(CorrectNumber(order="o1", tracking_no="SF0002"))),
    "write_memo": Example(Role.CLERK, one_order, says(WriteMemo(order="o1", memo=Receiver(memo="gift")))),
    "redeliver": Example(Role.CLERK, _missed, says(Redeliver(order="o1", receiver=RECEIVER, region=REGION))),
    "call_back": Example(Role.CLERK, _missed, says(CallBack(order="o1", case="c1"))),
    "choose_carrier": Example(Role.CLERK, _carried, says(ChooseCarrier(order="o1", carrier="SJ"))),
    "set_price_list": Example(
        Role.LEAD,
        nothing,
        says(SetPriceList(price_list=PriceList(code="HT", title="Hotels", prices={"LN-220": 24_000}))),
    ),
    "set_snag_rule": Example(
        Role.LEAD,
        nothing,
        says(SetSnagRule(rule=SnagRule(code="BIG", title="Big", clauses=(Clause("lines", "is", "9"),)))),
    ),
    "set_view": Example(
        Role.LEAD, nothing, says(SetView(view=SharedView(code="v1", title="Late", view=OrderView())))
    ),
    "set_source_policy": Example(
        Role.LEAD, nothing, says(SetSourcePolicy(policy=Policy(code="ALL", title="All")))
    ),
    "set_wording": Example(
        Role.LEAD, nothing, says(SetWording(words=Wording(code="phone", zh="请回复电话")))
    ),
    "send_message": Example(Role.CLERK, noted, says(MESSAGE)),
    "withdraw_message": Example(Role.CLERK, _written_to, says(UNSENT)),
    "refuse_order": Example(Role.WAREHOUSE, one_order, says(RefuseOrder(order="o1", why="missing"))),
    "withdraw_refusal": Example(Role.WAREHOUSE, _said_no, says(WithdrawRefusal(order="o1"))),
    "repair_shelf": Example(Role.LEAD, _drifted, says(RepairShelf(case="drift/SZ/LN-220/1"))),
    "change_warehouse": Example(Role.CLERK, one_order, says(ChangeWarehouse(order="o1", warehouse="WH"))),
    "read_notices": Example(Role.CLERK, _told, says(ReadNotices(person="clerk", notices=("o1/address",)))),
    "take_address": Example(Role.CLERK, _moved, _take),
    "watch_buyer": Example(
        Role.LEAD, one_order, says(WatchBuyer(order="o1", what="refused", reason="refused"))
    ),
    "clear_buyer": Example(Role.LEAD, _listed, says(ClearBuyer(order="o1"))),
    "plan_visit": Example(Role.CLERK, _served, says(PLANNED)),
    "move_visit": Example(Role.CLERK, _visited, says(MOVED)),
    "cancel_visit": Example(Role.CLERK, _visited, says(CancelVisit(order="o1"))),
    "finish_visit": Example(Role.CLERK, _visited_today, says(FinishVisit(order="o1"))),
    "set_outlet": Example(Role.LEAD, nothing, says(SetOutlet(outlet=HZ))),
    "set_stock_policy": Example(
        Role.LEAD,
        nothing,
        says(SetStockPolicy(policy=StockPolicy(code="HOT", title="Hot", mode=Mode.CAP, amount=40))),
    ),
    "send_contract": Example(Role.CLERK, _of_business, says(SendContract(order="o1", contract="o1-c1"))),
    "sign_contract": Example(Role.CLERK, _sent, says(SIGNED)),
    "take_contract_back": Example(Role.CLERK, _sent, says(TakeContractBack(order="o1", contract="o1-c1"))),
    "restore_terms": Example(Role.CLERK, one_order, _other_terms),
    "set_template": Example(
        Role.LEAD, nothing, says(SetTemplate(template=Template(code="HT", title="Hotels", text="{number}")))
    ),
    "set_invoice": Example(Role.CLERK, one_order, says(SetInvoice(order="o1", invoice=INVOICE))),
    "classify": Example(Role.CLERK, _odd, says(Classify(order="o1", state=ChannelState.TO_SHIP))),
    "claim": Example(Role.CLERK, noted, says(Claim(order="o1", kind="note_request"))),
    "give_back": Example(Role.CLERK, _claimed, says(GiveBack(order="o1", kind="note_request"))),
    "snooze": Example(Role.CLERK, noted, says(Snooze(order="o1", kind="note_request", until=LATER))),
    "wake": Example(Role.CLERK, _asleep, says(Wake(order="o1", kind="note_request"))),
    "escalate": Example(
        Role.CLERK, noted, says(Escalate(order="o1", kind="note_request", reason="who decides"))
    ),
    "recall": Example(Role.LEAD, _with_lead, says(Recall(order="o1", kind="note_request"))),
    "lease_stock": Example(Role.CLERK, nothing, says(_LEASE)),
    "return_lease": Example(
        Role.CLERK, nothing, says(ReturnLease(items=(Shelf("SZ", "LN-220"),))), first=(_LEASE,)
    ),
    "resubmit_invoice": Example(
        Role.CLERK,
        _refused,
        says(ResubmitInvoice(order="o1", key="invoice:o1:1", invoice=INVOICE)),
        later=LATER_ON,
    ),
    "redo_effect": Example(
        Role.CLERK,
        lambda past: _unheard(past, EffectState.REJECTED),
        says(RedoEffect(order="o1", key=KEY)),
        later=LATER_ON,
    ),
    "settle_effect": Example(
        Role.CLERK,
        lambda past: _unheard(past, EffectState.UNKNOWN),
        says(SettleEffect(order="o1", key=KEY)),
        later=LATER_ON,
    ),
    "withdraw_effect": Example(
        Role.CLERK,
        lambda past: _unheard(past, EffectState.REJECTED).by(Role.LEAD, RedoEffect(order="o1", key=KEY)),
        says(WithdrawEffect(order="o1", key=KEY)),
        later=LATER_ON,
    ),
}
ALL = EXAMPLES | MORE | TRAINING | LOTS
