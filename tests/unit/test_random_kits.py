"""The same random company, where what is bought are kits: their parts go on, and the kits stay whole kits.

Ordered, found out later, split by hand and by what is there, merged, taken back, swapped, called off, sent,
given back in parts, changed by the channel and by a later recipe; undone wherever there is a way back.
"""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from app.commands.amend import Amend
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.open_return import OpenReturn
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.resume import Resume
from app.commands.set_kit import SetKit
from app.commands.split import Split
from app.domain.aftersale import Asked, ReturnKind
from app.domain.catalogue import Sku, SkuMap
from app.domain.kit import Part
from app.domain.kit_lines import article_of, counted
from app.domain.order import EDITABLE, ChannelState, Line, Order, Status
from app.domain.relations import group_of, why_not_back
from app.domain.values import Role, sku_key
from app.repairs import split_off
from tests.builders import NOW, actor, key_of, line, receive, ship_it
from tests.goods_sums import assert_cases_are_sound, assert_goods_add_up
from tests.unit.test_random_aftersales import bring_to_an_end
from tests.unit.test_random_company import IDS, channel, people, quantities
from tests.unit.test_random_joins import RandomJoins, some

BED = (Part(sku="LN-220", qty=1), Part(sku="CT-180", qty=2))
DONE: Counter[str] = Counter()


def bundle(qty: int = 1, price: int = 49_999) -> Line:
    return line(ext_sku="A-9", title="卧室三件", qty=qty, unit_price_minor=price)


class RandomKits(RandomJoins):
    """The first line of every order is a kit; the shop's name for it is known, or a clerk finds it out."""

    count = time_passes = None
    orders_of_one_buyer_come_in = None

    @initialize(is_known=st.booleans())
    def orders_of_kits_come_in(self, is_known):
        self.company.now = NOW
        self.company.set_rules(duplicate_score_pct=100)
        self.company.rows[sku_key("KIT-1")] = Sku(code="KIT-1", title="卧室套装", list_price_minor=50_000)
        self.company.must(SetKit(sku="KIT-1", parts=BED))
        if is_known:
            known = SkuMap(shop="TM1", ext_sku="A-9", sku="KIT-1", by="trainer", at=NOW)
            self.company.rows[key_of(known)] = known
        for at, order in enumerate(IDS, 1):
            lines = (bundle(at), line("2", "A-3", unit_price_minor=12_900, qty=2))
            total = sum(one.qty * one.unit_price_minor for one in lines)
            self.give(receive(order, ext_version="000000", lines=lines, payable_minor=total - 1), channel)

    @rule(id=st.sampled_from(IDS), qty=quantities, is_off=st.sampled_from([False, False, False, True]))
    def the_channel_speaks(self, id, qty, is_off):
        known = self._find(id)
        if known is None or known.returns:
            return
        self.version += 1
        lines = (bundle(qty), line("2", "A-3", unit_price_minor=12_900, qty=2))
        state = ChannelState.CANCELLED if is_off else ChannelState.TO_SHIP
        self.give(receive(id, ext_version=f"{self.version:06}", lines=lines, channel_state=state), channel)

    @rule(at=some, qty=quantities, by=people)
    def amend_any(self, at, qty, by):
        order = self._find(self.one(at))
        if order is not None and order.lines:
            first, *rest = order.lines
            self.give(Amend(order=order.id, lines=(msgspec.structs.replace(first, qty=qty), *rest)), by)

    @rule(id=st.sampled_from(IDS), by=people, sku=st.sampled_from(["KIT-1", "KIT-1", "LN-220", ""]))
    def match_kit(self, id, by, sku):
        self.give(MatchSku(shop="TM1", ext_sku="A-9", sku=sku, order=id), by)

    @rule(by=people, curtains=st.integers(1, 3))
    def set_kit(self, by, curtains):
        kit = self.company.rows[sku_key("KIT-1")]
        parts = (BED[0], Part(sku="CT-180", qty=curtains))
        self.company.do(SetKit(sku="KIT-1", parts=parts, recipe=kit.recipe), by)

    @rule(at=some, by=people, sku=st.sampled_from(["LN-220", "CT-180"]), left=st.integers(0, 3))
    def split_by_what_is_there(self, at, by, sku, left):
        """Some pieces are gone; what is there goes first, and no kit of it is torn."""
        order = self._find(self.one(at, EDITABLE))
        if order is None:
            return
        for place in ("SZ", "WH"):
            shelf = self.company.stock(place, sku)
            gone = max(0, shelf.on_hand - shelf.reserved - left)
            self.company.rows[key_of(shelf)] = msgspec.structs.replace(shelf, on_hand=shelf.on_hand - gone)
            self.counted[place, sku] -= gone
        command = Split(order=order.id, parts=())
        wanted = split_off(order, self.company.facts(command, by))
        if not isinstance(wanted, Split):
            return
        torn = {kit[0].kit.line for kit in _kits(order, _pieces(order)) if not is_whole(kit)}
        for part in wanted.parts:
            kits = _kits(order, dict(part.lines))
            assert all(is_whole(kit) or kit[0].kit.line in torn for kit in kits)
        self.give(wanted, by)
        DONE["split_by_what_is_there"] += 1

    @rule(at=some, by=people, which=st.integers(0, 2), is_held=st.booleans())
    def hold_line(self, at, by, which, is_held):
        order = self._find(self.one(at, EDITABLE))
        if order is not None and order.lines:
            name = order.lines[which % len(order.lines)].id
            held = Hold(order=order.id, line=name, reason="ask")
            self.give(held if is_held else Resume(order=order.id, line=name, reason="done"), by)

    def ship_some(self, at):
        released = sorted(order.id for order in self.orders() if order.status is Status.RELEASED)
        for order in released[at % max(1, len(released)) :][:1]:
            self.company.must(Recheck(order=order), Role.WORKER)
            if self.company.order(order).status is Status.RELEASED:
                ship_it(self.company, order)

    @rule(
        at=some,
        by=people,
        kind=st.sampled_from([ReturnKind.RETURN, ReturnKind.REFUND]),
        which=st.integers(0, 2),
    )
    def come_back_in_parts(self, at, by, kind, which):
        """One part of a kit comes back, the rest stays with the buyer."""
        self.ship_some(at)
        order = self._find(self.one(at, {Status.SHIPPED}))
        if order is None or not order.lines:
            return
        self.version += 1
        case, part = f"case{self.version}", order.lines[which % len(order.lines)]
        command = OpenReturn(
            order=order.id, case=case, kind=kind, asked=(Asked(part.id, 1),), reason="damaged"
        )
        self.company.do(command, by)
        if self.company.order(order.id).case(case) is not None:
            bring_to_an_end(self.company, order.id, case, seed=at)
            DONE["come_back_in_parts"] += part.kit is not None

    # --- what must hold ---------------------------------------------------------------------------

    def _undo(self, undo, by, before):
        """Put back and made again, an order is made from what its channel says by then."""
        if not isinstance(undo, (Merge, Split)):
            super()._undo(undo, by, before)

    def _expected(self, command):
        order = self._find(command.order) if isinstance(command, PutBack) else None
        group = group_of(order, self._find) if order is not None else None
        return None if group is not None and why_not_back(group) else super()._expected(command)

    @invariant()
    def stock_left_only_by_shipping(self):
        opening = self.opening.copy()
        for place, gone in self.counted.items():
            opening[place] += gone
        assert_goods_add_up(self.company.rows, opening)

    @invariant()
    def no_kit_is_open_where_its_recipe_is_known(self):
        for order in self.orders():
            if order.status is Status.RELEASED:
                assert not [one for one in order.lines if one.sku == "KIT-1"]

    @invariant()
    def parts_carry_what_their_kits_cost(self):
        """Whoever changed no price finds the money of the kit in its parts, wherever they went."""
        for order in self.orders():
            if order.made_from or order.makes_good is not None:
                continue
            for parts in _kits(order, _pieces(order)):
                kit = parts[0].kit
                if all(one.priced_from is None for one in parts) and is_whole(parts, kit.qty):
                    money = sum(one.qty * one.unit_price_minor for one in parts)
                    assert money == kit.qty * kit.unit_price_minor

    @invariant()
    def parts_of_a_kit_are_promised_in_one_place(self):
        for order in self.orders():
            where: dict[str, set[str]] = {}
            kit_of = {one.id: one.kit.line for one in order.lines if one.kit is not None}
            for item in order.reserved:
                where.setdefault(kit_of.get(item.line, item.line), set()).add(item.warehouse)
            assert all(len(places) == 1 for places in where.values())

    @invariant()
    def cases_about_parts_are_sound(self):
        orders = {one.id: one for one in self.orders()}
        for order in orders.values():
            assert_cases_are_sound(order, orders)


def _pieces(order: Order) -> dict[str, int]:
    return {one.id: one.qty for one in order.lines}


def _kits(order: Order, pieces: dict[str, int]) -> list[list[Line]]:
    """The lines of each kit among so many pieces of an order."""
    found: dict[str, list[Line]] = {}
    for one in order.lines:
        if one.kit is not None and pieces.get(one.id):
            found.setdefault(one.kit.line, []).append(msgspec.structs.replace(one, qty=pieces[one.id]))
    return list(found.values())


def is_whole(lines: list[Line], kits: int = 0) -> bool:
    kits = kits or counted(lines, {one.id: one.qty for one in lines})[lines[0].kit.line]
    had: Counter[str] = Counter()
    for one in lines:
        had[article_of(one)] += one.qty
    each = {article_of(one): one.kit.each for one in lines}
    return all(qty == kits * each[sku] for sku, qty in had.items())


RandomKits.TestCase.settings = settings(
    max_examples=24,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


TestRandomKits = RandomKits.TestCase


def test_the_machine_splits_kits_by_what_is_there_and_takes_them_back_in_parts():
    """Whatever chance draws, both were done once, and everything that must hold holds after them."""
    machine, clerk = RandomKits(), actor(Role.CLERK, "clerk")
    machine.orders_of_kits_come_in(is_known=True)
    before = DONE.copy()

    machine.split_by_what_is_there(at=2, by=clerk, sku="LN-220", left=1)
    for at in range(6):
        machine.come_back_in_parts(at=at, by=clerk, kind=ReturnKind.RETURN, which=0)

    done = DONE - before
    assert min(done[one] for one in ("split_by_what_is_there", "come_back_in_parts")) >= 1, done
    machine.stock_left_only_by_shipping()
    machine.parts_carry_what_their_kits_cost()
    machine.parts_of_a_kit_are_promised_in_one_place()
    machine.cases_about_parts_are_sound()
