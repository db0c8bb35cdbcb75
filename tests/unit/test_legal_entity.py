"""One company's sales are sent by its own warehouses, unless a policy lends; carriers' quotas count."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.recheck import Recheck
from app.commands.set_invoice import SetInvoice
from app.commands.set_shop import SetShop
from app.commands.set_source_policy import SetSourcePolicy
from app.commands.set_warehouse import SetWarehouse
from app.domain.billing import Billed, request_of
from app.domain.carrier import Carrier
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.load import Load, load_key, slot_of
from app.domain.order import Status
from app.domain.source_policy import Policy
from app.domain.values import Role
from tests.builders import NOW, SHOPS, WAREHOUSES, Company

NORTH, SOUTH = "青禾北方有限公司", "青禾南方有限公司"
SHOP = msgspec.structs.replace(SHOPS["TM1"], entity=NORTH)


def group(*, sz: str = SOUTH, wh: str = NORTH, **shop) -> Company:
    """A shop of the north; its first warehouse belongs to the south."""
    made = Company(shops={**SHOPS, "TM1": msgspec.structs.replace(SHOP, **shop)})
    for code, entity in (("SZ", sz), ("WH", wh)):
        made.rows["warehouse", code] = msgspec.structs.replace(WAREHOUSES[code], entity=entity)
    return made


def test_the_warehouse_of_its_own_company_sends_though_another_stands_first():
    made = group()
    made.receive()

    assert (made.order().status, made.order().warehouse) == (Status.RELEASED, "WH")
    said = {one.places[0]: one.why_not for one in made.order().sourced.candidates}
    assert said["SZ"].message == "belongs to another company of the group"


def test_an_order_only_another_company_could_send_is_short_and_nobody_sends_it_by_hand():
    made = group()
    for sku in ("LN-220",):
        made.rows["stock", f"WH/{sku}"] = msgspec.structs.replace(made.rows["stock", f"WH/{sku}"], on_hand=0)
    made.receive()

    assert made.order().snag("short_stock") is not None
    made.rows["stock", "WH/LN-220"] = msgspec.structs.replace(made.rows["stock", "WH/LN-220"], on_hand=9)
    made.must(Recheck(order="o1"), Role.WORKER)
    assert made.order().warehouse == "WH"
    assert made.refused(ChangeWarehouse(order="o1", warehouse="SZ", reason="near")) == "unknown_warehouse"


def test_a_policy_lets_companies_of_the_group_send_for_each_other():
    made = group()
    made.must(SetSourcePolicy(policy=Policy(code="ALL", title="All", lends=True)), Role.LEAD)
    made.receive()

    assert made.order().warehouse == "SZ"


def test_a_building_of_nobody_sends_for_all():
    made = group(sz="")
    made.receive()

    assert made.order().warehouse == "SZ"


def test_what_waits_moves_once_a_warehouse_goes_to_another_company():
    made = group(sz=NORTH)
    made.receive()
    assert made.order().warehouse == "SZ"
    (event,) = made.must(
        SetWarehouse(warehouse=msgspec.structs.replace(made.rows["warehouse", "SZ"], entity=SOUTH)), Role.LEAD
    )
    made.must(Recheck(order="o1"), Role.WORKER)

    assert "orders" in event.wakes()
    assert made.order().warehouse == "WH"


def test_an_invoice_names_the_company_that_sold():
    made = group(invoicers=("nuonuo",), invoiced_when=Billed.PAID, invoices_from=date(2026, 1, 1), tax_pct=13)
    made.receive()
    title = Invoice(kind=InvoiceKind.SPECIAL, title="杭州临湖酒店", tax_no="91350100M000100Y43")
    made.must(SetInvoice(order="o1", invoice=title))

    (bill,) = made.order().bills
    assert request_of(made.order(), bill).seller == NORTH


@pytest.mark.parametrize("name", ["x" * 61, " "])
def test_a_company_is_called_by_one_line(name):
    shop = msgspec.structs.replace(SHOPS["TM1"], entity=name)
    house = msgspec.structs.replace(WAREHOUSES["SZ"], entity=name)

    assert Company().refused(SetShop(shop=shop), Role.LEAD) == "bad_entity"
    assert Company().refused(SetWarehouse(warehouse=house), Role.LEAD) == "bad_entity"


def test_a_place_whose_only_carrier_has_used_up_its_quota_gives_way_and_says_so():
    made = Company()
    made.rows["carrier", "SF"] = Carrier(code="SF", title="SF", daily_quota=5)
    made.rows["carrier", "YT"] = Carrier(code="YT", title="YT")
    for code, carrier in (("SZ", "SF"), ("WH", "YT")):
        made.rows["warehouse", code] = msgspec.structs.replace(WAREHOUSES[code], carriers=(carrier,))
    made.rows[load_key("SF")] = Load(carrier="SF", slots={slot_of(NOW.date()): 4})
    made.receive()
    made.receive("o2", ext_id="e2")

    assert [made.order(one).warehouse for one in ("o1", "o2")] == ["SZ", "WH"]
    said = {one.places[0]: one for one in made.order("o2").sourced.candidates}
    assert said["SZ"].why_not is not None
    assert made.order("o1").counted.carrier == "SF"
