"""Scenes of the tour: two people who look at the same order and do not hear each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

from app.domain.review import UNREAD_BELOW_MS
from widgets.words import tr

LONGER = timedelta(seconds=1)


async def night(tour: Any) -> None:
    """Two different people put their names under what they saw."""
    hand = tour.hand
    for user in ("gu", "zhou"):
        await tour.change_person(user)
        await tour.go("review")
        await hand.until(lambda: tour.state("review").sheet is not None, "an order to review")
        await tour.step_in()
        await hand.picture(f"review-{user}")
        sheet = tour.state("review").sheet
        for blind, line in zip(sheet.blinds, sheet.order.lines, strict=False):
            await hand.focus(f"review/blind/{blind.code}")
            await hand.type(str(line.qty))
        await hand.picture(f"review-{user}-open")
        await read_through(tour)
        signed = tour.state("review").signed_now
        await hand.press("Alt+1")
        await hand.until(partial(_signed_more, tour, signed), "the signature")
        tour.summary.signed_off += 1


async def handover(tour: Any) -> None:
    """Whoever leaves writes a sentence and signs what is open; whoever comes reads it and signs too."""
    hand = tour.hand
    await tour.change_person("lin")
    await _to_handover(tour)
    await hand.until(lambda: bool(tour.state("handover").lines), "what is open")
    await hand.press("N")
    await hand.type("9:00")
    await hand.press("Return")
    await hand.until(lambda: any(one.remark for one in tour.state("handover").lines), "the sentence")
    await hand.picture("handover")
    await hand.press("S")
    await hand.until(lambda: bool(tour.state("handover").pages), "the page")
    await tour.change_person("zhou")
    await _to_handover(tour)
    await hand.press("Ctrl+Tab")
    await hand.until(lambda: tour.state("handover").split == "page", "the page of the shift before")
    await hand.press("S")
    await hand.until(lambda: bool(tour.state("handover").pages[0].taken_by), "the second name")
    await hand.picture("handover-taken")


async def _to_handover(tour: Any) -> None:
    await tour.hand.press("Ctrl+K")
    await tour.hand.type(tr("Handover"))
    await tour.hand.press("Return")
    await tour.hand.until(lambda: tour.here == "handover" and tour.state("handover").is_loaded, "handover")
    await tour.hand.rest()


async def read_through(tour: Any) -> None:
    """Look for longer than a yes must take to count: the clock of the hub may be set meanwhile."""
    seen = await tour.station.desk.now() - tour.state("review").sheet.opened_at
    left = timedelta(milliseconds=UNREAD_BELOW_MS) + LONGER - seen
    await asyncio.sleep(max(left.total_seconds(), 0.0))


def _signed_more(tour: Any, than: int) -> bool:
    return bool(tour.state("review").signed_now > than)
