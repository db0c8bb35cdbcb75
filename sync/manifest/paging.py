"""Windows of time and the pages in them, walked so that no order is lost while they change.

Source: channels.md section 0 (page backward) and 5 (poll loop).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.text import N_, Text
from app.trouble import Trouble
from sync.manifest.blocks import Pages, Stream, Window
from sync.manifest.durations import duration
from sync.manifest.paths import BadPath, filled, get, number
from sync.manifest.request import put
from sync.manifest.sign import clock_text

_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*rel="?next"?')


class Span(NamedTuple):
    """A closed stretch of time, its end behind now: orders may leave it while it is read, none may enter."""

    start: datetime
    end: datetime


class Heard(NamedTuple):
    """One good answer: what it holds, and its headers in lower case."""

    data: Any
    headers: Mapping[str, str]


class Page(NamedTuple):
    """The records of one page; with the last of them the cursor may move."""

    records: list[Any]
    is_last: bool


Ask = Callable[[Mapping[str, Any]], Heard]
"""Makes one call and returns its answer; a link is asked for as `{"url": …}`."""


class TooMany(Exception):
    """More pages than the channel gives: the window must be halved."""


def next_span(window: Window, cursor: datetime | None, now: datetime) -> Span | None:
    """Return what to ask for next; None where nothing can have happened yet.

    `cursor` is the end of the last window that was read to its end.
    """
    latest = now - duration(window.lag)
    start = now - duration(window.history) if cursor is None else cursor - duration(window.overlap)
    end = min(start + duration(window.max), latest)
    return Span(start, end) if end > start and (cursor is None or end > cursor) else None


def halves(span: Span) -> tuple[Span, Span]:
    """Share a window that holds too many pages.

    Raises:
        Trouble: it cannot be shared any more.
    """
    middle = span.start + (span.end - span.start) / 2
    if middle - span.start < timedelta(seconds=1):
        raise Trouble(
            "too_many_pages", Text(N_("The channel has more changes in one second than it lets us read."))
        )
    middle = middle.replace(microsecond=0)
    return Span(span.start, middle), Span(middle, span.end)


def call_of(stream: Stream, span: Span, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the call of a window, still without its page."""
    window = stream.window
    start = clock_text(window.format, span.start, window.tz)
    end = clock_text(window.format, span.end, window.tz)
    call: dict[str, Any] = filled(stream.call, {**settings, "start": start, "end": end})
    for path, value in ((window.start, start), (window.end, end)):
        if path:
            put(call, path, value)
    if stream.pages.size_param:
        put(call, stream.pages.size_param, stream.pages.size)
    return call


def walk(stream: Stream, call: Mapping[str, Any], ask: Ask) -> Iterator[Page]:
    """Read the pages of a window, the last one first where the channel sorts by what changed last.

    Raises:
        TooMany: there are more than the channel gives.
    """
    match stream.pages.strategy:
        case "page" | "offset":
            yield from _counted(stream, call, ask)
        case "cursor":
            yield from _by_cursor(stream, call, ask)
        case "link":
            yield from _by_link(stream, call, ask)
        case _:
            yield Page(_records(stream, ask(call)), is_last=True)


def _records(stream: Stream, heard: Heard, *, is_due: bool = False) -> list[Any]:
    """Return what a page holds. Where some are due and none can be found, nobody reads past them.

    Raises:
        Trouble: no_records.
    """
    found = get(heard.data, stream.records)
    if is_due and not isinstance(found, list):
        raise Trouble(
            "no_records",
            Text(
                N_("The answer holds no list at {path}. Look what the channel sends, and correct {key}."),
                {"path": stream.records, "key": "records"},
            ),
        )
    if not isinstance(found, list):
        return []
    return [one for each in found for one in (each if isinstance(each, list) else [each]) if one is not None]


def _counted(stream: Stream, call: Mapping[str, Any], ask: Ask) -> Iterator[Page]:
    pages = stream.pages
    first = ask(_at(pages, call, 0))
    count = _page_count(pages, first)
    if count > pages.max_page:
        raise TooMany
    if count <= 1:
        yield Page(_records(stream, first, is_due=count == 1), is_last=True)
        return
    order = range(count - 1, -1, -1) if pages.direction == "backward" else range(count)
    for nth, at in enumerate(order):
        heard = ask(_at(pages, call, at))
        is_due = at == 0 or _page_count(pages, heard) > at
        yield Page(_records(stream, heard, is_due=is_due), is_last=nth == count - 1)


def _at(pages: Pages, call: Mapping[str, Any], at: int) -> dict[str, Any]:
    asked = dict(call)
    put(asked, pages.param, at * pages.size if pages.strategy == "offset" else at + pages.first)
    return asked


def _page_count(pages: Pages, heard: Heard) -> int:
    """Return how many pages there are, of what the first answer says. Refuses to guess."""
    try:
        if pages.total_header:
            return int(number(_there(heard.headers.get(pages.total_header.lower()))))
        return -(-int(number(_there(get(heard.data, pages.total)))) // pages.size)
    except BadPath:
        raise Trouble(
            "no_total", Text(N_("The answer does not say how many records there are. Check pages.total."))
        ) from None


def _there(value: Any) -> Any:
    """Return a number that is there: nothing is no zero."""
    return "nothing" if value in (None, "") else value


def _by_cursor(stream: Stream, call: Mapping[str, Any], ask: Ask) -> Iterator[Page]:
    pages, asked, seen = stream.pages, dict(call), set[str]()
    while True:
        heard = ask(asked)
        following = _following(pages, heard)
        is_due = following is not None or not pages.more
        records = _records(stream, heard, is_due=is_due)
        if str(following) in seen:
            raise Trouble("pages_in_a_circle", Text(N_("The channel names the same page again and again.")))
        yield Page(records, is_last=following is None)
        if following is None:
            return
        seen.add(str(following))
        if len(seen) > pages.max_page:
            raise TooMany
        asked = dict(call)
        put(asked, pages.param, following)


def _following(pages: Pages, heard: Heard) -> Any:
    """Return what the next page is called; None on the last one. Refuses to guess."""
    following = get(heard.data, pages.next)
    more = get(heard.data, pages.more) if pages.more else following is not None
    if more is None:
        raise Trouble("no_more", Text(N_("The answer does not say whether there is more. Check pages.more.")))
    return following if str(more).lower() in ("true", "1") else None


def _by_link(stream: Stream, call: Mapping[str, Any], ask: Ask) -> Iterator[Page]:
    asked: Mapping[str, Any] = call
    for _ in range(stream.pages.max_page):
        heard = ask(asked)
        found = _NEXT.search(heard.headers.get("link", ""))
        yield Page(_records(stream, heard), is_last=found is None)
        if found is None:
            return
        asked = {"url": found[1]}
    raise TooMany
