"""A parcel that has not gone holds pieces of a lot that is recalled."""

from __future__ import annotations

from app.commands.keep_lots import KeepLots
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.recheck import Recheck
from app.domain.lot import InLots
from app.domain.order import Status
from app.domain.values import Role
from app.snags.lot_recalled import KIND
from tests.builders import NOW, Company, actor


def packed() -> Company:
    company = Company()
    company.set_stock(0)
    company.must(KeepLots(sku="LN-220", in_lots=InLots()), Role.CLERK)
    for no in ("A", "B"):
        came = ReceiveStock(
            doc=no, warehouse="SZ", sku="LN-220", qty=1, reference="7", lot=no, best_before=NOW.date()
        )
        company.must(came, Role.WAREHOUSE)
    company.receive()
    company.must(Pick(order="o1", line="1"), Role.WAREHOUSE)
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    return company


def recalled() -> Company:
    company = packed()
    company.must(RecallLot(sku="LN-220", lot="A", reason="glass"), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)
    return company


def test_a_parcel_with_other_lots_is_left_alone():
    company = packed()
    company.must(RecallLot(sku="LN-220", lot="B", reason="glass"), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().snag("lot_recalled") is None


def test_the_pieces_are_taken_out_with_one_key_and_the_exception_is_over():
    company = recalled()
    asked = company.order().snag("lot_recalled")
    (repair,) = KIND.repairs
    company.must(repair.build(company.order(), company.facts(Recheck(order="o1"), actor())), Role.LEAD)

    assert asked.text.params["lot"].params["lot"] == "A"
    assert company.order().snag("lot_recalled") is None
    assert company.order().status is Status.RELEASED
    assert repair.build(company.order(), company.facts(Recheck(order="o1"), actor())) is None
