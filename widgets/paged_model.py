"""A table of a million rows that holds a few thousand: pages asked for by key when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from widgets.cells import Column, TableRow
from widgets.table_model import NOWHERE, Index, TableModel

PAGE_ROWS: Final = 200
KEPT_PAGES: Final = 64
FLUSH_MS: Final = 33

Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Provider(Protocol):
    """Where the rows of one search come from; it awaits a lane, so the desk never waits for a disk."""

    async def count(self) -> int:
        """How many rows there are."""

    async def anchors(self, step: int) -> Sequence[object]:
        """The key of rows 0, step, 2 * step, …: where each page starts."""

    async def page(self, anchor: object | None, limit: int) -> Sequence[TableRow]:
        """The rows from an anchor on, the anchor's row included; from the top where it is None."""


class PagedModel(TableModel):
    """Rows of one search, by pages; a later search makes every earlier answer void."""

    loaded = Signal()

    def __init__(self, columns: Sequence[Column], spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._spawn = spawn
        self._provider: Provider | None = None
        self._generation = 0
        self._count = 0
        self._anchors: Sequence[object] = ()
        self._pages: OrderedDict[int, list[TableRow]] = OrderedDict()
        self._places: dict[str, int] = {}
        self._near: tuple[int, list[TableRow]] = (-1, [])
        self._wanted: list[int] = []
        self._asked = -1
        self._visible = (0, -1)
        self._stale: set[int] = set()
        self._patches: dict[str, TableRow] = {}
        self._flusher = QTimer(self)
        self._flusher.setSingleShot(True)
        self._flusher.setInterval(FLUSH_MS)
        self._flusher.timeout.connect(self._tick)

    # Searches

    def show(self, provider: Provider) -> None:
        """Start a new search: the first page as soon as it is there, the rest behind it."""
        self._generation += 1
        self._provider = provider
        self._forget()
        self._spawn(self._open(provider, self._generation))

    def reload(self) -> None:
        """Ask again for the same search; what is on screen stays until the answer replaces it at once."""
        if self._provider is not None:
            self._generation += 1
            self._forget()
            self._spawn(self._refresh(self._provider, self._generation))

    def patch(self, rows: Iterable[TableRow]) -> None:
        """Take new contents of rows that may be at hand; painted at most 30 times a second."""
        for row in rows:
            if row.key in self._places:
                self._patches[row.key] = row
        self._mark(())

    @override
    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show what is on screen in other columns at once; a new column fills with the next `reload`."""
        places = {column.code: at for at, column in enumerate(self.columns)}
        order = [places.get(column.code, -1) for column in columns]
        seen = {page: self._pages[page] for page in self._visible_pages() if page in self._pages}
        self._clear_pages()
        for page, rows in seen.items():
            self._keep(page, [_in_order(row, order) for row in rows])
        super().set_columns(columns)

    def _forget(self) -> None:
        self._wanted.clear()
        self._asked = -1

    async def _open(self, provider: Provider, generation: int) -> None:
        first = list(await provider.page(None, PAGE_ROWS))
        if generation != self._generation:
            return
        self.beginResetModel()
        self._clear_pages()
        self._anchors = ()
        self._count = len(first)
        self._keep(0, first)
        self.endResetModel()
        self.loaded.emit()
        if len(first) < PAGE_ROWS:
            return
        count = await provider.count()
        anchors = await provider.anchors(PAGE_ROWS) if generation == self._generation else ()
        if generation != self._generation:
            return
        self._anchors = anchors
        self._resize(count)

    async def _refresh(self, provider: Provider, generation: int) -> None:
        count = await provider.count()
        anchors = await provider.anchors(PAGE_ROWS) if generation == self._generation else ()
        fresh: dict[int, list[TableRow]] = {}
        for page in self._visible_pages() or [0]:
            if generation != self._generation:
                return
            if page == 0 or page < len(anchors):
                anchor = anchors[page] if page else None
                fresh[page] = list(await provider.page(anchor, PAGE_ROWS))
        if generation != self._generation:
            return
        self._clear_pages()
        self._anchors = anchors
        for page, rows in fresh.items():
            self._keep(page, rows)
        self._resize(count)
        self._mark(range(*self._visible_span()))

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
        self._patches.clear()
        self._stale.clear()
        self._near = (-1, [])

    def _keep(self, page: int, rows: list[TableRow]) -> None:
        self._pages[page] = rows
        self._near = (-1, [])
        for at, row in enumerate(rows, page * PAGE_ROWS):
            self._places[row.key] = at
        while len(self._pages) > KEPT_PAGES:
            _, gone = self._pages.popitem(last=False)
            for row in gone:
                self._places.pop(row.key, None)

    def _want(self, page: int) -> None:
        if page != self._asked:
            self._wanted = [*(other for other in self._wanted if other != page), page]
            self._ask()

    def _ask(self) -> None:
        """Ask for the page wanted last among those still on screen; the others were only passed by."""
        if self._asked >= 0 or self._provider is None:
            return
        seen = self._visible_pages()
        pages = [page for page in self._wanted if not seen or page in seen]
        self._wanted = pages
        if pages and pages[-1] < len(self._anchors):
            self._asked = self._wanted.pop()
            self._spawn(self._fetch(self._provider, self._generation, self._asked))

    async def _fetch(self, provider: Provider, generation: int, page: int) -> None:
        try:
            rows = list(await provider.page(self._anchors[page], PAGE_ROWS))
        finally:
            if generation == self._generation:
                self._asked = -1
        if generation != self._generation:
            return
        self._keep(page, rows)
        self._mark(range(page * PAGE_ROWS, page * PAGE_ROWS + len(rows)))
        self._ask()

    # Painting at most 30 times a second

    @override
    def watch(self, visible: tuple[int, int]) -> None:
        self._visible = visible

    def _visible_span(self) -> tuple[int, int]:
        first, last = self._visible
        return max(first, 0), min(last + 1, self._count)

    def _visible_pages(self) -> list[int]:
        first, end = self._visible_span()
        return list(range(first // PAGE_ROWS, (end - 1) // PAGE_ROWS + 1)) if end > first else []

    def _mark(self, rows: Iterable[int]) -> None:
        self._stale.update(rows)
        if not self._flusher.isActive():
            self._tick()

    def _tick(self) -> None:
        """Tell the view what changed on screen, now if it has been quiet, else with the next beat."""
        if not self._stale and not self._patches:
            return
        for key, row in self._patches.items():
            at = self._places.get(key, -1)
            if at >= 0:
                page, within = divmod(at, PAGE_ROWS)
                self._pages[page][within] = row
                self._stale.add(at)
        self._patches.clear()
        first, end = self._visible_span()
        seen = [at for at in self._stale if first <= at < end]
        self._stale.clear()
        if seen:
            self.dataChanged.emit(self.index(min(seen), 0), self.index(max(seen), len(self.columns) - 1))
        self._flusher.start()

    # What the view asks

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    @override
    def row(self, at: int) -> TableRow | None:
        page, within = divmod(at, PAGE_ROWS)
        number, rows = self._near
        if page != number:
            found = self._pages.get(page)
            if found is None:
                self._want(page)
                return None
            self._pages.move_to_end(page)
            rows = found
            self._near = (page, rows)
        return rows[within] if within < len(rows) else None

    @override
    def row_of(self, key: str) -> int:
        return self._places.get(key, -1)


def _in_order(row: TableRow, order: Sequence[int]) -> TableRow:
    cells = row.cells
    return replace(row, cells=tuple(cells[at] if 0 <= at < len(cells) else "" for at in order))
