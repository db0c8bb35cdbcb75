"""A visit comes after the goods, finds room and a way there; what no longer fits moves with one key."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app import engine
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.cancel_visit import CancelVisit
from app.commands.finish_visit import FinishVisit
from app.commands.fix_address import FixAddress
from app.commands.move_visit import MoveVisit
from app.commands.plan_visit import PlanVisit
from app.commands.recheck import Recheck
from app.commands.set_outlet import SetOutlet
from app.domain.values import Role
from app.domain.visit import KEPT, Area, Bookings, Outlet, Part, Visit, area_written, booked, read_areas
from app.domain.visiting import visit_said
from app.forms.plan_visit import FORM
from app.preview import preview
from app.snags.install_conflict import KIND
from app.text import Text
from tests.builders import NOW, RECEIVER, REGION, Company, actor, ship_it

HERE = Area(province="浙江省", city="杭州市")
HZ = Outlet(code="HZ1", title="拱墅安装点", areas=(HERE,), per_part=1)
XH = Outlet(code="HZ2", title="西湖安装点", areas=(Area(province="浙江省"),), per_part=2)
ARRIVES = date(2026, 6, 16)
"""It leaves by 14 June, shop time, and is on the way for two days."""
DAY = ARRIVES + timedelta(days=1)
SLOT, OUTLET = KIND.repairs


def world(*outlets: Outlet, orders: tuple[str, ...] = ("o1",)) -> Company:
    """Orders to install in Hangzhou, and who does that."""
    company = Company()
    for one in outlets or (HZ,):
        company.must(SetOutlet(outlet=one), Role.LEAD)
    for order in orders:
        company.receive(
            order,
            receiver=msgspec.structs.replace(
                RECEIVER, phone=f"1390000{order[1:]:0>4}", street=f"路{order}号"
            ),
        )
    return company


def plan(company: Company, order: str = "o1", **changes) -> PlanVisit:
    command = PlanVisit(**({"order": order, "outlet": "HZ1", "day": DAY, "part": Part.MORNING} | changes))
    company.must(command)
    return command


def planned(*outlets: Outlet, **changes) -> Company:
    company = world(*outlets)
    plan(company, **changes)
    return company


def slots(company: Company, outlet: str = "HZ1") -> dict[str, tuple[str, ...]]:
    return company.rows["bookings", outlet].slots


def later(company: Company, days: int = 1) -> None:
    """The promise slips."""
    company.must(Amend(order="o1", ship_by_at=company.order().ship_by_at + timedelta(days=days)))


def conflict(company: Company) -> Text | None:
    snag = company.order().snag("install_conflict")
    return snag.text if snag is not None else None


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


# --- planning ---------------------------------------------------------------------------------------


def test_a_slot_is_booked_and_the_order_says_who_comes():
    company = planned()

    assert slots(company) == {"2026-06-17/am": ("o1",)}
    assert conflict(company) is None
    ((_, said),) = visit_said(company.order(), HZ)
    assert said.params["outlet"] == "拱墅安装点"


def test_of_many_who_want_the_last_places_as_many_get_them_as_there_are():
    orders = tuple(f"o{n}" for n in range(1, 11))
    company = world(msgspec.structs.replace(HZ, per_part=3), orders=orders)

    wishes = [PlanVisit(order=order, outlet="HZ1", day=DAY, part=Part.MORNING) for order in orders]
    answers = [company.do(wish) for wish in wishes]

    assert [getattr(one, "code", "booked") for one in answers] == ["booked"] * 3 + ["full"] * 7
    assert slots(company) == {"2026-06-17/am": orders[:3]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order": "o9"}, "no_order"),
        ({"outlet": "XX"}, "no_outlet"),
        ({"outlet": "SH1"}, "not_served"),
        ({"day": ARRIVES}, "too_early"),
        ({"day": DAY + timedelta(days=90)}, "too_far"),
        ({"outlet": "SU1", "day": date(2026, 6, 17)}, "full"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(changes, code):
    sundays = Outlet(code="SU1", title="周日", areas=(HERE,), days=(6,))
    company = world(HZ, Outlet(code="SH1", title="上海", areas=(Area(province="上海市"),)), sundays)

    known = {"order": "o1", "outlet": "HZ1", "day": DAY, "part": Part.MORNING}
    assert company.refused(PlanVisit(**(known | changes))) == code


def test_there_is_one_visit_and_it_is_moved_not_planned_twice():
    company = planned()

    assert company.refused(PlanVisit(order="o1", outlet="HZ1", day=DAY, part=Part.AFTERNOON)) == "planned"
    assert company.refused(MoveVisit(order="o1", outlet="HZ1", day=DAY, part=Part.MORNING)) == "unchanged"
    company.must(MoveVisit(order="o1", outlet="HZ1", day=DAY, part=Part.AFTERNOON))
    assert slots(company) == {"2026-06-17/pm": ("o1",)}


@pytest.mark.parametrize(
    "command",
    [
        PlanVisit(order="o1", outlet="HZ1", day=DAY, part=Part.MORNING),
        MoveVisit(order="o1", outlet="HZ2", day=DAY, part=Part.AFTERNOON),
        CancelVisit(order="o1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_each_step_can_be_taken_back_with_its_slot(command):
    company = world(HZ, XH)
    if not isinstance(command, PlanVisit):
        plan(company)
    was = company.order().visit
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    now = company.order().visit
    assert (now and (now.outlet, now.slot)) == (was and (was.outlet, was.slot))
    assert slots(company) == ({was.slot: ("o1",)} if was else {})
    assert company.rows.get(("bookings", "HZ2"), Bookings(outlet="HZ2")).slots == {}


def test_installed_is_noted_on_its_day_and_taken_back():
    company = planned()
    assert company.refused(FinishVisit(order="o1")) == "too_early"
    company.now = NOW + timedelta(days=4)

    company.must(FinishVisit(order="o1"))
    assert company.order().visit.is_done
    assert company.refused(FinishVisit(order="o1")) == "unchanged"
    assert company.refused(CancelVisit(order="o1")) == "done"
    assert company.refused(MoveVisit(order="o1", outlet="HZ1", day=DAY, part=Part.AFTERNOON)) == "done"
    company.must(FinishVisit(order="o1", is_done=False))

    assert not company.order().visit.is_done


@pytest.mark.parametrize("verb", [CancelVisit, FinishVisit])
def test_where_nobody_comes_there_is_nothing_to_end(verb):
    assert world().refused(verb(order="o1")) == "no_visit"
    assert world().refused(verb(order="o9")) == "no_order"


def test_an_order_that_is_called_off_frees_its_slot():
    company = planned()

    company.must(Cancel(order="o1", reason="asked"))

    assert (company.order().visit, slots(company)) == (None, {})


def test_what_is_long_over_is_forgotten():
    old = Bookings(outlet="HZ1", slots={"2026-01-02/am": ("o9",)})
    visit = Visit(outlet="HZ1", day=DAY, part=Part.MORNING, planned_by="ann", planned_at=NOW)

    assert booked(old, "o1", visit, date(2026, 1, 2) + KEPT).slots.keys() == {"2026-01-02/am", visit.slot}
    assert booked(old, "o1", visit, date(2026, 1, 3) + KEPT).slots.keys() == {visit.slot}


def test_the_guide_is_offered_where_somebody_comes_and_names_what_is_to_install():
    company = world()
    article = company.rows["sku", "LN-220"]
    company.rows["sku", "LN-220"] = msgspec.structs.replace(article, needs_install=True)
    facts = company.facts(Recheck(order="o1"), actor())
    abroad = msgspec.structs.replace(
        company.order(), region=msgspec.structs.replace(REGION, province="上海市")
    )

    assert [FORM.is_offered(order, facts) for order in (company.order(), abroad)] == [True, False]
    assert FORM.notes({}, company.order(), facts)[0].text == Text(article.title)


# --- conflicts --------------------------------------------------------------------------------------


def test_goods_that_come_later_than_the_visit_are_a_conflict_until_it_is_moved():
    company = planned()
    later(company)
    assert conflict(company).message == "The goods are there on {arrives}, the visit is on {day}"
    command = repair(company, SLOT)
    assert command == MoveVisit(order="o1", outlet="HZ1", day=DAY + timedelta(days=1), part=Part.MORNING)
    shown = preview(command, company.order(), company.facts(command, actor()))
    assert ("Visit", "拱墅安装点 2026-06-17", "拱墅安装点 2026-06-18") in [
        (r.label, r.before, r.after) for r in shown.rows
    ]

    company.must(command)

    assert conflict(company) is None
    assert slots(company) == {"2026-06-18/am": ("o1",)}


def test_a_full_slot_is_passed_over():
    company = world(HZ, orders=("o1", "o2"))
    plan(company)
    plan(company, "o2", day=DAY + timedelta(days=1))
    later(company)

    assert repair(company, SLOT) == MoveVisit(
        order="o1", outlet="HZ1", day=DAY + timedelta(days=1), part=Part.AFTERNOON
    )


def test_an_address_where_the_outlet_does_not_go_is_another_outlets():
    company = planned(HZ, Outlet(code="NB1", title="宁波", areas=(Area(province="浙江省", city="宁波市"),)))
    there = msgspec.structs.replace(REGION, city="宁波市", district="鄞州区", postcode="315100")
    company.must(FixAddress(order="o1", receiver=RECEIVER, region=there))

    assert (conflict(company).params["outlet"], conflict(company).params["place"]) == ("HZ1", "鄞州区")
    assert repair(company, SLOT) is None
    company.must(repair(company, OUTLET))
    assert (conflict(company), company.order().visit.outlet, slots(company)) == (None, "NB1", {})


def test_of_several_others_the_one_that_comes_first():
    third = Outlet(code="HZ3", title="余杭", areas=(HERE,), days=(6,))
    company = planned(HZ, XH, third)
    later(company)

    assert repair(company, OUTLET).outlet == "HZ2"


def test_where_nobody_else_goes_nothing_is_offered():
    company = planned()
    later(company)

    assert repair(company, OUTLET) is None


def test_an_outlet_that_takes_fewer_visits_has_one_too_many():
    company = world(msgspec.structs.replace(HZ, per_part=2), orders=("o1", "o2"))
    plan(company, "o2")
    plan(company)
    (event,) = company.must(SetOutlet(outlet=msgspec.structs.replace(HZ, per_part=1, rev=1)), Role.LEAD)
    assert event.wakes() == ("outlet:HZ1",)

    for order in ("o1", "o2"):
        company.must(Recheck(order=order), Role.WORKER)

    assert conflict(company).params["count"] == 1
    assert company.order("o2").snag("install_conflict") is None


def test_a_conflict_keeps_no_goods_back_and_is_asked_after_they_left():
    company = planned()
    ship_it(company)
    company.must(SetOutlet(outlet=msgspec.structs.replace(HZ, active=False, rev=1)), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().status == "shipped"
    assert conflict(company) is not None


def test_what_is_installed_is_no_conflict_any_more():
    company = planned()
    company.now = NOW + timedelta(days=4)
    company.must(FinishVisit(order="o1"))
    company.must(SetOutlet(outlet=msgspec.structs.replace(HZ, active=False, rev=1)), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert conflict(company) is None


# --- outlets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "no code"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"areas": (Area(province="", city="杭州市"),)}, "bad_area"),
        ({"areas": (Area(province="x" * 41),)}, "bad_area"),
        ({"per_part": -1}, "bad_capacity"),
        ({"days": ()}, "bad_capacity"),
        ({"days": (7,)}, "bad_capacity"),
    ],
)
def test_an_outlet_that_cannot_be_is_refused(changes, code):
    assert Company().refused(SetOutlet(outlet=msgspec.structs.replace(HZ, **changes)), Role.LEAD) == code


def test_areas_are_written_one_a_line():
    text = "浙江省 杭州市\n上海市，上海市，浦东新区\n\n江苏省"

    areas = read_areas(text)

    assert [area_written(area) for area in areas] == ["浙江省 杭州市", "上海市 上海市 浦东新区", "江苏省"]
    assert read_areas("a b c d").params == {"line": "a b c d"}
