"""Desks that hold, sell, come back late or leave: what is confirmed never exceeds what lies there."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec
from builders import SHOPS, line, stock
from hub_world import HubWorld, bought
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lease_world import SKU, WAREHOUSE, LeaseDesk, expire

from app.commands.adjust_stock import AdjustStock
from app.commands.cancel import Cancel
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.values import Role
from sync import tables

ON_HAND = 20
NAMES = ("A", "B", "C")
desks = st.sampled_from(NAMES)
pieces = st.integers(1, 6)


class RandomLeases(RuleBasedStateMachine):
    """`ended`: desks whose lease the hub took while they may have sold from it; late work may fail."""

    @initialize(count=st.integers(2, 3), share=st.sampled_from([20, 60, 100]))
    def a_company_opens(self, count: int, share: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="docket-leases-"))
        self.hub = HubWorld(
            f"sqlite:///{self.folder / 'hub.db'}",
            shops=(msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",)),),
            opening=(stock("SZ", SKU, ON_HAND),),
            rules=Rules(lease_share_pct=share, lease_from_pieces=1),
        )
        self.desks = {name: LeaseDesk(self.hub, self.folder, name) for name in NAMES[:count]}
        self.floor = self.hub.desk(Role.WAREHOUSE, "floor")
        self.ended: set[str] = set()
        self.count = 0
        self.told: dict[str, str] = {}
        """Sales confirmed to a buyer, and by which desk."""

    def teardown(self) -> None:
        if hasattr(self, "hub"):
            self._everybody_comes_back()
            for desk in self.desks.values():
                desk.close()
            self.hub.close()
            shutil.rmtree(self.folder)

    def _desk(self, name: str) -> LeaseDesk:
        return self.desks.get(name) or self.desks["A"]

    def _id(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def _note_ended(self) -> None:
        """Remember whose lease is gone although work of theirs is still on its way."""
        held = {row.owner for row in self.hub.rows(tables.reservation, kind="lease", state="open")}
        self.ended |= {name for name in self.desks if name not in held}

    # --- what happens -------------------------------------------------------------------------------

    @rule(name=desks, qty=pieces)
    def a_desk_asks_to_hold(self, name: str, qty: int) -> None:
        self._desk(name).hold(qty)
        self.ended.discard(self._desk(name).name)

    @rule(name=desks, qty=pieces)
    def a_desk_sells(self, name: str, qty: int) -> None:
        desk, order = self._desk(name), self._id()
        if desk.sell(order, qty).by_lease:
            self.told[order] = desk.name

    @rule(name=desks)
    def a_desk_comes_back(self, name: str) -> None:
        self._desk(name).level()

    @rule(name=desks)
    def a_desk_is_heard_but_hears_nothing(self, name: str) -> None:
        self._desk(name).push()

    @rule(name=desks)
    def a_desk_leaves_properly(self, name: str) -> None:
        self._desk(name).give_back()

    @rule(hours=st.integers(1, 10))
    def time_passes(self, hours: int) -> None:
        self.hub.clock.move(hours=hours)
        expire(self.hub)
        self._note_ended()

    @rule(qty=pieces)
    def a_channel_sells(self, qty: int) -> None:
        self.hub.channel.must(bought(self._id(), lines=(line(qty=qty),)))

    @rule(delta=st.sampled_from([-3, -1, 2, 5]))
    def the_shelf_is_counted(self, delta: int) -> None:
        before = {row.owner: row.qty for row in self.hub.rows(tables.reservation, kind="lease", state="open")}
        self.floor.ask(AdjustStock(warehouse=WAREHOUSE, sku=SKU, delta=delta, reason="counted"))
        after = {row.owner: row.qty for row in self.hub.rows(tables.reservation, kind="lease", state="open")}
        self.ended |= {owner for owner, qty in before.items() if after.get(owner, 0) < qty}

    @precondition(lambda self: self.told)
    @rule(at=st.integers(0, 50))
    def a_buyer_changes_their_mind(self, at: int) -> None:
        order = sorted(self.told)[at % len(self.told)]
        desk = self.desks[self.told[order]]
        if desk.order(order).status in {"to_check", "gated", "released"}:
            desk.store.submit(Cancel(order=order, reason="asked"), desk.login, "", None)
            del self.told[order]

    # --- what must hold -----------------------------------------------------------------------------

    @invariant()
    def nothing_is_promised_that_does_not_lie_there(self) -> None:
        if not hasattr(self, "hub"):
            return
        (shelf,) = self.hub.rows(tables.stock)
        assert 0 <= shelf.reserved <= shelf.on_hand
        for desk in self.desks.values():
            seen = desk.stock()
            assert 0 <= seen.reserved <= seen.on_hand
            assert seen.leased <= seen.reserved

    @invariant()
    def what_desks_have_confirmed_is_covered_at_the_hub(self) -> None:
        """Unsent confirmed sales lie within the lease the hub still keeps for that desk."""
        if not hasattr(self, "hub"):
            return
        kept = {row.owner: row.qty for row in self.hub.rows(tables.reservation, kind="lease", state="open")}
        for name, desk in self.desks.items():
            unsent = {entry.subject for entry in desk.store._kept if entry.state == "saved"}
            mine = [desk.order(one) for one in unsent if self.told.get(one) == name]
            confirmed = sum(sum(item.qty for item in order.reserved) for order in mine if order.by_lease)
            assert name in self.ended or confirmed <= kept.get(name, 0), name

    def _everybody_comes_back(self) -> None:
        for desk in (*self.desks.values(), *self.desks.values()):
            desk.level()
        for told, name in self.told.items():
            order: Order = self.hub.order(told)
            kinds = {snag.kind for snag in order.snags}
            assert order.reserved or "lease_exceeded" in kinds, (told, kinds)
            assert order.reserved or name in self.ended, f"{told}: the lease of {name} covered it"
        assert self.hub.verify().findings == ()


RandomLeases.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRandomLeases = RandomLeases.TestCase
