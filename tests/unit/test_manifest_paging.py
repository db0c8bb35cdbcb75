"""Windows and pages: nothing is lost while orders change, and only the last page moves the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.trouble import Trouble
from sync.manifest.blocks import Budget, Dedupe, Pages, Stream, Window
from sync.manifest.pace import Bucket, Pace
from sync.manifest.paging import Heard, Span, TooMany, call_of, halves, next_span, walk
from sync.manifest.reading import BadManifest, built_in, checked, manifest_of, patched

NOW = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
SPAN = Span(NOW - timedelta(minutes=30), NOW)


def stream(**pages: Any) -> Stream:
    return Stream(
        call={"path": "/x"},
        window=Window(field="m", start="from", end="to", max="PT30M", overlap="PT5M", lag="PT3M"),
        pages=Pages(**pages),
        records="items",
        dedupe=Dedupe(key=("id",)),
    )


class Changing:
    """A list sorted by what changed last, in which one record leaves the window with every call."""

    def __init__(self, count: int) -> None:
        self.left = list(range(count))

    def __call__(self, call: Mapping[str, Any]) -> Heard:
        size, page = call["size"], call["page"] - 1
        found = {"total": len(self.left), "items": self.left[page * size :][:size]}
        self.left.remove(self.left[-2])  # it changed: it is newer than the window now
        return Heard(found, {})


def read(direction: str, count: int = 95) -> tuple[set[int], set[int]]:
    pages = stream(
        strategy="page", param="page", size_param="size", size=20, direction=direction, total="total"
    )
    shop = Changing(count)
    seen = {one for page in walk(pages, {"size": 20}, shop) for one in page.records}
    return seen, set(shop.left)


def test_backward_paging_loses_nothing_while_orders_leave_the_window() -> None:
    seen, still_there = read("backward")
    assert still_there <= seen


class Sliding(Changing):
    """The same, where the record that leaves stood at the front of the list."""

    def __call__(self, call: Mapping[str, Any]) -> Heard:
        found = super().__call__(call)
        del self.left[0]
        return found


def test_forward_paging_would_lose_some_and_backward_does_not() -> None:
    lost = {}
    for direction in ("forward", "backward"):
        pages = stream(
            strategy="page", param="page", size_param="size", size=20, direction=direction, total="total"
        )
        shop = Sliding(95)
        seen = {one for page in walk(pages, {"size": 20}, shop) for one in page.records}
        lost[direction] = len(set(shop.left) - seen)
    assert lost["forward"] >= 4
    assert lost["backward"] == 0


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (20, 1), (21, 3), (41, 4)])
def test_only_the_last_page_may_move_the_cursor(total: int, pages: int) -> None:
    plan = stream(strategy="page", param="page", size=20, direction="backward", total="total")
    asked: list[int] = []

    def ask(call: Mapping[str, Any]) -> Heard:
        asked.append(call["page"])
        return Heard({"total": total, "items": [1]}, {})

    walked = list(walk(plan, {}, ask))
    assert [page.is_last for page in walked] == [False] * (len(walked) - 1) + [True]
    assert len(asked) == pages
    assert asked[-1] == 1


def test_offsets_cursors_and_links_are_followed_to_their_end() -> None:
    asked: list[Mapping[str, Any]] = []

    def answering(*heard: Heard) -> Callable[[Mapping[str, Any]], Heard]:
        asked.clear()
        waiting = iter(heard)
        return lambda call: (asked.append(call), next(waiting))[1]

    offset = stream(strategy="offset", param="offset", size=2, total="total", direction="backward")
    list(walk(offset, {}, answering(*[Heard({"total": 5, "items": []}, {})] * 4)))
    assert [call["offset"] for call in asked] == [0, 4, 2, 0]

    cursor = stream(strategy="cursor", param="after", next="next", more="more")
    first = Heard({"items": [1], "next": "n1", "more": True}, {})
    with pytest.raises(Trouble):
        list(walk(cursor, {}, answering(first, first)))
    walked = list(walk(cursor, {}, answering(first, Heard({"items": [2], "next": "n2", "more": False}, {}))))
    assert [page.is_last for page in walked] == [False, True]
    assert asked[1] == {"after": "n1"}

    link = stream(strategy="link")
    headers = {"link": '<https://x/p1>; rel="previous", <https://x/p2>; rel="next"'}
    list(walk(link, {}, answering(Heard({}, headers), Heard({}, {}))))
    assert asked[1] == {"url": "https://x/p2"}


def test_too_many_pages_halve_the_window() -> None:
    plan = stream(strategy="page", param="page", size=20, total="total", max_page=3)
    with pytest.raises(TooMany):
        list(walk(plan, {}, lambda _call: Heard({"total": 61}, {})))
    left, right = halves(SPAN)
    assert (left.start, left.end, right.end) == (SPAN.start, right.start, SPAN.end)
    with pytest.raises(Trouble):
        halves(Span(NOW, NOW + timedelta(seconds=1)))


COUNTED = {"strategy": "page", "param": "page", "size": 20}
BY_CURSOR = {"strategy": "cursor", "param": "after", "next": "next"}


@pytest.mark.parametrize(
    ("pages", "answer", "code"),
    [
        (COUNTED | {"total": "total"}, {"total": "many", "items": []}, "no_total"),
        (COUNTED | {"total": "total"}, {"count": 3, "items": [1, 2, 3]}, "no_total"),
        (COUNTED | {"total_header": "X-Pages"}, {"items": [1, 2, 3]}, "no_total"),
        (COUNTED | {"total": "total"}, {"total": 3, "orders": [1, 2, 3]}, "no_records"),
        (COUNTED | {"total": "total"}, {"total": 30, "orders": [1, 2, 3]}, "no_records"),
        (BY_CURSOR, {"orders": [1, 2, 3]}, "no_records"),
        (BY_CURSOR | {"more": "more"}, {"orders": [1], "next": "2", "more": True}, "no_records"),
        (BY_CURSOR | {"more": "more"}, {"items": [1], "next": "2"}, "no_more"),
    ],
    ids=["no number", "another name", "no header", "one page", "many pages", "no list", "more", "unsaid"],
)
def test_what_an_answer_does_not_say_is_never_taken_for_none(
    pages: dict[str, Any], answer: dict[str, Any], code: str
) -> None:
    with pytest.raises(Trouble) as caught:
        list(walk(stream(**pages), {}, lambda _call: Heard(answer, {})))
    assert caught.value.code == code


def test_a_list_that_is_left_out_where_there_is_nothing_is_empty() -> None:
    plan = stream(**COUNTED, total="total")
    (page,) = walk(plan, {}, lambda _call: Heard({"total": 0}, {}))
    assert page == ([], True)


def test_windows_are_closed_lie_behind_now_and_overlap() -> None:
    window = stream(strategy="none").window
    assert next_span(window, NOW - timedelta(minutes=10), NOW) == Span(
        NOW - timedelta(minutes=15), NOW - timedelta(minutes=3)
    )
    assert next_span(window, NOW - timedelta(days=3), NOW) == Span(
        NOW - timedelta(days=3, minutes=5), NOW - timedelta(days=3) + timedelta(minutes=25)
    )
    assert next_span(window, NOW - timedelta(minutes=3), NOW) is None
    first = next_span(window, None, NOW)
    assert first is not None
    assert first.start == NOW - timedelta(days=90)


def test_a_window_shorter_than_its_overlap_is_refused() -> None:
    bad = patched(built_in("pdd"), {"streams": {"orders": {"window": {"overlap": "PT30M"}}}})
    with pytest.raises(BadManifest):
        checked(bad)


def test_the_call_of_a_window_says_its_bounds_where_the_channel_wants_them() -> None:
    wechat = manifest_of("wechat_store").streams["orders"]
    assert call_of(wechat, SPAN, {})["update_time_range"]["end_time"] == int(NOW.timestamp())
    assert wechat.call == {"path": "/channels/ec/order/list/get"}


def test_a_budget_is_kept() -> None:
    now, naps = [NOW], []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        now[0] += timedelta(seconds=seconds)

    pace = Pace((Budget(calls=2, every="PT10S"), Budget(calls=1, every="PT60S", streams=("refunds",))))
    for name in ("orders", "orders", "orders", "refunds", "refunds"):
        pace.wait(name, lambda: now[0], sleep)
    assert naps == [10.0, 10.0, 50.0]


def test_the_points_a_channel_counts_come_back_before_it_is_asked_again():
    naps: list[float] = []
    pace = Pace((Budget(calls=1000, cost="cost.left", keep=200, restore=100),))
    for left in (None, 1000, 50, "none", 200):
        pace.hear({"cost": {"left": left}})
        pace.wait("orders", lambda: NOW, naps.append)
    assert naps == [1.5]


def test_shops_of_one_app_share_its_budget_and_others_do_not():
    budget, buckets, naps = Budget(per="app", app="{{app_key}}", calls=1, every="PT10S"), {}, []

    def bucket_of(app: str) -> Callable[[Budget], Bucket]:
        return lambda one: buckets.setdefault(app, Bucket(one))

    for app in ("a", "b", "a", "a"):
        Pace((budget,), bucket_of(app)).wait("orders", lambda: NOW, naps.append)

    assert naps == [10.0, 20.0]
