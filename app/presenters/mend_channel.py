"""How a shop's channel is read: a real record beside the order it makes, and the form that says how."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.desk import Desk, Screen, zone_of
from app.domain.connecting import ShopKeys
from app.domain.mending import BLOCKS, MENDS, AskMending, Mending, is_locked
from app.domain.schema_form import Entry, Form
from app.domain.tree_edits import ABSENT, moved, overlaid, replaced, typed, value_at
from app.mend_state import State
from app.ports import Changes, Views
from app.text import N_, Text

NO_RIGHT = N_("You may look. Who sets up shops changes how they are read.")
SOURCES = ("column", "expr", "const")
"""What says where a value comes from instead of its path."""


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
            self.put(schema=json.loads(found.schema))
            self._kept(found)

    def go_to(self, place: str) -> None:
        """Look at another block."""
        if place in BLOCKS:
            self._see(self.state.tree, place)
            self.put(trail=())

    def enter(self, key: str) -> None:
        """Look at what a row says."""
        if value_at(self.state.tree, key) is not ABSENT:
            self.put(trail=(*self.state.trail, self.state.place))
            self._see(self.state.tree, key)

    def find(self, key: str) -> None:
        """Look at the form a changed value stands in."""
        at = key
        while "/" in at and (value_at(self.state.tree, at) is ABSENT or not self.state.form.fields_of(at)):
            at = at.rpartition("/")[0]
        block = key.partition("/")[0]
        self.put(trail=(block,) if at != block else ())
        self._see(self.state.tree, at, key)

    def up(self) -> None:
        """Go back to the form this one was opened from."""
        if self.state.trail:
            *trail, place = self.state.trail
            here = self.state.place
            self._see(self.state.tree, place, here)
            self.put(trail=tuple(trail))

    def choose_bit(self, key: str) -> None:
        """Have a field of the record under the keys."""
        self.put(bit=key)

    def choose(self, key: str) -> None:
        """Have a field of the form, or a row, under the keys."""
        if key != self.state.key:
            self.put(key=key)

    def choose_version(self, n: int) -> None:
        """Have a version under the keys."""
        self.put(version=n)

    def show_text(self, is_expert: bool) -> None:
        """Show the place as JSON, or as a form."""
        self.put(is_expert=is_expert, wrong=None)

    # what changes the manifest here

    def drop(self, key: str, bit: str) -> None:
        """Let a field come from a field of the record."""
        if is_locked(key) or self.state.off is not None:
            return
        form, at = self.state.form, key.rpartition("/")[0]
        if key.endswith("/path") and form.takes(at) == "path":
            key = at
        tree, path = self.state.tree, _inside(bit, key)
        match form.takes(key):
            case "path":
                for name in SOURCES:
                    tree = replaced(tree, f"{key}/{name}", ABSENT)
                tree = replaced(tree, f"{key}/path", path)
            case "text":
                tree = replaced(tree, key, path)
            case "row":
                self.add(key, path)
                return
        self._edit(tree, key)

    def put_here(self) -> None:
        """Let the field under the keys come from the field of the record under the keys."""
        if (why := self.state.why_not_put()) is not None:
            self.put(notice=why)
            return
        self.drop(self.state.key, self.state.bit)

    def say(self, key: str, said: str) -> None:
        """Take what was typed or chosen in a field; what is as if nothing were said is not written."""
        entry = next((one for one in self.state.entries if one.key == key), None)
        if entry is None or is_locked(key):
            return
        value = self._read(entry, said)
        if value is not ABSENT and value_at(self.state.shipped, key) is ABSENT:
            begun = replaced(self.state.tree, key, ABSENT)
            if _entry(self.state.form_of(begun), self.state.place, key) == said:
                value = ABSENT
        self._edit(replaced(self.state.tree, key, value), key)

    def say_text(self, said: str) -> None:
        """Take the place as JSON."""
        if self.state.is_fixed:
            return
        try:
            value = json.loads(said)
        except (ValueError, RecursionError):
            self.put(wrong=Text(N_("This is no JSON yet. Look at commas, quotes and brackets.")))
            return
        self._edit(replaced(self.state.tree, self.state.place, value), self.state.key)

    def add(self, key: str, name: str = "") -> None:
        """Give a list, or a map, one more row, and open it."""
        value = value_at(self.state.tree, key)
        if is_locked(key):
            return
        rows = len(value) if isinstance(value, dict | list) else 0
        is_list = isinstance(value, list) or (value is ABSENT and not name)
        new = f"{key}/{rows}" if is_list else f"{key}/{name.strip().replace('~', '~0').replace('/', '~1')}"
        if (not is_list and not name.strip()) or value_at(self.state.tree, new) is not ABSENT:
            self.put(notice=Text(N_("Give it a name that is not there yet.")))
            return
        tree = self.state.tree
        if value is ABSENT:
            tree = replaced(tree, key, [] if is_list else {})
        begun = self.state.form.skeleton(new)
        self._edit(replaced(tree, new, begun), new)
        self.enter(new)

    def remove(self, key: str) -> None:
        """Take a row away; one that came with the program too."""
        if not is_locked(key):
            self._edit(replaced(self.state.tree, key, ABSENT), "")

    def move(self, key: str, by: int) -> None:
        """Let a rule count earlier or later."""
        if is_locked(key):
            return
        tree = moved(self.state.tree, key, by)
        at, _, nth = key.rpartition("/")
        self._edit(tree, f"{at}/{int(nth) + by}" if tree != self.state.tree else key)

    def as_shipped(self) -> None:
        """Take the field under the keys as it came with the program."""
        key = self.state.key
        if key and not is_locked(key):
            self._edit(replaced(self.state.tree, key, value_at(self.state.shipped, key)), key)

    def discard(self) -> None:
        """Forget what is not kept."""
        self._edit(self.state.kept, self.state.key)

    # what the hub is asked

    async def try_now(self) -> None:
        """Show what the manifest makes of the record as it stands here; nothing is kept."""
        shop, asked = self.state.shop, AskMending(patch=_json(self.state.patch))
        found = await self.desk.ask_hub(lambda hub: hub.mending(shop, asked))
        self.put(mending=found)

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
        self.put(mending=found, notice=None)
        self._see(overlaid(self.state.shipped, json.loads(found.patch)), self.state.place)

    async def _keep(self, patch: Mapping[str, Any]) -> None:
        shop, found = self.state.shop, self.state.mending
        asked = AskMending(patch=_json(patch), n=found.n if found is not None else 0)
        with self._busy():
            kept = await self.desk.ask_hub(lambda hub: hub.keep_mending(shop, asked))
        self._kept(kept)
        notice = Text(N_("Version {n} is in use. What comes next is read by it."), {"n": kept.n})
        self.put(notice=notice)

    def _kept(self, found: Mending) -> None:
        shipped = json.loads(found.shipped)
        tree = overlaid(shipped, json.loads(found.patch))
        bit = self.state.bit or next((one.key for one in found.sample), "")
        self.put(mending=found, shipped=shipped, kept=tree, bit=bit)
        self._see(tree, self.state.place)

    def _edit(self, tree: Mapping[str, Any], key: str) -> None:
        self._see(tree, self.state.place, key)

    def _see(self, tree: Mapping[str, Any], place: str, key: str = "") -> None:
        """Have a tree, and the form of a place of it; where that is gone, of the nearest that is there."""
        while value_at(tree, place) is ABSENT and "/" in place:
            place = place.rpartition("/")[0]
        entries = self.state.form_of(tree).entries(place)
        keys = [one.key for one in entries]
        first = next((one.key for one in entries if one.kind not in ("group", "part")), "")
        under = any(key == one or key.startswith(f"{one}/") for one in keys)
        self.put(
            tree=tree, place=place, entries=entries, key=key if under else first, notice=None, wrong=None
        )  # fmt: skip

    def _read(self, entry: Entry, said: str) -> Any:
        """Read what the control of a field answered."""
        text = said.strip()
        match entry.kind:
            case "part":
                return self.state.form.skeleton(entry.key) if said == "on" else ABSENT
            case "switch":
                return said == "on"
            case "number":
                return int(text) if text.lstrip("-").isdecimal() else text
            case "choice":
                return typed(text) if text.isdecimal() else text
            case "values":
                lines = [typed(line.strip()) for line in said.splitlines() if line.strip()]
                return lines[0] if len(lines) == 1 else lines
            case "any":
                return typed(text) if text else ("" if entry.is_required else ABSENT)
        return said if said or entry.is_required else ABSENT

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


def _inside(bit: str, key: str) -> str:
    """Name a field as the value wants it: of a line from its line on, a list where a list stands."""
    return bit.rpartition("[].")[2] if key.startswith("map/line/") else bit


def _entry(form: Form, place: str, key: str) -> str:
    """What a field answers with where nothing is said."""
    return next((one.value for one in form.entries(place) if one.key == key), "")


def _json(patch: Mapping[str, Any]) -> str:
    return json.dumps(patch, ensure_ascii=False)
