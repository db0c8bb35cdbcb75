"""A hub and what it does at systems that are connected and let go while it works."""

from __future__ import annotations

from datetime import timedelta

from hub_world import FEED, SEAL, HubWorld

from app.domain.outbound import AskService, OutService
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.label_requests import LabelRequests
from sync.hub.outward.addresses import House
from sync.hub.outward.connected_services import Current, Services
from sync.hub.outward.errand_rows import ErrandRows
from sync.hub.outward.errand_words import ErrandWords
from sync.hub.outward.service_health import health
from sync.hub.outward.services_api import done

HERE = House(is_own=True)


class Room:
    """A hub and what it does at systems that come and go."""

    def __init__(self, hub: HubWorld) -> None:
        self.hub = hub
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        self.worker = Worker(hub.engine, FEED, hub.writer, info)
        self.services = Services(hub.engine, FEED, SEAL, hub.clock, worker=lambda: self.worker)

    def ask(self, name: str, asked: AskService) -> str:
        return done(self.services, name, asked, HERE).text.message

    def one(self, name: str) -> OutService:
        return next(one for one in health(self.services).all if one.name == name)

    def effects(self, now: Current) -> Effects:
        words = ErrandWords(LabelRequests(self.hub.engine, FEED, SEAL, self.hub.clock, WORKER), now.file)
        return Effects(
            self.worker, lambda whose, kind: now.online.get((whose, kind)), self.hub.clock,
            kinds=tuple(now.kinds - {"voucher"}), compose=words.compose(), prepare=words.prepare(),
        )  # fmt: skip

    def round(self, times: int = 1) -> None:
        for _ in range(times):
            now = self.services.current()
            while ErrandRows(self.hub.engine, FEED, now.file.served(), self.hub.clock).step():
                pass
            while now.kinds and self.effects(now).carry_out():
                pass
            self.hub.clock.now += timedelta(minutes=20)
