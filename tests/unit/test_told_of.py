"""A refund of an order that was split or merged stops the parcel its goods are in, and no other."""

from __future__ import annotations

from builders import Company, line, ship_it

from app.commands.hear import Hear, Means
from app.commands.merge import Merge
from app.commands.split import Split
from app.domain.making import Part
from app.domain.order import ChannelState, Status
from app.domain.told import CaseKind, CaseState, ChannelCase
from app.domain.values import Role


def said(state: CaseState, **more: object) -> Hear:
    known = {"id": "r1", "kind": CaseKind.RETURN_REFUND, "version": "1"} | more
    return Hear(order="o1", means=Means.CASE, case=ChannelCase(state=state, **known))  # type: ignore[arg-type]


def in_two() -> Company:
    """Line 1 in the parcel p1, line 2 in p2."""
    made = Company()
    made.receive(lines=(line(), line("2", qty=2)))
    made.must(Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("2", 2),)))))
    return made


def kinds(made: Company, order: str) -> set[str]:
    return {snag.kind for snag in made.order(order).snags}


def test_the_parcel_with_the_goods_is_stopped_and_let_go_again() -> None:
    made = in_two()
    ship_it(made, "p1")
    made.must(said(CaseState.REQUESTED, line="2", qty=1), Role.CHANNEL)
    assert (kinds(made, "p1"), kinds(made, "p2")) == (set(), {"refund_requested"})
    assert made.order("p2").status is not Status.RELEASED
    assert made.order("p1").returns == ()
    made.must(said(CaseState.FAILED, line="2", version="2"), Role.CHANNEL)
    assert (kinds(made, "p2"), made.order("p2").status) == (set(), Status.RELEASED)


def test_what_left_is_asked_back_of_the_parcel_it_left_in() -> None:
    made = in_two()
    ship_it(made, "p1")
    made.must(said(CaseState.REQUESTED, line="1"), Role.CHANNEL)
    (ours,) = made.order("p1").returns
    assert [(asked.line, asked.qty) for asked in ours.lines] == [(made.order("p1").lines[0].id, 1)]
    assert (kinds(made, "p1"), kinds(made, "p2")) == ({"return_due"}, set())


def test_a_refund_of_the_whole_order_is_one_of_every_parcel() -> None:
    made = in_two()
    made.must(said(CaseState.REFUNDED), Role.CHANNEL)
    assert kinds(made, "p1") == kinds(made, "p2") == {"refund_requested"}


def test_a_refund_that_was_told_before_the_split_is_not_forgotten_by_it() -> None:
    made = Company()
    made.receive(lines=(line(), line("2")))
    made.must(said(CaseState.REQUESTED, line="2"), Role.CHANNEL)
    made.must(Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("2", 1),)))))
    assert (kinds(made, "p1"), kinds(made, "p2")) == (set(), {"refund_requested"})


def test_a_refund_of_one_stops_what_it_was_merged_into() -> None:
    made = Company()
    made.receive("o1")
    made.receive("o2")
    made.must(Merge(orders=("o1", "o2"), into="m1"))
    made.must(said(CaseState.REFUNDED, line="1"), Role.CHANNEL)
    assert kinds(made, "m1") == {"refund_requested"}


def in_one_and_two() -> Company:
    """Two orders merged into one that is split so that each parcel holds the goods of one of them."""
    made = Company()
    made.receive("o1", lines=(line(), line("2", qty=2)))
    made.receive("o2")
    made.must(Merge(orders=("o1", "o2"), into="m1"))
    parts = Part("p1", (("1.1", 1), ("1.2", 2))), Part("p2", (("2.1", 1),))
    made.must(Split(order="m1", parts=parts))
    return made


def test_a_parcel_without_goods_of_an_order_is_not_told_of_it() -> None:
    made = in_one_and_two()
    ship_it(made, "p1")
    assert (made.order("o1").tracking_no, made.order("o2").tracking_no) == ("SFp1", "")
    ship_it(made, "p2")
    assert made.order("o2").tracking_no == "SFp2"


def test_a_refund_of_a_whole_order_stops_no_parcel_without_its_goods() -> None:
    made = in_one_and_two()
    made.must(said(CaseState.REQUESTED), Role.CHANNEL)
    assert (kinds(made, "p1"), kinds(made, "p2")) == ({"refund_requested"}, set())


def test_a_refund_of_a_whole_order_asks_back_its_own_goods_of_what_it_was_merged_into() -> None:
    made = Company()
    made.receive("o1", lines=(line(), line("2", qty=2)))
    made.receive("o2")
    made.must(Merge(orders=("o1", "o2"), into="m1"))
    ship_it(made, "m1")
    made.must(said(CaseState.REQUESTED), Role.CHANNEL)
    (ours,) = made.order("m1").returns
    assert [(asked.line, asked.qty) for asked in ours.lines] == [("1.1", 1), ("1.2", 2)]


def test_a_parcel_of_several_whose_every_line_is_paid_back_is_intercepted() -> None:
    made = in_two()
    ship_it(made, "p1")
    ship_it(made, "p2")
    only_money = {"kind": CaseKind.REFUND_ONLY, "line": "2"}
    made.must(said(CaseState.REFUNDED, qty=1, **only_money), Role.CHANNEL)
    assert kinds(made, "p2") == set()
    made.must(said(CaseState.REFUNDED, qty=1, id="r2", **only_money), Role.CHANNEL)
    assert (kinds(made, "p1"), kinds(made, "p2")) == (set(), {"refund_requested"})


def test_a_parcel_whose_order_is_called_off_there_is_intercepted_though_it_was_one_of_two() -> None:
    made = in_two()
    ship_it(made, "p1")
    ship_it(made, "p2")
    lines = (line(), line("2", qty=2))
    made.receive(lines=lines, channel_state=ChannelState.CANCELLED, ext_version="9")
    assert kinds(made, "p1") == kinds(made, "p2") == {"refund_requested"}


def test_of_a_line_in_two_parcels_no_more_comes_back_than_the_buyer_asked_for() -> None:
    made = Company()
    made.receive(lines=(line(qty=4),))
    made.must(Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 3),)))))
    ship_it(made, "p1")
    ship_it(made, "p2")

    def asked() -> list[int]:
        cases = [case for parcel in ("p1", "p2") for case in made.order(parcel).returns]
        return [one.qty for case in cases for one in case.lines]

    made.must(said(CaseState.REQUESTED, line="1", qty=2), Role.CHANNEL)
    assert asked() == [1, 1]
    made.must(said(CaseState.AWAITING_RETURN, line="1", qty=2, version="2"), Role.CHANNEL)
    assert asked() == [1, 1]
    assert [made.order(one).returns[0].state for one in ("p1", "p2")] == ["awaited", "awaited"]
