"""How a channel is read is mended from a desk: tried on a real record, kept as a version, never unlocked."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hub_world import HubWorld
from polled_world import Polled

from app.domain.company import User
from app.domain.mending import AskMending
from app.domain.tree_edits import overlaid, replaced, value_at
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.polling.mending import keep, mending
from sync.hub.tokens import Session


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def session(role: Role = Role.LEAD, **more: object) -> Session:
    user = User(code="fang", title="Fang", role=role, **more)
    return Session("login", user, "pc", "pc/fang", frozenset({"set_shop"}), datetime(2100, 1, 1, tzinfo=UTC))


def bits(found: object) -> dict[str, str]:
    return {bit.key: bit.value for bit in found}


def patch_of(key: str, value: object) -> str:
    return json.dumps(replaced({}, key, value))


def test_a_patch_is_tried_on_a_real_record_kept_as_a_version_and_taken_back(hub: HubWorld):
    world = Polled(hub, "pdd", 3)
    world.settle()
    lead = session()
    first = mending(world.tools, lead, "TM1", None)
    assert (first.n, first.wrong, first.versions) == (0, (), ())
    assert "pay_amount" in bits(first.sample)
    assert bits(first.made)["ext_id"]

    note = patch_of("map/order/buyer_note/path", "order_sn")
    tried = mending(world.tools, lead, "TM1", AskMending(patch=note))
    shipped = json.loads(tried.shipped)
    key = "map/order/buyer_note/path"
    assert value_at(shipped, key) == "buyer_memo"
    assert value_at(overlaid(shipped, json.loads(tried.patch)), key) == "order_sn"
    assert (json.loads(first.schema)["$defs"]["Map"]["title"], tried.schema) == ("Map", "")
    assert bits(tried.made)["note"] == bits(first.sample)["order_sn"]
    assert mending(world.tools, lead, "TM1", None).patch == "{}"

    kept = keep(world.tools, lead, "TM1", AskMending(patch=note))
    assert (kept.n, kept.versions[0].changed, kept.versions[0].by) == (
        1, ("map/order/buyer_note/path",), "fang",
    )  # fmt: skip
    assert world.one().manifest.map.order["buyer_note"].path == "order_sn"
    with pytest.raises(Trouble, match="changed"):
        keep(world.tools, lead, "TM1", AskMending(patch="{}", n=0))
    back = keep(world.tools, lead, "TM1", AskMending(patch=kept.versions[-1].patch, n=1))
    assert ([one.n for one in back.versions], back.patch) == ([2, 1, 0], "{}")
    assert world.one().manifest.map.order["buyer_note"].path == "buyer_memo"
    assert len({row.order_id for row in hub.rows(tables.reveal)}) == 1


def test_what_was_exported_comes_back_as_the_patch_it_was(hub: HubWorld):
    world = Polled(hub, "pdd", 0)
    note = patch_of("map/order/buyer_note/path", "remark")
    out = mending(world.tools, session(), "TM1", AskMending(patch=note)).exported

    back = mending(world.tools, session(), "TM1", AskMending(whole=out))

    assert json.loads(back.patch) == json.loads(note)
    for wrong in ("id: jd", "a: [", "transport: {base: https://elsewhere}\nid: pdd"):
        with pytest.raises(Trouble, match=r"no_patch|locked"):
            mending(world.tools, session(), "TM1", AskMending(whole=wrong))
    with pytest.raises(Trouble, match="no_patch"):
        mending(world.tools, session(), "TM1", AskMending(patch='{"a":' * 950 + "1" + "}" * 950))


def test_what_is_wrong_names_its_block_and_is_not_kept(hub: HubWorld):
    world = Polled(hub, "pdd", 1)
    world.settle()
    lead = session()
    for key, value, block in (
        ("map/order/payable/type", "gold", "map"),
        ("streams/orders/window/max", "soon", "streams"),
        ("map/order/payable/paht", "x", "map"),
    ):
        asked = AskMending(patch=patch_of(key, value))
        assert [one.block for one in mending(world.tools, lead, "TM1", asked).wrong] == [block]
        with pytest.raises(Trouble, match="bad_manifest"):
            keep(world.tools, lead, "TM1", asked)
    gone = mending(world.tools, lead, "TM1", AskMending(patch=patch_of("map/order/payable/path", "nowhere")))
    assert (gone.wrong, gone.made, len(gone.odd)) == ((), (), 1)


def test_how_calls_are_signed_is_changed_by_nobody_at_a_desk(hub: HubWorld):
    world = Polled(hub, "pdd", 0)
    for key in (
        "transport/base",
        "transport/sign/strategy",
        "settings/base_url/default",
        "push/verify/trim",
        "id",
    ):
        for ask in (mending, keep):
            with pytest.raises(Trouble, match="locked"):
                ask(world.tools, session(), "TM1", AskMending(patch=patch_of(key, "none")))


def test_whoever_reads_masks_sees_no_person_and_other_shops_are_not_there(hub: HubWorld):
    world = Polled(hub, "pdd", 1)
    world.settle()
    floor = mending(world.tools, session(Role.WAREHOUSE), "TM1", None)
    assert {char for bit in floor.made for char in bit.value} <= {"•"}
    assert hub.rows(tables.reveal) == []
    with pytest.raises(Trouble, match="not_connected"):
        mending(world.tools, session(shops=("DY1",)), "TM1", None)
