"""A table of a million rows that holds a few thousand: pages are asked for when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from widgets.cells import Column, TableRow
from widgets.table_model import NOWHERE, Index, TableModel

PAGE_ROWS: Final = 200
KEPT_PAGES: Final = 16
REST_MS: Final = 120
"""So long nobody types before the hits of a search are counted: longer than between two keys."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Rows:
    """The rows of one page; each is made when somebody first looks at it, as most of a page is never seen."""

    def __init__(self, keys: Sequence[str], make: Callable[[int], TableRow]) -> None:
        self.keys = keys
        self._make = make
        self._made: list[TableRow | None] = [None] * len(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, at: int) -> TableRow:
        row = self._made[at]
        if row is None:
            row = self._made[at] = self._make(at)
        return row

    def __iter__(self) -> Iterator[TableRow]:
        return (self[at] for at in range(len(self)))


class Provider(Protocol):
    """Where the rows of one search come from; it awaits a lane, so the desk never waits for a disk."""

    async def count(self) -> int:
        """How many rows there are."""

    async def page(self, start: int, size: int) -> Rows:
        """At most `size` rows from place `start` on."""


class PagedModel(TableModel):
    """Rows of one search, by pages; a later search makes every earlier answer void."""

    loaded = Signal()

    def __init__(self, columns: Sequence[Column], spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._spawn = spawn
        self._provider: Provider | None = None
        self._coming: tuple[Sequence[Column] | None, int] | None = None
        """Columns and rest of the search whose first page is not there yet."""
        self._generation = 0
        self._count = 0
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._places: dict[str, int] = {}
        self._near: tuple[int, Rows | None] = (-1, None)
        self._wanted: list[int] = []
        self._asked: tuple[int, ...] = ()
        self._visible = (0, -1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._rested)

    # Searches

    def show(self, provider: Provider, columns: Sequence[Column] | None = None, *, rest_ms: int = 0) -> None:
        """Start a new search: the first page as soon as it is there, the rest behind it.

        `columns` change with the first page, in one picture. Units: `rest_ms` is how long the rest waits for
        a newer search, which spares it.
        """
        self._provider, self._coming = provider, (columns, rest_ms)
        self._begin(self._open(provider, self._generation + 1))

    def reload(self) -> None:
        """Ask again for the same search; what is on screen stays until the answer replaces it at once.

        A search that has not answered yet begins again, for what is on screen belongs to another one.
        """
        if self._provider is not None:
            work = self._refresh if self._coming is None else self._open
            self._begin(work(self._provider, self._generation + 1))

    @override
    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show what is on screen in other columns at once; a new column fills with the next `reload`."""
        if self._coming is not None:
            self._coming = None, self._coming[1]
        places = {column.code: at for at, column in enumerate(self.columns)}
        order = [places.get(column.code, -1) for column in columns]
        seen = {page: self._pages[page] for page in self._visible_pages() if page in self._pages}
        self._clear_pages()
        for page, rows in seen.items():
            self._keep(page, _in_order(rows, order))
        super().set_columns(columns)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._generation += 1
        self._rest.stop()
        self._wanted.clear()
        self._asked = ()
        self._spawn(work)

    async def _open(self, provider: Provider, generation: int) -> None:
        first = await provider.page(0, PAGE_ROWS)
        if generation != self._generation or self._coming is None:
            return
        (columns, rest_ms), self._coming = self._coming, None
        self.beginResetModel()
        self._clear_pages()
        self.columns = self.columns if columns is None else tuple(columns)
        self._count = len(first)
        self._keep(0, first)
        self.endResetModel()
        self.loaded.emit()
        if len(first) < PAGE_ROWS:
            return
        if rest_ms:
            self._rest.start(rest_ms)
        else:
            await self._measure(provider, generation)

    def _rested(self) -> None:
        if self._provider is not None:
            self._spawn(self._measure(self._provider, self._generation))

    async def _measure(self, provider: Provider, generation: int) -> None:
        """Learn how many rows there are."""
        count = await provider.count()
        if generation == self._generation:
            self._resize(count)

    async def _refresh(self, provider: Provider, generation: int) -> None:
        count = await provider.count()
        fresh: dict[int, Rows] = {}
        for page in self._visible_pages() or [0]:
            if generation != self._generation:
                return
            if page == 0 or page * PAGE_ROWS < count:
                fresh[page] = await provider.page(page * PAGE_ROWS, PAGE_ROWS)
        if generation != self._generation:
            return
        self._clear_pages()
        for page, rows in fresh.items():
            self._keep(page, rows)
        self._resize(count)
        self._landed(fresh)
        self.loaded.emit()

    def _resize(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(NOWHERE, self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(NOWHERE, count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    # Pages

    def _clear_pages(self) -> None:
        self._pages.clear()
        self._places.clear()
        self._near = (-1, None)

    def _keep(self, page: int, rows: Rows) -> None:
        self._pages[page] = rows
        self._near = (-1, None)
        self._places.update((key, at) for at, key in enumerate(rows.keys, page * PAGE_ROWS))
        while len(self._pages) > KEPT_PAGES:
            _, gone = self._pages.popitem(last=False)
            for key in gone.keys:
                self._places.pop(key, None)

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._wanted = [*(other for other in self._wanted if other != page), page]
            self._ask()

    def _ask(self) -> None:
        """Ask for all that lacks of what is still on screen; the other pages were only passed by."""
        if self._asked or self._provider is None:
            return
        seen = self._visible_pages()
        wanted = [page for page in self._wanted if not seen or page in seen]
        if wanted and seen:
            wanted = [page for page in seen if page not in self._pages]
        self._asked = tuple(page for page in wanted if page * PAGE_ROWS < self._count)
        self._wanted = [page for page in wanted if page not in self._asked]
        if self._asked:
            self._spawn(self._fetch(self._provider, self._generation, self._asked))

    async def _fetch(self, provider: Provider, generation: int, pages: Sequence[int]) -> None:
        fresh: dict[int, Rows] = {}
        try:
            for page in pages:
                if generation == self._generation and (not fresh or page in self._visible_pages()):
                    fresh[page] = await provider.page(page * PAGE_ROWS, PAGE_ROWS)
        finally:
            if generation == self._generation:
                self._asked = ()
        if generation != self._generation:
            return
        for page, rows in fresh.items():
            self._keep(page, rows)
        self._landed(fresh)
        self._ask()

    def _landed(self, pages: Iterable[int]) -> None:
        """Have what came in painted, all of it in one picture, as far as it is on screen."""
        first, end = self._visible_span()
        spans = [(max(page * PAGE_ROWS, first), min((page + 1) * PAGE_ROWS, end)) for page in pages]
        seen = [at for start, stop in spans if start < stop for at in (start, stop - 1)]
        if seen:
            self.dataChanged.emit(self.index(min(seen), 0), self.index(max(seen), len(self.columns) - 1))

    # What is on screen

    @override
    def watch(self, visible: tuple[int, int]) -> None:
        self._visible = visible

    def _visible_span(self) -> tuple[int, int]:
        first, last = self._visible
        return max(first, 0), min(last + 1, self._count)

    def _visible_pages(self) -> list[int]:
        first, end = self._visible_span()
        return list(range(first // PAGE_ROWS, (end - 1) // PAGE_ROWS + 1)) if end > first else []

    # What the view asks

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    @override
    def row(self, at: int) -> TableRow | None:
        page, within = divmod(at, PAGE_ROWS)
        number, rows = self._near
        if page != number or rows is None:
            rows = self._pages.get(page)
            if rows is None:
                self._want(page)
                return None
            self._pages.move_to_end(page)
            self._near = (page, rows)
        return rows[within] if within < len(rows) else None

    @override
    def row_of(self, key: str) -> int:
        return self._places.get(key, -1)


def _in_order(rows: Rows, order: Sequence[int]) -> Rows:
    """Show the same rows in other columns."""

    def made(at: int) -> TableRow:
        row = rows[at]
        cells = row.cells
        return replace(row, cells=tuple(cells[n] if 0 <= n < len(cells) else "" for n in order))

    return Rows(rows.keys, made)
