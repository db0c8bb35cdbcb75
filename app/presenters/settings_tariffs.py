"""Price tables of carriers: a sheet, its columns, its first rows as understood, then fares in force.

The hub reads the file; which column says what, and what each row comes to, is worked out here. Every row is
fares or says why it is none; nothing is published before a person has seen that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath

import msgspec

from app.command import Refs
from app.commands.set_carrier import SetCarrier
from app.desk import Desk, Screen, Undo
from app.domain.event import listed
from app.domain.tariff_sheet import COLUMNS, SheetRow, lacking, places_in, proposed, published, read_sheet
from app.imports import Imports, Reading, SheetRows
from app.lanes import Lane
from app.ports import Changes, Replica, Views, touches
from app.text import N_, Text

VERB = "set_carrier"
FOLDER = "import/folder"
SHOWN_ROWS = 20
WRONG_ROWS = 200
"""So many rows that are no fare are listed; all of them are counted."""


class SheetReader(msgspec.Struct, frozen=True):
    """What reads files for this screen, and the lane it may take its time on."""

    imports: Imports
    lane: Lane


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing would change of one carrier. Counts are fares."""

    carrier: str
    title: str
    fresh: int
    changed: int
    gone: int
    total: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`columns`: for each field the number of the column that fills it, -1 for none."""

    file: str = ""
    name: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    """The first value of each column."""
    columns: dict[str, int] = {}
    carriers: tuple[tuple[str, str], ...] = ()
    money: dict[str, str] = {}
    """In which currency each carrier is paid."""
    carrier: str = ""
    """Whose table it is where no column says."""
    keeps: bool = True
    """Fares the sheet does not speak of stay."""
    rows: tuple[SheetRow, ...] = ()
    """The first of them."""
    wrong: tuple[SheetRow, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    """Rows, those that are fares, fares."""
    told: tuple[Told, ...] = ()
    folder: str = ""
    busy: Text | None = None
    off: Text | None = None
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False

    def stop(self) -> Text | None:
        """Say why nothing can be published; None when something can."""
        if self.off is not None:
            return self.off
        if not self.file:
            return Text(N_("Choose a file first."))
        used = {field: at for field, at in self.columns.items() if at >= 0}
        if titles := lacking(used):
            return Text(N_("No column says: {fields}"), {"fields": listed([Text(one) for one in titles])})
        if not self.told:
            return Text(N_("No row is a fare. Look at the reasons."))
        if not any(one.fresh or one.changed or one.gone for one in self.told):
            return Text(N_("All of it is in force already."))
        return None


class SettingsTariffs(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk, sheets: SheetReader | None) -> None:
        super().__init__(desk, State())
        self._sheets = sheets
        self._content = SheetRows()
        self._refs: Refs | None = None

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read the carriers there are; what was chosen stays."""
        if changes is not None and not (changes.sync or touches(changes, "carrier")):
            return
        refs = self._refs = await self.desk.look(Views.refs)
        carriers = tuple((code, one.title) for code, one in sorted(refs.carriers.items()))
        if not self.state.is_loaded:
            self.put(folder=await self.desk.keep(Replica.setting, FOLDER))
        money = {code: one.currency for code, one in refs.carriers.items()}
        self.put(off=self._off(), carriers=carriers, money=money, is_loaded=True)
        if self.state.file:
            self._read_rows()

    async def take(self, path: str) -> None:
        """Show the hub a file and see what stands in it."""
        if (off := self._off()) is not None or self._sheets is None:
            self.put(off=off, notice=off)
            return
        imports, lane = self._sheets.imports, self._sheets.lane
        name = PurePath(path).name
        folder = str(PurePath(path).parent)
        with self._busy(name):
            look = await lane.run(imports.look, path, Reading())
            await self.desk.keep(Replica.set_setting, FOLDER, folder)
            self.put(
                file=look.id, name=look.name, sheet=look.reading.sheet, sheets=look.sheets, folder=folder
            )
            await self._fetch(look.reading)

    async def turn_to(self, sheet: str) -> None:
        """Read another sheet of the workbook."""
        if self.state.file and sheet != self.state.sheet:
            with self._busy(self.state.name):
                self.put(sheet=sheet)
                await self._fetch(Reading(sheet=sheet))

    def assign(self, field: str, column: str) -> None:
        """Let a column fill a field, or none; a column fills one field only."""
        at = int(column) if column else -1
        columns = {
            name: -1 if was == at and name != field else was for name, was in self.state.columns.items()
        }
        self.put(columns=columns | {field: at})
        self._read_rows()

    def choose_carrier(self, code: str) -> None:
        """Say whose table it is."""
        self.put(carrier=code)
        self._read_rows()

    def keep(self, answer: str) -> None:
        """Say whether fares the sheet does not speak of stay."""
        self.put(keeps=bool(answer))
        self._read_rows()

    async def save(self) -> None:
        """Publish the fares of every carrier of the sheet; each can be taken back."""
        if self.state.stop() is not None or self._refs is None:
            return
        rows, backs = self._understood(self._refs), []
        for told in self.state.told:
            before = self._refs.carriers[told.carrier]
            after = published(before, rows, keeps=self.state.keeps)
            if after == before:
                continue
            command = SetCarrier(carrier=after)
            refusal = await self.desk.objection(command)
            done = None if refusal else await self.desk.submit(command, "settings")
            if refusal is not None or done is None or done.refusal is not None:
                wrong = refusal or (done.refusal if done is not None else None)
                self.put(notice=wrong.text if wrong is not None else None)
                break
            if done.inverse is not None:
                backs.append(done.inverse)
        if backs:
            titles = listed([Text(told.title) for told in self.state.told])
            text = Text(N_("Fares published: {carriers}"), {"carriers": titles})
            self.put(undo=Undo(text=text, number="", command=backs[0], more=tuple(backs[1:])))

    async def undo(self) -> None:
        """Publish the fares of before again."""
        undo = self.state.undo
        if undo is not None:
            refusals = [
                done.refusal.text
                for command in (undo.command, *undo.more)
                if (done := await self.desk.submit(command, "undo")).refusal is not None
            ]
            self.put(undo=None, notice=refusals[0] if refusals else None)

    # inside

    async def _fetch(self, reading: Reading) -> None:
        if self._sheets is None:
            return
        content = await self._sheets.lane.run(self._sheets.imports.rows, self.state.file, reading)
        self._content = content
        found = proposed(content.header)
        first = next((cells for _, cells in content.rows if any(cells)), ())
        samples = tuple(first[at] if at < len(first) else "" for at in range(len(content.header)))
        columns = {field: found.get(field, -1) for field in COLUMNS}
        self.put(header=content.header, samples=samples, columns=columns, undo=None, notice=None)
        self._read_rows()

    def _understood(self, refs: Refs) -> tuple[SheetRow, ...]:
        columns = {field: at for field, at in self.state.columns.items() if at >= 0}
        if lacking(columns):
            return ()
        places = places_in(refs.gazetteer)
        content = self._content
        return read_sheet(content.header, content.rows, columns, refs.carriers, places, self.state.carrier)

    def _read_rows(self) -> None:
        refs = self._refs
        if refs is None or not self.state.file:
            return
        rows = self._understood(refs)
        wrong = [row for row in rows if row.problem is not None]
        fares = sum(len(row.fares) for row in rows)
        self.put(
            rows=rows[:SHOWN_ROWS],
            wrong=tuple(wrong[:WRONG_ROWS]),
            counts=(len(rows), len(rows) - len(wrong), fares),
            told=tuple(_told(refs, rows, keeps=self.state.keeps)),
        )

    def _off(self) -> Text | None:
        if not self.desk.may(VERB):
            return Text(N_("You may look. Leads change this."))
        if self._sheets is None or self.desk.link().state in ("offline", "starting"):
            return Text(N_("Offline: a file goes to the hub. Wait until the line is back."))
        return self.desk.off(VERB)

    @contextmanager
    def _busy(self, name: str) -> Iterator[None]:
        self.put(busy=Text(N_("Reading {name}"), {"name": name}))
        try:
            yield
        finally:
            self.put(busy=None)


def _told(refs: Refs, rows: tuple[SheetRow, ...], *, keeps: bool) -> Iterator[Told]:
    """Compare each carrier of a sheet with what it charges now."""
    for code in dict.fromkeys(row.carrier for row in rows if row.carrier):
        before = refs.carriers[code]
        after = published(before, rows, keeps=keeps)
        was = {fare.meant: fare for fare in before.fares}
        now = {fare.meant: fare for fare in after.fares}
        yield Told(
            carrier=code,
            title=refs.called("carrier", code),
            fresh=len(now.keys() - was.keys()),
            changed=_changed(was, now),
            gone=len(was.keys() - now.keys()),
            total=len(now),
        )


def _changed(was: Mapping[tuple[object, ...], object], now: Mapping[tuple[object, ...], object]) -> int:
    return sum(was[meant] != fare for meant, fare in now.items() if meant in was)
