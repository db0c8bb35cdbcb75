"""What stands on the page of the inbox: the rows around the card, the card, those that come next.

What is asked for later is shown later: an answer that is overtaken is never shown over a newer one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.values import Key, order_key
from app.inbox_state import State, next_of
from app.laid_out import lay_out
from app.ports import Changes, Login, Views, touches
from app.snag_card import Card, Row, row_of
from app.text import N_, Text

AHEAD = 2
"""So many cards are laid out before they are asked for."""
OF_ONE_ORDER = frozenset({"order", "history", "case"})
"""Tables whose rows reach no other order than those that look at them."""
ROWS, STEP, BEHIND = 200, 100, 150
"""Rows loaded at first, so many more where a hand comes near their end, and kept behind it."""


class InboxReading(Screen[State]):
    """Loads rows and cards; what is done to them stands in the presenter."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._sides: dict[str, dict[str, str]] = {}
        """Which side was chosen of which part, by case."""
        self._ahead: dict[str, Card] = {}
        """Cards laid out before they are asked for; every change begins it anew."""
        self._left: Card | None = None
        self._news: set[Key] | None = set()
        """What changed since a card was begun to be laid out; None where all of it may have."""
        self._seated = ""
        self._claiming: set[str] = set()
        """What was claimed here and the hub has not said yet whose it is."""
        self._size = ROWS
        self._titles: Mapping[str, str] = {}
        self._one_by_one = asyncio.Lock()
        """Who reads the list waits for whoever reads it: what is newer is shown last."""
        self._by_hand = asyncio.Lock()
        """Taking back waits for what is being given: it is that which is meant."""
        self._listed = ("", "")
        """What the rows on screen are narrowed to."""

    def called(self, titles: Mapping[str, str]) -> None:
        """Hear what the types are called in the language of the screen, so that the filter finds them."""
        self._titles = titles

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the list again, keep the selection where it was."""
        if changes is not None and not touches(changes, "order", "case", "sku_map", "stock", "rules", "user"):
            return
        if self.state.progress is not None:
            return
        await self._load(changes=changes)

    async def _load(self, place: int = 0, changes: Changes | None = None) -> None:
        """Load what is around the card, or the beginning (-1) or the end (1) of the split."""
        async with self._one_by_one:
            await self._read(place, changes)

    async def _read(self, place: int, changes: Changes | None) -> None:
        login = self.desk.login
        self._sit_down(login)
        asked, text = self.state.asked_for, self.state.text
        words: dict[str, Any] = {"text": text, "titles": self._titles}
        words["is_masked"] = not self.desk.reads_people()
        counts = await self.desk.look(Views.snag_counts, login, **words)
        waiting = await self._waiting(changes) if text else counts["group"]
        split = self.state.split or ("mine" if counts["mine"] else "group")
        if place:
            self._size = ROWS
        start = max(0, min(self.state.start, counts[split] - self._size)) if not place else 0
        start = max(0, counts[split] - ROWS) if place > 0 else start
        part: dict[str, Any] = {"split": split, "start": start, "limit": self._size}
        found = await self.desk.look(Views.snags, login=login, **part, **words)
        now, zone = await self.desk.now(), zone_of(await self.desk.look(Views.refs))
        if asked != self.state.asked_for:
            return  # another list is wanted by now, and is read next
        rows = tuple(row_of(snag, now) for snag in found)
        self._keep_untouched(rows, changes)
        listed: dict[str, Any] = {"rows": rows, "split": split, "counts": tuple(counts.items())}
        listed |= {"start": start, "has_more": start + len(rows) < counts[split]}
        listed |= {"waiting": waiting, "now": now, "zone": zone, "is_loaded": True}
        if not self.state.is_loaded:  # the first list does not wait for its card
            self.show(msgspec.structs.replace(self.state, **listed))
        lost, repaired = await self._lost(), await self.desk.look(Views.repaired)
        card = await self._card_in(rows, place, lost[0] if lost is not None else "")
        if self.state.asked_for not in (asked, (split, text, start)):
            self._told(lost)
            return
        here = {row.key for row in rows}
        listed |= {"reasons": tuple(each for each in self.state.reasons if each[0] in here)}
        self._listed = (split, text)
        self.show(msgspec.structs.replace(self.state, **listed, card=card, repaired_today=repaired))
        self._told(lost)

    async def _waiting(self, changes: Changes | None) -> int:
        """Count what waits whatever the filter says; typing alone changes nothing of it."""
        if changes is None and self.state.is_loaded:
            return self.state.waiting
        return (await self.desk.look(Views.snag_counts, self.desk.login))["group"]

    def _keep_untouched(self, rows: tuple[Row, ...], changes: Changes | None) -> None:
        """Keep what was laid out beforehand and stands on nothing that changed, with the time it has now.

        Small tables, shelves and whatever else may reach any order make all of it void.
        """
        self._left = None
        if changes is None or changes.line or any(key[0] not in OF_ONE_ORDER for key in changes.keys):
            self._ahead, self._news = {}, None
            return
        changed = {
            order_key(pk.rsplit(":", 2)[0]) if table == "history" else (table, pk)
            for table, pk in changes.keys
        }
        if self._news is not None:
            self._news |= changed
        there = {row.key: row for row in rows}
        self._ahead = {
            key: msgspec.structs.replace(card, row=there[key])
            for key, card in self._ahead.items()
            if key in there and card.stands_on and changed.isdisjoint(card.stands_on)
        }

    async def _card_in(self, rows: tuple[Row, ...], place: int, lost: str) -> Card | None:
        """Lay out the card the hand stands on, also where it goes on while that is being done."""
        while True:
            here = self.state.here
            if self.state.asking and here and here != lost and all(row.key != here for row in rows):
                return self.state.card  # words are being said about it: no other takes its place
            selected = self._selected(rows, lost)
            if place and rows:
                selected = rows[-1 if place > 0 else 0]
            known = self._ahead.get(selected.key) if selected else None
            card = known or (await self._card(selected) if selected else None)
            if here == self.state.here or place:
                return card

    def _sit_down(self, login: Login) -> None:
        """Begin with what is this person's own, whoever sat here before."""
        if login.login_id != self._seated:
            self._seated = login.login_id
            self._claiming.clear()
            self._size = ROWS
            self.show(msgspec.structs.replace(self.state, split="", start=0, asking="", reasons=()))

    async def choose(self, key: str) -> None:
        """Show another card; one that was laid out beforehand is there at once."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is not None:
            card = self._ahead.get(key) or await self._card(row)
            if key not in {r.key for r in self.state.rows}:
                return  # the list went elsewhere meanwhile
            self._left = self.state.card
            self.show(msgspec.structs.replace(self.state, card=card, notice=None, asking=""))

    async def prepare(self, rehearse: Callable[[Card], object] | None = None) -> None:
        """Lay out the cards that come next, so that a key finds them ready; `rehearse` hears of each."""
        keys = [row.key for row in self.state.rows]
        here = self.state.card.row.key if self.state.card is not None else ""
        if here not in keys:
            return
        at = keys.index(here)
        near = (*self.state.rows[at + 1 : at + 1 + AHEAD], *self.state.rows[max(at - 1, 0) : at])
        for key in self._ahead.keys() - {row.key for row in near} - {here}:
            del self._ahead[key]
        if self._left is not None:  # the way back is as short
            self._ahead.setdefault(self._left.row.key, self._left)
        for row in near:
            if row.key not in self._ahead:
                self._news = set()
                card = await self._card(row)
                if self._news is None or not self._news.isdisjoint(card.stands_on):
                    return  # it was laid out as it was before: whoever read the news lays out what is next
                self._ahead[row.key] = card
            if rehearse is not None:
                rehearse(self._ahead[row.key])

    async def filter(self, text: str) -> None:
        """Narrow the list by type, shop and channel, buyer, owner, number."""
        self._size = ROWS
        self.show(msgspec.structs.replace(self.state, text=text, start=0, asking=""))
        await self.refresh()

    async def further(self, way: int, *, keeps: bool) -> None:
        """Load more below (1) or above (-1); what lies far behind goes, unless it `keeps` what is chosen."""
        state = self.state
        keys = [row.key for row in state.rows]
        here = state.card.row.key if state.card is not None else ""
        at = state.start + (keys.index(here) if here in keys else 0)
        start, end = state.start, state.start + len(keys)
        if way > 0:
            end, start = end + STEP, start if keeps else max(start, at - BEHIND)
        else:
            start, end = max(0, start - STEP), end if keeps else min(end, at + BEHIND)
        self._size = end - start
        self.show(msgspec.structs.replace(state, start=start))
        await self.refresh()

    async def jump(self, way: int) -> None:
        """Go to the end (1) or to the beginning (-1) of the split."""
        await self._load(way)

    async def turn(self, split: str) -> None:
        """Show another part of the list."""
        self._size = ROWS
        self.show(msgspec.structs.replace(self.state, split=split, start=0, asking=""))
        await self.refresh()

    async def _lost(self) -> tuple[str, Text] | None:
        """Return what was claimed here and somebody else has, who was faster. Source: capabilities 5.4."""
        me, lost = self.desk.login.user.code, None
        for key in sorted(self._claiming):
            id_, _, kind = key.rpartition(":")
            row = await self.desk.look(Views.snag, id_, kind)
            is_open = await self.desk.look(Views.is_unanswered, id_)
            if is_open or (row is not None and not row.owner):
                continue  # the hub has not said, or what it said is on its way
            self._claiming.discard(key)
            if row is not None and row.owner != me:
                who: dict[str, str | int | Text] = {"who": row.owner_title, "number": row.number or row.id}
                lost = key, Text(N_("{who} was faster with {number}."), who)
        return lost

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))

    def _told(self, lost: tuple[str, Text] | None) -> None:
        if lost is not None:
            self._say(lost[1])

    def _selected(self, rows: tuple[Row, ...], lost: str) -> Row | None:
        """Return the row of the card; where it is gone or was lost to somebody else, the one after it."""
        here = self.state.here
        own = next((row for row in rows if row.key == here), None)
        if own is not None and here != lost:
            return own
        is_same_list = self._listed == (self.state.split, self.state.text)
        return next_of(self.state.rows if is_same_list or here == lost else (), here, rows)

    def _advanced(self, key: str) -> State:
        """Return the state without a row, standing on the next one."""
        rows = self.state.rows
        at = next((i for i, row in enumerate(rows) if row.key == key), 0)
        left = rows[:at] + rows[at + 1 :]
        row = left[min(at, len(left) - 1)] if left else None
        card = (self._ahead.get(row.key) or Card(row=row)) if row is not None else None
        return msgspec.structs.replace(self.state, rows=left, card=card)

    async def _card(self, row: Row) -> Card:
        return await lay_out(self.desk, row, self._sides.get(row.snag.id, {}))
