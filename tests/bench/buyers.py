"""Desks that all want the same goods, a child of the oversell bench: each types its orders in, come what may.

Speaks as `light_fleet` does, for two phases: `ready`, after each `go` they buy, `sent` when every attempt was
answered, after `stop` what the answers were. A hub that dies under a push gets the same bytes until it
answers. In the second phase every other desk holds goods on lease.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from light_fleet import Client, Line
from oversell_goods import PLACES, SETS, attempts, typed

from app.commands.lease_stock import LeaseStock
from app.domain.leasing import Ask
from sync.wire import PushReply, Wish

TOGETHER = 10
"""Orders of one push."""
LEASED = 4
AGAIN_S = 0.05
_answers = msgspec.json.Decoder(PushReply)


class Buyer(Client):
    """One desk at which somebody types orders in as fast as they are answered."""

    def __init__(self, number: int, url: str, attempts_of: dict[int, int]) -> None:
        super().__init__(number, url)
        self.statuses: Counter[str] = Counter()
        self._door = Line(url, self._signed_in.token)
        self._url_of_hub = url
        self._pushes = {phase: self._written(phase, count) for phase, count in attempts_of.items()}

    def _written(self, phase: int, count: int) -> list[bytes]:
        wishes = self._wishes(phase, count)
        pushes = []
        while some := list(islice(wishes, TOGETHER)):
            pushes.append(self.signed(some))
        return pushes

    def _wishes(self, phase: int, count: int) -> Iterator[Wish]:
        if phase > 1 and self.number % 2:
            asks = tuple(Ask(warehouse=place, sku=SETS[0], qty=LEASED) for place in PLACES)
            yield self._wish("lease_stock", LeaseStock(items=asks))
        for asked in attempts(count, phase, self.number, datetime.now(UTC)):
            yield self._wish("new_order", typed(asked))

    async def buy(self, phase: int) -> None:
        """Send one push after another, each until it is answered."""
        for body in self._pushes[phase]:
            answers = await self._answered(body)
            self.statuses.update(answer.status for answer in answers.results)

    async def _answered(self, body: bytes) -> PushReply:
        while True:
            try:
                return _answers.decode(await self._door.ask("POST", "/v1/push", body))
            except (OSError, EOFError):
                self._door.close()
                self._door = Line(self._url_of_hub, self._signed_in.token)
                with suppress(TimeoutError):  # so long a hub takes to come back
                    await asyncio.wait_for(self._is_over.wait(), AGAIN_S)

    def leave(self) -> None:
        super().leave()
        self._door.close()


async def play(asked: dict[str, Any]) -> None:
    phases = {int(phase): count for phase, count in asked["attempts"].items()}
    buyers = [Buyer(number, asked["url"], phases) for number in asked["desks"]]
    _say("ready")
    for phase in phases:
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(buyer.buy(phase) for buyer in buyers))
        _say("sent")
    await asyncio.to_thread(sys.stdin.readline)
    _say(sum((buyer.statuses for buyer in buyers), Counter()))
    for buyer in buyers:
        buyer.leave()


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(play(json.loads(sys.argv[1])))
