"""Scenes of the tour: two people who look at the same order and do not hear each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from app.commands.amend import Amend
from app.commands.reject_review import RejectReview
from app.commands.set_rules import SetRules
from app.domain.review import UNREAD_BELOW_MS
from app.ports import Views
from widgets.words import tr

LONGER = timedelta(seconds=1)
SEEDED_MOST_PCT = 50


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


async def reveal(tour: Any) -> None:
    """Two send an order back, a clerk mends it; the mistake comes again, made anonymous, and is told at once.

    Whether it meets one of the two is chance of the hub: if not, there is no picture.
    """
    desk, hand = tour.station.desk, tour.hand
    await tour.change_person("zhou")
    refs = await desk.look(Views.refs)
    asked = msgspec.structs.replace(refs.rules, review_seeded_pct=SEEDED_MOST_PCT)
    await desk.submit(SetRules(rules=asked))
    await tour.go("review")
    await hand.until(lambda: tour.state("review").sheet is not None, "an order to send back")
    order = tour.state("review").sheet.order
    wrong = RejectReview(order=order.id, content_hash=order.content_hash, reason="?", read_ms=5_000)
    await desk.submit(wrong)
    await tour.change_person("gu")
    await desk.submit(wrong)
    await tour.change_person("lin")
    first, *others = order.lines
    await desk.submit(
        Amend(order=order.id, lines=(msgspec.structs.replace(first, qty=first.qty + 1), *others))
    )
    await hand.until(lambda: tour.is_level, "the mended order")
    for user in ("gu", "zhou"):
        await tour.change_person(user)
        await tour.go("review")
        if await _meets_one(tour):
            await hand.picture("review-reveal")
            return


async def _meets_one(tour: Any) -> bool:
    """Look at what waits, one after the other; where a test is among it, send it back."""
    hand = tour.hand
    for _ in tour.state("review").rows:
        await hand.rest()
        if tour.state("review").sheet is not None and tour.state("review").sheet.drill is not None:
            break
        await hand.press("J")
    sheet = tour.state("review").sheet
    if sheet is None or sheet.drill is None:
        return False
    await read_through(tour)
    await hand.press("Alt+2")
    await hand.type(str(sheet.order.lines[0].qty))
    await hand.press("Return")
    await hand.until(lambda: bool(tour.state("review").told), "what it was")
    return True


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
