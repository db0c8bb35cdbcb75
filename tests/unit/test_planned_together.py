"""A wave planned together: who moves, in which order, what it saves, and who stays for which reason."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.print_paper import PrintPaper
from app.commands.recheck import Recheck
from app.domain.freight import Fare
from app.domain.paper import Paper
from app.domain.values import Region
from app.together import planned
from tests.builders import RECEIVER, REGION, Company, actor, stock
from tests.unit.test_choosing import company

pytest.importorskip("highspy")
HUBEI = Region(province="湖北省", city="武汉市", verdict="accept")
FARES = (
    Fare(origin="苏州市", province="浙江省", first_minor=800, step_minor=200),
    Fare(origin="苏州市", province="湖北省", first_minor=1_100, step_minor=200),
    Fare(origin="武汉市", first_minor=500, step_minor=200),
)


def bought(known: Company, name: str, region: Region = REGION) -> None:
    """Let a buyer of their own order one piece."""
    phone = f"1380000{sum(map(ord, name)):04}"
    receiver = msgspec.structs.replace(RECEIVER, name=name, phone=phone)
    known.receive(name, region=region, receiver=receiver)


def crowded(*, in_suzhou: int = 10) -> Company:
    """The last piece in Wuhan went to whom Suzhou costs little more; who lives beside it came too late."""
    known = company(*FARES)
    known.rows["stock", "WH/LN-220"] = stock("WH", on_hand=1)
    known.rows["stock", "SZ/LN-220"] = stock("SZ", on_hand=in_suzhou)
    bought(known, "early")
    bought(known, "late", HUBEI)
    assert [known.order(name).warehouse for name in ("early", "late")] == ["WH", "SZ"]
    return known


def together(known: Company, *ids: str):
    facts = known.facts(Recheck(order=ids[0]), actor())
    return planned([known.order(name) for name in ids], facts)


def test_the_last_piece_goes_to_whom_the_other_place_costs_most():
    plan = together(crowded(), "early", "late")

    assert [(one.order, one.before, one.after, one.extra_minor) for one in plan.moves] == [
        ("early", "WH", "SZ", 300), ("late", "SZ", "WH", -600),
    ]  # fmt: skip
    assert (plan.count, plan.saved) == (2, {"CNY": 300})
    assert [str(one.why.message) for one in plan.moves] == [
        "Leaves its pieces to {number}", "Costs less from there",
    ]  # fmt: skip


def test_every_move_passes_at_the_hub_in_the_order_it_is_told():
    known = crowded()

    for move in together(known, "early", "late").moves:
        known.must(ChangeWarehouse(order=move.order, warehouse=move.after, reason="planned together"))

    assert [known.order(name).warehouse for name in ("early", "late")] == ["SZ", "WH"]
    assert (known.rows["stock", "WH/LN-220"].reserved, known.rows["stock", "SZ/LN-220"].reserved) == (1, 1)
    assert "early" not in {one.order for one in together(known, "early", "late").moves}


def test_two_that_would_have_to_change_places_at_once_stay():
    plan = together(crowded(in_suzhou=1), "early", "late")

    assert plan.moves == ()


def test_nobody_moves_where_nothing_is_saved():
    known = company(*FARES)
    bought(known, "one")
    bought(known, "two", HUBEI)

    assert together(known, "one", "two").moves == ()


def test_what_somebody_chose_or_printed_stays_and_says_so():
    known = crowded()
    bought(known, "third")
    known.must(PrintPaper(order="late", paper=Paper.LIST))
    known.rows["order", "early"] = msgspec.structs.replace(
        known.order("early"), sourced=msgspec.structs.replace(known.order("early").sourced, by="clerk")
    )

    plan = together(known, "early", "late", "third")

    assert {one.order: one.why.message for one in plan.stays} == {
        "early": "Somebody chose its warehouse", "late": "Its papers are printed",
    }  # fmt: skip
    assert (plan.count, plan.moves) == (1, ())
