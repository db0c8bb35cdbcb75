"""Where guides about goods and after-sales are opened: a company, what the guide is about, who opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from app.command import Facts
from app.commands.accept_return import AcceptReturn
from app.commands.announce_stock import AnnounceStock
from app.commands.choose_carrier import ChooseCarrier
from app.commands.count_bin import CountBin
from app.commands.grade_return import GradeReturn
from app.commands.hold import Hold
from app.commands.new_article import NewArticle
from app.commands.new_order import NewOrder
from app.commands.open_return import OpenReturn
from app.commands.plan_visit import PlanVisit
from app.commands.recheck import Recheck
from app.commands.record_effect import RecordEffect
from app.commands.send_contract import SendContract
from app.commands.send_transfer import SendTransfer
from app.commands.set_invoice import SetInvoice
from app.commands.set_outlet import SetOutlet
from app.domain.aftersale import Asked, Grade, Graded, ReturnKind
from app.domain.company import Customer, PriceList
from app.domain.effect import Effect, EffectState
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.values import Actor, Keys, Role, sku_key, stock_key
from app.domain.visit import Area, Outlet, Part
from app.form import About, Blank, Form, Shelf, Subject
from app.text import Text
from tests.builders import RECEIVER, REGION, SHOPS, Company, actor, line, ship_it
from tests.carrier_world import with_carriers
from tests.lot_world import in_lots

LEAD = actor(Role.LEAD, "lea")
ANN, BEN = actor(Role.CLERK, "ann"), actor(Role.CLERK, "ben")
FLOOR = actor(Role.WAREHOUSE, "floor")


@dataclass
class Situation:
    """One company in which a guide is opened. `given` are answers the opener knows."""

    company: Company
    by: Actor = field(default_factory=actor)
    shelf: tuple[str, str] = ("SZ", "LN-220")
    given: dict[str, str] = field(default_factory=dict)

    def look(self, form: Form[Any]) -> tuple[Subject, Facts]:
        """Return what the guide is about and the facts beside it, as a desk finds them."""
        company = self.company
        if form.about is About.ORDER:
            return company.order(), company.facts(Recheck(order="o1"), self.by)
        if form.about is About.NOTHING:
            return Blank(), self.known(frozenset())
        warehouse, sku = self.shelf
        facts = self.known(frozenset({stock_key(warehouse, sku), sku_key(sku)}))
        return Shelf(warehouse, sku, facts.stock(warehouse, sku), facts.sku(sku)), facts

    def known(self, keys: Keys) -> Facts:
        """Load rows by their keys."""
        company = self.company
        rows = {key: company.rows.get(key) for key in keys}
        return Facts(rows, company.refs, self.by, company.now, company.at_hub)

    def start(self, form: Form[Any], subject: Subject, facts: Facts) -> dict[str, str]:
        """Begin as the guide does: what the form starts with, ids made once, what the opener knows."""
        fresh = {name: f"new-{name}" for name in form.fresh}
        return {**form.start(subject, facts), **fresh, **self.given}

    def learn(self, form: Form[Any], answers: dict[str, str], subject: Subject, facts: Facts) -> Facts:
        """Load what the answers point to, round by round."""
        while missing := form.needs(answers, subject, facts) - facts.rows.keys():
            more = self.known(frozenset(missing)).rows
            facts = Facts({**facts.rows, **more}, facts.refs, facts.by, facts.now, facts.at_hub)
        return facts


def order_situations() -> dict[str, list[Situation]]:
    """Return where each guide that changes, joins or takes orders apart is opened."""
    day = {"until": "2026-06-20"}
    return {
        "resume": [Situation(_held(), given={"reason": "back", "day": "2026-06-15"})],
        "hold": [
            Situation(_two(), given={"reason": "ask"}),
            Situation(_two(), given={"reason": "ask", **day}),
        ],
        "hold_line": [Situation(_two_lines(), given={"reason": "ask"})],
        "resume_line": [Situation(_two_lines("2"), given={"reason": "back"})],
        "watch_buyer": [
            Situation(_two(), actor(Role.LEAD), given={"what": "refused", "reason": "three parcels"})
        ],
        "split": [Situation(_two(), given={"pieces": "1\t1"}), Situation(_short())],
        "cancel_one": [Situation(_twins(), given={"why": "twice"})],
        "merge": [Situation(_two(), given={"other": "o2"})],
        "swap_item": [Situation(_two(), given={"sku": "CT-180", "reason": "agreed"})],
        "correct_price": [Situation(_two(), given={"price": "30000", "reason": "agreed"})],
        "waive": [
            Situation(_odd(), actor(Role.LEAD), given={"reason": "known", **day}),
            Situation(_unpaid(), actor(Role.LEAD), given={"reason": "known"}),
        ],
        "receive_payment": [Situation(_unpaid(), given={"amount": "32000"}), Situation(_on_account())],
        "new_order": [Situation(_selling(), given=answers) for answers in _typed_in()],
        "invoice": [
            Situation(_two(), given={"invoice": "special", "tax_no": "91350100M000100Y43", "title": "青禾"}),
        ],
        "plan_visit": [
            Situation(_to_install(), given={"day": "2026-06-17"}),
            Situation(_to_install(is_planned=True), given={"day": "2026-06-18"}),
        ],
        "send_contract": [Situation(_agreed(), given={"sent": "sent"})],
        "sign_contract": [Situation(_agreed(is_sent=True), given={"file": "ab" * 32, "day": "2026-06-13"})],
        "correct_invoice": [Situation(_refused(), given={"title": "青禾"})],
        "credit": [
            Situation(_on_account(), actor(Role.LEAD), given={"credit": "20000000", "reason": "agreed"})
        ],
        "amend": [Situation(_two(), given={"ship_by": "2026-06-20"})],
        "change_warehouse": [Situation(_carried(), given={"reason": "asked"})],
        "new_article": [Situation(_unknown(), given={"code": "NEW-1"}), Situation(_unknown())],
        "complete_article": [Situation(_drafted(), given={"weight": "350"})],
        "set_kit": [Situation(_two(), given={"sku": "SF-001", "parts": "LN-220\t1\nCT-180\t2"})],
        "record_scan": [Situation(_on_its_way())],
        "write_memo": [
            Situation(_two(), given={"memo": "call first"}),
            Situation(_two(), given={"about": "gift", "memo": "blue ribbon"}),
        ],
        "correct_number": [Situation(_on_its_way(), given={"tracking_no": "SF0009"})],
        "choose_carrier": [
            Situation(_carried(), given={"carrier": "YX", "service": "标准快递"}),
            Situation(_carried("YX"), given={"carrier": "-", "service": "-"}),
        ],
    }


def _two_lines(held: str = "") -> Company:
    """An order of two articles, one of them perhaps kept back."""
    company = Company()
    company.receive(lines=(line(), line("2", "A-3", unit_price_minor=12_900)))
    if held:
        company.must(Hold(order="o1", line=held, reason="colour in doubt"))
    return company


def _unknown() -> Company:
    """A line that names none of our articles."""
    company = Company()
    company.receive(
        lines=(line(ext_sku="TB-7", title="电动牙刷头", unit_price_minor=4_900), line("2", "A-3"))
    )
    return company


def _drafted() -> Company:
    """An article somebody made out of an order."""
    company = _unknown()
    company.must(
        NewArticle(
            shop="TM1", ext_sku="TB-7", order="o1", sku="TB-7", title="电动牙刷头", list_price_minor=4_900
        )
    )
    return company


def _to_install(*, is_planned: bool = False) -> Company:
    """An article that somebody comes to put up."""
    company = Company()
    sku = company.rows[sku_key("LN-220")]
    company.rows[sku_key("LN-220")] = msgspec.structs.replace(sku, needs_install=True)
    outlet = Outlet(code="HZ1", title="拱墅安装点", areas=(Area(province="浙江省"),))
    company.must(SetOutlet(outlet=outlet), Role.LEAD)
    company.receive()
    if is_planned:
        company.must(PlanVisit(order="o1", outlet="HZ1", day=date(2026, 6, 17), part=Part.MORNING))
    return company


def _agreed(*, is_sent: bool = False) -> Company:
    """A business ordered by phone."""
    company = Company()
    company.rows["customer", "LH"] = Customer(code="LH", title="临湖酒店用品")
    company.receive(customer="LH", ext_id="")
    if is_sent:
        company.must(SendContract(order="o1", contract="o1-c1"))
    return company


def _refused() -> Company:
    """A service refused the title of an invoice."""
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), invoiced_when="paid")
    company, key = Company(shops={**SHOPS, "TM1": shop}), "invoice:o1:1"
    company.receive()
    invoice = Invoice(kind=InvoiceKind.SPECIAL, title="青禾家", tax_no="91350100M000100Y43")
    company.must(SetInvoice(order="o1", invoice=invoice))
    company.rows["effect", key] = Effect(
        key=key, kind="invoice", order="o1", state=EffectState.LEASED, fence=1
    )
    said = Text("They do not know this title")
    told = {"key": key, "order": "o1", "fence": 1, "text": said, "field": "title"}
    company.must(RecordEffect(state=EffectState.REJECTED, **told), Role.WORKER)
    return company


def _typed_in() -> list[dict[str, str]]:
    """What a clerk types for a buyer on the phone, and for a business on terms."""
    common = {"lines": "LN-220\t2\nSF-001\t1\t18000", "name": "季小雨", "phone": "13800000000"}
    common |= {"address": "浙江省杭州市拱墅区文晖路88号3幢502"}
    special = {"customer": "LH", "payment": "account", "invoice": "special", "tax_no": "91350100M000100Y43"}
    return [common, {**common, **special, "title": "临湖酒店用品有限公司", "freight": "1200"}]


def _selling() -> Company:
    company = Company()
    terms = Customer(
        code="LH",
        title="临湖酒店用品",
        credit_minor=10_000_000,
        terms_days=30,
        price_list="HT",
        invoice_title="临湖酒店用品有限公司",
        tax_no="91350100M000100Y43",
    )
    company.rows |= {
        ("customer", "LH"): terms,
        ("price_list", "HT"): PriceList(code="HT", title="协议价", share_pct=80, prices={"LN-220": 24_000}),
    }
    return company


def _on_its_way() -> Company:
    """An order on its way."""
    company = Company()
    company.receive()
    ship_it(company)
    return company


def _carried(chosen: str = "") -> Company:
    """An order the rule gave to a carrier, or a person to another one."""
    company = with_carriers()
    company.receive()
    if chosen:
        company.must(ChooseCarrier(order="o1", carrier=chosen))
    return company


def _on_account() -> Company:
    """An order of a business that owes more than it may."""
    company = _selling()
    customer = company.rows["customer", "LH"]
    goods = (line(sku="LN-220", qty=3, unit_price_minor=32_000),)
    company.must(
        NewOrder(
            order="o1",
            shop="TM1",
            receiver=RECEIVER,
            region=REGION,
            lines=goods,
            customer="LH",
            is_on_account=True,
        )
    )
    company.rows["customer", "LH"] = msgspec.structs.replace(customer, credit_minor=50_000)
    company.must(Recheck(order="o1"))
    return company


def _two() -> Company:
    """Two orders of one buyer."""
    company = Company()
    company.receive(lines=(line(qty=3), line("2", "A-3", qty=2, unit_price_minor=12_900)))
    company.receive("o2", lines=(line(ext_sku="A-2", unit_price_minor=19_900),))
    return company


def _twins() -> Company:
    """One purchase that came in twice."""
    company = Company()
    company.receive("o2")
    company.receive()
    return company


def _short() -> Company:
    company = Company()
    company.set_stock(1)
    company.receive(lines=(line(qty=3),))
    return company


def _odd() -> Company:
    company = Company()
    company.receive(lines=(line(unit_price_minor=9_000),))
    return company


def _held() -> Company:
    company = Company()
    company.receive()
    company.must(Hold(order="o1", reason="ask"), ANN)
    return company


def _unpaid() -> Company:
    company = Company()
    company.receive(paid_minor=0)
    return company


def goods_situations() -> dict[str, list[Situation]]:
    """Return where each guide about goods and after-sales is opened."""
    return {
        "open_return": [Situation(_sent(), ANN), Situation(_sent(ReturnKind.RETURN), ANN)],
        "reship": [Situation(_sent(), ANN)],
        "reject_return": [Situation(_sent(ReturnKind.EXCHANGE), BEN, given={"answer": "worn"})],
        "grade_return": [Situation(_accepted(ReturnKind.RETURN), FLOOR), Situation(_unmatched(), FLOOR)],
        "refund_return": [
            Situation(_accepted(ReturnKind.REFUND), BEN),
            Situation(_graded(), BEN),
        ],
        "announce_stock": [
            Situation(Company(), FLOOR, given={"qty": "3", "due_on": "2026-06-20", "reference": "PO-7"}),
        ],
        "move_arrival": [Situation(_announced(), FLOOR, given={"due_on": "2026-06-28"})],
        "receive_stock": [Situation(Company(), FLOOR, given={"sku": "LN-220", "qty": "3", "reference": "7"})],
        "count_bin": [
            Situation(Company(), FLOOR, given={"counted": "12"}),
            Situation(_asking(), FLOOR, given={"counted": "60"}),
        ],
        "keep_lots": [Situation(Company(), ANN, given={"min_days": "30"})],
        "recall_lot": [Situation(in_lots(), LEAD, given={"lot": "L7", "reason": "glass"})],
        "count_sheet": [Situation(Company(), FLOOR, given={"bins": "LN-220 12 10\nCT-180 90"})],
        "quarantine": [Situation(Company(), FLOOR, given={"qty": "2", "reason": "wet"})],
        "send_transfer": [Situation(Company(), FLOOR, given={"qty": "2"})],
        "receive_transfer": [Situation(_in_transit(), FLOOR, given={"doc": "d1", "arrived": "2"})],
    }


def _sent(kind: ReturnKind | None = None) -> Company:
    company = Company()
    company.receive(lines=(line(qty=3), line("2", "A-3", qty=2, unit_price_minor=12_900)))
    ship_it(company)
    if kind is not None:
        asked = (Asked("1", 2), Asked("2", 1))
        company.must(OpenReturn(order="o1", case="c1", kind=kind, asked=asked, reason="damaged"), ANN)
    return company


def _accepted(kind: ReturnKind) -> Company:
    company = _sent(kind)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    return company


def _graded() -> Company:
    company = _accepted(ReturnKind.RETURN)
    grades = (Graded("1", Grade.SELLABLE, 1), Graded("1", Grade.SHORT, 1), Graded("2", Grade.DEFECT, 1))
    company.must(GradeReturn(order="o1", case="c1", warehouse="WH", grades=grades), FLOOR)
    return company


def _unmatched() -> Company:
    company = Company()
    company.receive(lines=(line(ext_sku="new", qty=2),), channel_state="shipped")
    command = OpenReturn(
        order="o1", case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 2),), reason="damaged"
    )
    company.must(command, ANN)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    return company


def _asking() -> Company:
    company = Company()
    count = CountBin(doc="d1", warehouse="SZ", sku="LN-220", counted=60, base=10)
    company.must(count, actor(Role.WAREHOUSE, "other"))
    return company


def _in_transit() -> Company:
    company = Company()
    company.must(SendTransfer(doc="d1", warehouse="SZ", target="WH", sku="LN-220", qty=2), FLOOR)
    return company


def _announced() -> Company:
    company = Company()
    comes = AnnounceStock(
        doc="d1", warehouse="SZ", sku="LN-220", qty=2, due_on=date(2026, 6, 20), reference="PO-7"
    )
    company.must(comes, FLOOR)
    return company
