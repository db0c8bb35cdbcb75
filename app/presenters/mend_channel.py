"""How a shop's channel is read: a real record beside the order it makes, and each value that says how."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.connecting import ShopKeys
from app.domain.mending import (
    BLOCKS,
    MENDS,
    AskMending,
    Leaf,
    Mending,
    Version,
    put,
    read_value,
    without,
)
from app.ports import Changes, Views
from app.text import N_, Text

NO_RIGHT = N_("You may look. Who sets up shops changes how they are read.")


class State(msgspec.Struct, frozen=True, kw_only=True):
    shop: str = ""
    title: str = ""
    block: str = "map"
    mending: Mending | None = None
    patch: Mapping[str, Any] = {}
    """What is laid over the shipped manifest here; kept only when somebody keeps it."""
    bit: str = ""
    """The field of the record under the keys."""
    leaf: str = ""
    """The value under the keys."""
    version: int = -1
    wrong: Text | None = None
    """Why the value under the keys cannot stay so."""
    zone: str = "UTC"
    off: Text | None = None
    busy: bool = False
    notice: Text | None = None

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The values of the block in front."""
        found = self.mending.leaves if self.mending is not None else ()
        return tuple(one for one in found if one.key == self.block or one.key.startswith(f"{self.block}/"))

    @property
    def here(self) -> Leaf | None:
        """The value under the keys."""
        return next((one for one in self.leaves if one.key == self.leaf), None)

    @property
    def is_changed(self) -> bool:
        """Something here is not kept yet."""
        return self.mending is not None and self.kept() != self.patch

    def kept(self) -> Mapping[str, Any]:
        """The patch in use."""
        versions = self.mending.versions if self.mending is not None else ()
        if versions:
            return dict(json.loads(versions[0].patch))
        return self.first

    first: Mapping[str, Any] = {}
    """The patch when the page was opened."""

    def chosen(self) -> Version | None:
        """The version under the keys."""
        versions = self.mending.versions if self.mending is not None else ()
        return next((one for one in versions if one.n == self.version), None)

    def stop(self) -> Text | None:
        """Why nothing is kept now; None when it can be."""
        if self.off is not None:
            return self.off
        if self.mending is None or not self.is_changed:
            return Text(N_("Nothing was changed. Change a value first."))
        return self.mending.wrong[0].text if self.mending.wrong else None

    def why_not_put(self) -> Text | None:
        """Why the field of the record cannot be put into the value under the keys."""
        if self.off is not None:
            return self.off
        here = self.here
        if here is None or not self.bit:
            return Text(N_("Choose a field on the left and a value in the middle."))
        return Text(N_("This comes with the program.")) if here.is_locked else None


class MendChannel(Screen[State]):
    """Verbs of the editor."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """See whether the hub can be asked."""
        if changes is None or changes.line or changes.sync:
            self.put(off=self._off())

    async def open(self, shop: str) -> None:
        """Begin with a shop, as it is read now."""
        refs = await self.desk.look(Views.refs)
        title = refs.shops[shop].title if shop in refs.shops else shop
        self.show(State(shop=shop, title=title, zone=zone_of(refs, shop), off=self._off()))
        if self.state.off is None:
            with self._busy():
                found = await self.desk.ask_hub(lambda hub: hub.mending(shop))
            self._take(found)
            self.put(first=self.state.patch)

    def show_block(self, block: str) -> None:
        """Look at another block."""
        if block in BLOCKS and block != self.state.block:
            self.put(block=block, leaf="", wrong=None)

    def choose_bit(self, key: str) -> None:
        """Have a field of the record under the keys."""
        self.put(bit=key)

    def choose_leaf(self, key: str) -> None:
        """Have a value under the keys."""
        self.put(leaf=key, wrong=None)

    def choose_version(self, n: int) -> None:
        """Have a version under the keys."""
        self.put(version=n)

    async def put_here(self) -> None:
        """Let the value under the keys come from the field of the record under the keys."""
        if (why := self.state.why_not_put()) is not None:
            self.put(notice=why)
            return
        await self.drop(self.state.leaf, self.state.bit)

    async def drop(self, leaf: str, bit: str) -> None:
        """Let a value come from a field of the record."""
        self.put(leaf=leaf)
        here = self.state.here
        if here is not None and not here.is_locked:
            await self._try(put(self.state.patch, leaf, _inside(bit, leaf)))

    async def type(self, value: str) -> None:
        """Say a value; as it was shipped, nothing lies over it any more."""
        here = self.state.here
        if here is None or here.is_locked:
            return
        typed = read_value(value.strip())
        if here.shipped and json.loads(here.shipped) == typed:
            await self.as_shipped()
        else:
            await self._try(put(self.state.patch, here.key, typed))

    async def add(self, key: str) -> None:
        """Give the block one more value."""
        whole = f"{self.state.block}/{key.strip().strip('/')}"
        if key.strip():
            self.put(leaf=whole)
            await self._try(put(self.state.patch, whole, ""))

    async def as_shipped(self) -> None:
        """Take the value under the keys as it came with the program."""
        here = self.state.here
        if here is not None:
            await self._try(without(self.state.patch, here.key))

    async def keep(self) -> None:
        """Read the shop this way from now on."""
        if (why := self.state.stop()) is not None:
            self.put(notice=why)
            return
        await self._keep(self.state.patch)

    async def go_back(self) -> None:
        """Read the shop as the version under the keys says; that is the newest one then."""
        version = self.state.chosen()
        if version is not None and self.state.off is None:
            await self._keep(json.loads(version.patch))

    async def test(self) -> None:
        """Have the hub make one call as the shop is read now; no order of it is kept."""
        shop, found = self.state.shop, self.state.mending
        if found is None or self.state.off is not None:
            return
        keys = ShopKeys(channel=found.channel)
        with self._busy():
            tried = await self.desk.ask_hub(lambda hub: hub.try_shop(shop, keys))
        told = Text(
            N_("It answers: {orders} orders read as a sample, {unread} unreadable."),
            {"orders": tried.orders, "unread": tried.unread},
        )
        self.put(notice=tried.wrong or told)

    async def bring(self, text: str) -> None:
        """Take a manifest that was exported; it is tried, not kept."""
        shop = self.state.shop
        with self._busy():
            found = await self.desk.ask_hub(lambda hub: hub.mending(shop, AskMending(whole=text)))
        self._take(found)

    async def _keep(self, patch: Mapping[str, Any]) -> None:
        shop, found = self.state.shop, self.state.mending
        asked = AskMending(patch=_json(patch), n=found.n if found is not None else 0)
        with self._busy():
            kept = await self.desk.ask_hub(lambda hub: hub.keep_mending(shop, asked))
        self._take(kept)
        notice = Text(N_("Version {n} is in use. What comes next is read by it."), {"n": kept.n})
        self.put(notice=notice, first=self.state.patch)

    async def _try(self, patch: Mapping[str, Any]) -> None:
        """Show what a patch makes of the record; a key that is wrong says so beside itself."""
        shop, asked = self.state.shop, AskMending(patch=_json(patch))
        with self._busy():
            found = await self.desk.ask_hub(lambda hub: hub.mending(shop, asked))
        self._take(found)
        block = self.state.leaf.partition("/")[0]
        wrong = next((one.text for one in found.wrong if one.block == block), None)
        self.put(wrong=wrong or (found.odd[0] if found.odd and not found.made else None))

    def _take(self, found: Mending) -> None:
        bit = self.state.bit or next((one.key for one in found.sample), "")
        self.put(mending=found, patch=json.loads(found.patch), bit=bit, notice=None, wrong=None)
        leaves = [one.key for one in self.state.leaves]
        if self.state.leaf not in leaves:
            self.put(leaf=next(iter(leaves), ""))

    def _off(self) -> Text | None:
        if not self.desk.may(MENDS):
            return Text(NO_RIGHT)
        if self.desk.link().state in ("offline", "starting"):
            return Text(N_("Offline: the hub reads channels. Wait until the line is back."))
        return None

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self.put(busy=True)
        try:
            yield
        finally:
            self.put(busy=False)


def _inside(bit: str, leaf: str) -> str:
    """Name a field as the value wants it: of a line from its line on, a list where a list stands."""
    if leaf.startswith("map/line/"):
        return bit.rpartition("[].")[2]
    return bit


def _json(patch: Mapping[str, Any]) -> str:
    return json.dumps(patch, ensure_ascii=False)
