"""A label is asked of whoever gives labels, once per parcel, and taken back when it does not fit any more."""

from __future__ import annotations

import msgspec
import pytest
from builders import RECEIVER, Company, actor, pick_all
from carrier_world import FAR, GIVES, NEAR, answered, bought, released, with_carriers

from app.commands.cancel import Cancel
from app.commands.choose_carrier import ChooseCarrier
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.ship import Ship
from app.commands.take_address import TakeAddress
from app.domain import events as e
from app.domain.effect import EffectState
from app.domain.order import Status
from app.domain.values import Receiver, Role
from app.domain.waybill import is_number, label_key, void_key
from app.printing import label


def news(company: Company) -> list[str]:
    return [type(one).__name__ for one in company.journal if isinstance(one, e.LabelAsked | e.LabelVoided)]


def test_a_released_order_asks_for_its_label_once():
    company = released()
    company.must(Recheck(order="o1"), Role.WORKER)

    waybill = company.order().waybill
    assert (waybill.key, waybill.carrier, waybill.service) == ("label:o1:1", "SJ", "标准快递")
    assert news(company) == ["LabelAsked"]
    assert (void_key(waybill.key), label_key("void:o1:1")) == ("void:o1:1", waybill.key)


def test_a_carrier_that_gives_none_is_not_asked_and_neither_does_a_desk_ask():
    plain = with_carriers(NEAR)
    bought(plain)
    desk = with_carriers(GIVES)
    bought(desk)
    desk.rows["order", "o1"] = msgspec.structs.replace(desk.order(), waybill=None)
    desk.at_hub = False
    desk.must(Recheck(order="o1"), Role.WORKER)

    assert plain.order().waybill is None
    assert desk.order().waybill is None


def test_cancelling_takes_it_back_and_restoring_asks_for_another():
    company = released()
    company.must(Cancel(order="o1", reason="asked"))
    assert (company.order().waybill, news(company)) == (None, ["LabelAsked", "LabelVoided"])

    company.must(Restore(order="o1"))
    assert company.order().waybill.key == "label:o1:2"


def test_another_carrier_or_service_is_another_label():
    company = released()
    company.must(ChooseCarrier(order="o1", carrier="SJ", service="次日达"))
    second = company.order().waybill
    company.must(ChooseCarrier(order="o1", carrier="YX"))

    assert (second.key, second.service) == ("label:o1:2", "次日达")
    assert company.order().waybill is None
    assert news(company) == ["LabelAsked", "LabelVoided", "LabelAsked", "LabelVoided"]


def test_a_hold_keeps_the_label():
    company = released()
    company.must(Hold(order="o1", reason="ask"))

    assert company.order().status is Status.GATED
    assert news(company) == ["LabelAsked"]


def test_another_address_while_packed_is_another_label():
    company = released()
    pick_all(company)
    elsewhere = msgspec.structs.replace(RECEIVER, street="湖墅南路9号")
    company.receive(ext_version="2", receiver=elsewhere)
    company.must(TakeAddress(order="o1", said=company.order().announced.said))

    assert company.order().waybill.key == "label:o1:2"


def test_the_number_is_printed_and_a_reprint_says_copy():
    company = released()
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)
    answered(company, EffectState.DONE, "SJ0001")
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))
    first = label(company.order(), facts, RECEIVER)
    company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)
    again = label(company.order(), facts, RECEIVER)

    assert (first.code, first.carrier, first.copy) == ("SJ0001", "山脊快运", 0)
    assert again.copy == 1


@pytest.mark.parametrize(("number", "kept"), [("SJ0001", True), ("OTHER1", False)])
def test_a_parcel_that_leaves_under_another_number_gives_its_label_back(number, kept):
    company = released()
    answered(company, EffectState.DONE, "SJ0001")
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    company.must(Ship(order="o1", carrier="山脊快运", tracking_no=number), Role.WAREHOUSE)

    assert (company.order().waybill is not None) is kept
    assert company.order().snags == ()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("SJ0001", True),
        ("SF-1234", True),
        ("abc", False),
        ("x" * 41, False),
        ("SJ 001", False),
        ("顺丰1234", False),
    ],
)
def test_what_bars_can_say(text, is_one):
    assert is_number(text) is is_one


def test_a_refused_label_passes_over_whom_a_rule_keeps_out_and_says_so():
    """One takes no cash, one has had its parcels of the day; the third takes it."""
    no_cash = msgspec.structs.replace(FAR, code="A1", takes_cod=False)
    full = msgspec.structs.replace(FAR, code="B1", daily_quota=1)
    last = msgspec.structs.replace(FAR, code="C1")
    company = with_carriers(GIVES, no_cash, full, last)
    house = company.refs.warehouses["SZ"]
    named = ("B1", "SJ", "A1", "C1")
    company.rows["warehouse", "SZ"] = msgspec.structs.replace(house, carriers=named)
    somebody = Receiver(name="舒望", phone="13800000009", street="中山路 1 号")
    bought(company, id="o2", receiver=somebody)
    assert company.order("o2").carriage.carrier == "B1"
    bought(company, is_cod=True, paid_minor=0)
    assert company.order().carriage.carrier == "SJ"
    company.rows["warehouse", "SZ"] = msgspec.structs.replace(house, carriers=("SJ", "A1", "B1", "C1"))

    answered(company, EffectState.REJECTED)

    carriage = company.order().carriage
    assert carriage.carrier == "C1"
    assert carriage.why.params["carrier"] == "SJ"
    chosen = [e for e in company.journal if type(e).__name__ == "CarrierChosen" and e.order == "o1"]
    assert [e.carriage.carrier for e in chosen] == ["SJ", "C1"]
