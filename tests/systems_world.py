"""A hub that listens, and another system that asks it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
import uvicorn
from builders import NOW
from hub_world import FEED, Asker, Clock, company
from sqlalchemy import select

from app.boot.opening import Running, open_hub
from app.domain.company import GRANTS, Customer
from app.domain.systems import SCOPES, NewKey
from app.domain.values import Role
from sync.hub.api import application
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.outward.keys import make_key
from sync.hub.writer import ReplicaInfo
from sync.outward_wire import Problem
from sync.tables import replica

ALL = tuple(SCOPES)
NAME = "季小雨"


class House:
    """A hub with a company that listens."""

    def __init__(self, running: Running, clock: Clock, url: str) -> None:
        self.running, self.clock, self.engine, self.url = running, clock, running.hub.engine, url
        self.web = requests.Session()
        self.writer = running.hub.writer
        self.worker = Asker(self, ReplicaInfo("worker:recheck", "worker", "worker:recheck"))  # type: ignore[arg-type]
        self.key = self.make("all", ALL)

    def make(self, code: str, scopes: tuple[str, ...], **more: Any) -> str:
        asked = NewKey(code=code, title=code, scopes=scopes, **more)
        return make_key(self.engine, FEED, "admin", GRANTS[Role.ADMIN], asked, self.clock()).key

    def get(self, path: str, key: str = "", **query: Any) -> Any:
        return self.web.get(f"{self.url}/api/v1{path}", params=query, headers=self.head(key), timeout=30)

    def send(self, path: str, body: Any, name: str, key: str = "", method: str = "POST") -> Any:
        head = self.head(key) | ({"idempotency-key": name} if name else {})
        return self.web.request(method, f"{self.url}/api/v1{path}", json=body, headers=head, timeout=30)

    def head(self, key: str = "") -> dict[str, str]:
        return {"authorization": f"Bearer {key or self.key}"}

    def brought(self, ext_id: str, **changes: Any) -> str:
        answer = self.send("/orders", order(ext_id, **changes), f"bring {ext_id}")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def order(ext_id: str, **changes: Any) -> dict[str, Any]:
    """An order as a mini-program shop sends it."""
    phone = f"139{sum(ext_id.encode()):08d}"
    street = f"文晖路{phone[-3:]}号"
    return {
        "shop": "TM1", "ext_id": ext_id, "total_minor": 32_000, "payable_minor": 32_000, "paid_minor": 32_000,
        "lines": [{"ext_sku": "A-1", "qty": 1, "unit_price_minor": 32_000}],
        "receiver": {"name": NAME, "phone": phone, "street": street},
        "region": {"province": "浙江省", "city": "杭州市", "district": "拱墅区"},
        "ordered_at": "2026-06-13T08:00:00Z",
    } | changes  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("systems")
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKET_HOME", str(folder / "home"))
        running = open_hub(f"sqlite:///{folder / 'hub.db'}", clock=clock)
    with writing(running.hub.engine) as db:
        kept = Customer(code="LH", title="临湖酒店用品", terms_days=30, kept_by="all")
        install_company(db, FEED, company(customers=(kept,)), NOW)
    config = uvicorn.Config(application(running.hub), port=0, log_config=None, lifespan="off", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    pause = threading.Event()
    while not server.started:
        pause.wait(0.01)
    made = House(running, clock, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    yield made
    made.web.close()
    server.should_exit = True
    thread.join(10)
    running.close()


def said(answer: Any, status: int, code: str) -> str:
    """Check that a problem is told as one, and return its sentence."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert (problem.status, problem.code) == (status, code), problem
    assert problem.detail.endswith("."), problem.detail
    return problem.detail


def last_n(house: House) -> int:
    """How far the worker that looks again has numbered."""
    with reading(house.engine) as db:
        found = select(replica.c.last_n).where(replica.c.replica_id == "worker:recheck")
        return db.execute(found).scalar() or 0
