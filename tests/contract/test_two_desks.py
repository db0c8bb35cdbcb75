"""Two desks change one order without the line between them: what merges, what is asked, how it goes on."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from builders import line
from desk_world import World
from fake_hub import FakeHub

from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.match_sku import MatchSku
from app.commands.write_memo import WriteMemo
from app.domain.values import Receiver
from app.once_more import redone, sides_of
from app.text import Text


@pytest.fixture
def desks(tmp_path: Path):
    hub = FakeHub()
    hub.receive("o1")
    made = [World(tmp_path / name, hub) for name in ("one", "two")]
    for each in made:
        each.pull_all()
    yield made
    for each in made:
        each.close()


def fix(world: World, **changes: str) -> FixAddress:
    order = world.order()
    receiver = msgspec.structs.replace(order.receiver, **changes)
    return FixAddress(order="o1", receiver=receiver, region=order.region)


def test_a_phone_here_and_a_street_there_both_survive(desks: list[World]) -> None:
    one, two = desks
    one.must(fix(one, phone="13900000000"))
    two.must(fix(two, street="解放路1号"))

    for each in (one, two, one):
        each.push()
        each.pull_all()

    for each in desks:
        assert (each.order().receiver.phone, each.order().receiver.street) == ("13900000000", "解放路1号")
        assert each.store.waiting.count == 0
        assert [row.state for row in each.views.outbox()] == ["accepted"]


def test_before_the_hub_answers_the_desk_already_shows_both(desks: list[World]) -> None:
    one, two = desks
    two.must(fix(two, street="解放路1号"))
    one.must(fix(one, phone="13900000000"))
    one.push()

    two.pull_all()

    assert (two.order().receiver.phone, two.order().receiver.street) == ("13900000000", "解放路1号")


@pytest.fixture
def disputed(desks: list[World]):
    """The second desk was slower with the phone, and changed the name as well."""
    one, two = desks
    one.must(fix(one, phone="13700000000"))
    two.must(fix(two, phone="13900000000", name="季大雨"))
    one.push()
    two.push()
    two.pull_all()
    return two


def case_of(world: World) -> str:
    return f"{world.replica}/1"


def test_what_waits_and_would_not_pass_any_more_is_doubtful(desks: list[World]) -> None:
    one, two = desks
    two.must(fix(two, phone="13900000000"))
    one.must(fix(one, phone="13700000000"))
    one.push()
    two.pull_all()

    (row,) = two.views.outbox()
    assert (row.state, row.error) == (
        "doubtful",
        Text("Changed in the meantime: {fields}", {"fields": Text("phone")}),
    )
    assert two.order().receiver.phone == "13700000000"


def test_the_slower_one_sees_three_sides(disputed: World) -> None:
    again = disputed.views.again(case_of(disputed))
    assert again.parts == ("receiver.phone",)
    rows = sides_of(again, {}, "Asia/Shanghai", is_masked=False)
    assert [(row.label.message, row.before, row.theirs, row.mine, row.is_disputed) for row in rows] == [
        ("phone", "13800000000", "13700000000", "13900000000", True),
        ("receiver", "季小雨", "季小雨", "季大雨", False),
    ]


def test_those_who_read_masks_see_three_masks(disputed: World) -> None:
    again = disputed.views.again(case_of(disputed))
    rows = sides_of(again, {}, "Asia/Shanghai", is_masked=True)
    assert [(row.before, row.theirs, row.mine) for row in rows] == [
        ("138****0000", "137****0000", "139****0000"),
        ("季**", "季**", "季**"),
    ]


def test_a_street_is_hidden_from_those_who_read_masks(desks: list[World]) -> None:
    one, two = desks
    one.must(fix(one, street="解放路1号"))
    two.must(fix(two, street="中山路2号"))
    one.push()
    two.push()
    two.pull_all()
    again = two.views.again(case_of(two))
    (row,) = sides_of(again, {}, "Asia/Shanghai", is_masked=True)
    assert "路" not in row.before + row.theirs + row.mine
    (row,) = sides_of(again, {}, "Asia/Shanghai", is_masked=False)
    assert ("解放路1号" in row.theirs, "中山路2号" in row.mine) == (True, True)


@pytest.mark.parametrize(("theirs", "phone"), [((), "13900000000"), (("receiver.phone",), "13700000000")])
def test_whichever_side_is_kept_the_rest_of_mine_holds(
    disputed: World, theirs: tuple[str, ...], phone: str
) -> None:
    again = disputed.views.again(case_of(disputed))
    command = redone(again, theirs)
    assert command is not None
    disputed.must(command)
    disputed.must(LetGo(case=case_of(disputed)))
    disputed.push()
    disputed.pull_all()

    assert (disputed.order().receiver.phone, disputed.order().receiver.name) == (phone, "季大雨")
    assert [row.state for row in disputed.views.outbox()] == ["accepted", "accepted", "closed"]
    assert disputed.views.snags(kind="refused_command") == []


def test_two_memos_at_once_are_a_question_and_a_memo_beside_an_address_is_none(desks: list[World]) -> None:
    one, two = desks
    one.must(fix(one, phone="13700000000"))
    two.must(WriteMemo(order="o1", memo=Receiver(memo="gift")))
    for each in (one, two, one):
        each.push()
        each.pull_all()
    assert (one.order().receiver.phone, one.order().receiver.memo) == ("13700000000", "gift")

    one.must(WriteMemo(order="o1", memo=Receiver(memo="urgent")))
    two.must(WriteMemo(order="o1", memo=Receiver(memo="call first")))
    one.push()
    two.push()
    two.pull_all()

    again = two.views.again(f"{two.replica}/2")
    (masked,) = sides_of(again, {}, "Asia/Shanghai", is_masked=True)
    assert "gift" not in masked.before + masked.theirs + masked.mine
    rows = sides_of(again, {}, "Asia/Shanghai", is_masked=False)
    assert [(row.before, row.theirs, row.mine) for row in rows if row.is_disputed] == [
        ("gift", "urgent", "call first")
    ]


def test_what_says_no_value_is_done_as_a_whole_or_not_at_all(desks: list[World]) -> None:
    one, two = desks
    one.must(Hold(order="o1", reason="ours"))
    two.must(Cancel(order="o1", reason="buyer"))
    one.must(Cancel(order="o1", reason="stock"))
    one.push()
    two.push()
    two.pull_all()
    again = two.views.again(case_of(two))
    assert redone(again, ("status",)) is None
    assert redone(again, ()) == Cancel(order="o1", reason="buyer")


def test_a_refusal_can_be_asked_again_after_the_world_has_changed(desks: list[World]) -> None:
    one, two = desks
    one.must(Cancel(order="o1", reason="stock"))
    one.push()
    two.must(Hold(order="o1", reason="ask"))
    two.push()
    two.pull_all()
    (row,) = two.views.outbox()
    assert (row.state, row.case, row.order) == ("refused", case_of(two), "o1")
    again = two.views.again(row.case)
    assert again.command == Hold(order="o1", reason="ask")
    assert not again.parts
    assert two.views.again("somebody-else/1") is None
    assert two.views.again("nonsense") is None


def test_what_the_hub_made_of_it_beyond_what_was_shown_is_listed(desks: list[World]) -> None:
    two = desks[1]
    two.hub.receive("o2", lines=(line(ext_sku="unknown-1"),))
    two.pull_all()
    two.must(MatchSku(shop="TM1", ext_sku="unknown-1", sku="LN-220", order="o2"))
    assert two.views.outbox()[0].changed == (), "nobody has answered yet"
    two.push()
    two.pull_all()
    (row,) = two.views.outbox()
    assert row.state == "accepted"
    assert [text.message for text in row.changed] == [
        "Reserved {pieces} pieces in {warehouse}",
        "Exception: {text}",
    ]
