"""What is pending is decided again where it stands on what came, and nowhere else; the outcome is one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from builders import line
from desk_world import World, contents, login
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.command import Command
from app.commands.adjust_stock import AdjustStock
from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.set_rules import SetRules
from app.commands.set_shop import SetShop
from app.domain.values import Role
from sync.replica.entries import Entry
from sync.replica.image import Image
from sync.replica.overlay import Overlay


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    made.hub.receive("o1")
    made.hub.receive("o2", lines=(line(ext_sku="unknown-1"),))
    made.pull_all()
    yield made
    made.close()


def hold(order: str = "o1", reason: str = "buyer asked") -> Hold:
    return Hold(order=order, reason=reason)


def test_an_earlier_command_that_passes_again_is_decided_before_a_later_one(world: World) -> None:
    world.hub.receive("o3", lines=(line(ext_sku="unknown-1"),))
    world.pull_all()
    world.must(MatchSku(order="o2", shop="TM1", ext_sku="unknown-1", sku="LN-220"))
    world.must(MatchSku(order="o3", shop="TM1", ext_sku="unknown-1", sku="SF-001"))
    for command in (Cancel(order="o2", reason="buyer"), Restore(order="o2")):
        act(world, "hub cancel" if isinstance(command, Cancel) else "hub restore", "o2")
        world.pull_all()

    assert world.order("o2").lines[0].sku == "LN-220"
    mapping = world.views.facts(MatchSku(shop="TM1", ext_sku="unknown-1", sku=""), login()).mapping(
        "TM1", "unknown-1"
    )
    assert mapping is not None
    assert mapping.sku == "SF-001"


def test_pending_work_is_decided_again_when_stock_it_looked_at_moves(world: World) -> None:
    world.hub.receive("o3", lines=(line(ext_sku="A-2", qty=50),))
    world.pull_all()
    world.must(hold("o3"))
    before = world.order("o3").snag("short_stock").text
    act(world, "hub stock", "SF-001")
    world.pull_all()
    assert world.order("o3").snag("short_stock").text != before


def test_pending_work_is_decided_again_when_a_rule_it_stands_on_changes(world: World) -> None:
    world.hub.receive("o3", lines=(line(ext_sku="A-2"),))
    world.pull_all()
    world.must(hold("o3"))
    assert world.order("o3").snag("price_anomaly") is not None
    act(world, "hub rules", 200)
    world.pull_all()
    assert world.order("o3").snag("price_anomaly") is None


def test_pending_work_that_looked_at_nothing_that_changed_is_not_decided_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.hub.receive("o3", lines=(line(ext_sku="A-2", qty=50),))
    world.pull_all()
    world.must(hold("o1"))
    world.must(hold("o3"))
    decided: list[str] = []
    decide = Overlay._decide

    def watched(overlay: Overlay, image: Image, entry: Entry, was: object) -> None:
        decided.append(entry.subject)
        decide(overlay, image, entry, was)

    monkeypatch.setattr(Overlay, "_decide", watched)
    act(world, "hub stock", "SF-001")  # o3 is short of it
    act(world, "hub stock", "LN-220")  # o1 has its piece of it, and asks for no more
    world.pull_all()

    assert decided == ["o3"]


Op = st.one_of(
    st.tuples(st.just("hold"), st.sampled_from(["o1", "o2", "o3"])),
    st.tuples(st.just("resume"), st.sampled_from(["o1", "o2", "o3"])),
    st.tuples(st.just("match"), st.sampled_from(["o2 LN-220", "o2 SF-001", "o3 LN-220", "o3 SF-001"])),
    st.tuples(st.just("recheck"), st.sampled_from(["o2", "o3"])),
    st.tuples(st.just("stock"), st.sampled_from(["LN-220", "SF-001"])),
    st.tuples(st.just("hub hold"), st.sampled_from(["o1", "o2", "o3"])),
    st.tuples(st.just("hub resume"), st.sampled_from(["o1", "o2", "o3"])),
    st.tuples(st.just("hub match"), st.sampled_from(["o2 LN-220", "o3 SF-001"])),
    st.tuples(st.just("hub cancel"), st.sampled_from(["o2", "o3"])),
    st.tuples(st.just("hub restore"), st.sampled_from(["o2", "o3"])),
    st.tuples(st.just("hub stock"), st.sampled_from(["LN-220", "SF-001"])),
    st.tuples(st.just("hub rules"), st.sampled_from([140, 200])),
    st.tuples(st.just("hub shop"), st.sampled_from(["SZ", "WH SZ"])),
    st.tuples(st.just("push"), st.sampled_from([1, 2, 100])),
    st.tuples(st.just("pull"), st.sampled_from([1, 3, 500])),
    st.tuples(st.just("restart"), st.just("")),
)


def setting_of(world: World, verb: str, value: object) -> Command:
    shop, rules = world.hub.company.refs.shops["TM1"], world.hub.company.refs.rules
    if verb == "hub rules":
        return SetRules(rules=msgspec.structs.replace(rules, price_ceiling_pct=value))
    return SetShop(shop=msgspec.structs.replace(shop, warehouses=tuple(str(value).split())))


def command_of(verb: str, value: str):
    order, _, sku = value.partition(" ")
    return {
        "hold": lambda: Hold(order=order, reason="r"),
        "resume": lambda: Resume(order=order),
        "match": lambda: MatchSku(order=order, shop="TM1", ext_sku="unknown-1", sku=sku),
        "cancel": lambda: Cancel(order=order, reason="buyer"),
        "restore": lambda: Restore(order=order),
        "recheck": lambda: Recheck(order=order),
        "stock": lambda: AdjustStock(warehouse="SZ", sku=value, delta=1, reason="found"),
    }[verb]()


def act(world: World, verb: str, value: object) -> None:
    if verb == "push":
        world.push(count=value)
    elif verb == "pull":
        world.pull(limit=value, slice_rows=2)
    elif verb == "restart":
        world.restart()
    elif not verb.startswith("hub "):
        world.submit(command_of(verb, value))
    else:
        before = dict(world.hub.company.rows)
        is_setting = verb in ("hub rules", "hub shop")
        command = setting_of(world, verb, value) if is_setting else command_of(verb[4:], value)
        world.hub.company.do(command, Role.ADMIN if is_setting else Role.LEAD)
        changed = {key: row for key, row in world.hub.company.rows.items() if before.get(key) is not row}
        if changed:
            world.hub.publish(changed)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(ops=st.lists(Op, min_size=3, max_size=20))
def test_rows_overlay_and_replay_equal_a_recomputation_from_scratch(ops: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.hub.receive("o1")
        world.hub.receive("o2", lines=(line(ext_sku="unknown-1"),))
        world.hub.receive("o3", lines=(line(ext_sku="unknown-1"), line("2", "A-2", qty=50)))
        world.pull_all()
        for verb, value in ops:
            act(world, verb, value)
            shown, laid = contents(world.store), world.store._overlay._laid
            world.store._renew_overlay()
            assert contents(world.store) == shown, (verb, value)
            world.store._overlay._laid = laid  # what was noted step by step is what is tried
        while world.store.outbox.unsent():
            world.push()
        world.pull_all()
        assert contents(world.store)["before"] == []
        assert world.store.mark.total == f"{world.hub.total():016x}"
        assert {r[:2]: r[4] for r in contents(world.store)["row"]} == {
            k: r.doc for k, r in world.hub.rows.items()
        }
        world.close()
