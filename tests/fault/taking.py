"""What nobody at a desk gives: it comes through a channel's account, or a worker of the hub asks for it.

Each is tried again until it went through; what is left undone by a fault is found, not remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import msgspec
from builders import NOW, line, receive
from examples import ALWAYS
from examples_later import KEY
from examples_lots import KEPT
from hub_world import Asker
from past import Past
from place import FEED, SEAL
from seeded import mended
from sqlalchemy import select, update
from still_hub import StillHub
from still_world import World

from app.commands.hear import Hear, Means
from app.commands.lease_stock import LeaseStock
from app.commands.receive_stock import ReceiveStock
from app.commands.set_rules import SetRules
from app.commands.withdraw import Withdraw
from app.domain.bell import Bell
from app.domain.company import HEARS, Shop
from app.domain.leasing import Ask
from app.domain.values import Region, Role
from app.text import Text
from sync.channel import Draft
from sync.hub.asking import Worker
from sync.hub.bells import WORKER as BELLS
from sync.hub.bells import Bells
from sync.hub.database import reading, writing
from sync.hub.drills import WORKER as DRILLS
from sync.hub.drills import Drills
from sync.hub.effects import WORKER as EFFECTS
from sync.hub.effects import Effects
from sync.hub.finding import Finding
from sync.hub.intake import ask_case, open_account, take_in
from sync.hub.jobs import open_worker
from sync.hub.leases import WORKER as LEASES
from sync.hub.leases import expire_page
from sync.hub.lots import LOTS, Ageing
from sync.hub.numbering import ReplicaInfo
from sync.hub.overheard import Overheard, Recall, overhear, recall
from sync.hub.polling.connections import connect
from sync.hub.polling.taking import Tools
from sync.hub.polling.writing_back import Hearing
from sync.hub.provider import Done
from sync.hub.routing import WORKER as ROUTING
from sync.hub.routing import Routing
from sync.hub.seal import Seal
from sync.tables import account, effect, notice, ref, reservation, snag, stock, verdict
from tests.builders import SHOPS

ACCOUNT = "file:fault"


@dataclass(frozen=True, slots=True)
class Taking:
    """What was there before, and how it is tried. `take` tells whether nothing is left to do."""

    take: Callable[[World], bool]
    before: Callable[[Past], object] = lambda _past: None
    later: timedelta = timedelta(0)


# --- through an account of a channel ----------------------------------------------------------------


def _receive(world: World) -> bool:
    now = world.hub_clock()
    with writing(world.engine) as db:
        name = open_account(db, FEED, ACCOUNT, now)
    drafts = [Draft(receive=receive("", ext_id="e9", ordered_at=now - timedelta(minutes=5)), rows=())]
    take_in(world.engine, FEED, SEAL, name, SHOPS["TM1"], "", "fault", drafts, now)
    return True


def _open_case(world: World) -> bool:
    now = world.hub_clock()
    with writing(world.engine) as db:
        name = open_account(db, FEED, ACCOUNT, now)
    ask_case(world.engine, FEED, SEAL, name, SHOPS["TM1"], "fault", "c1", Text("why"), now)
    return True


def _imported(past: Past) -> None:
    hub = past.hub
    hub.channel = Asker(hub, ReplicaInfo(ACCOUNT, "channel", ACCOUNT))
    past.sold("o1")
    with writing(hub.engine) as db:
        open_account(db, FEED, ACCOUNT, NOW)
        db.execute(update(account).values(next_n=hub.channel.n + 1))


def _withdraw(world: World) -> bool:
    now = world.hub_clock()
    asked = [Recall("ext-o1", Withdraw(order="o1", file="orders.csv", by="clerk"))]
    with writing(world.engine) as db:
        name = open_account(db, FEED, ACCOUNT, now)
        recall(db, FEED, SEAL, name, SHOPS["TM1"], "import-1", asked, now)
    return True


def _hear(world: World) -> bool:
    """Hear a word on an order that came just before it."""
    now = world.hub_clock()
    said = [Overheard("e9", "m1", Hear(order="", means=Means.UNKNOWN, topic="999"))]
    _receive(world)
    with writing(world.engine) as db:
        overhear(db, FEED, SEAL, ACCOUNT, SHOPS["TM1"], "fault", said, now)
    return True


# --- by a worker of the hub -------------------------------------------------------------------------


def _worker(world: World, name: str) -> Worker:
    hub: StillHub = world.up()[0]
    return Worker(world.engine, FEED, hub.writer, open_worker(world.engine, FEED, name, world.hub_clock()))


def _assign(world: World) -> bool:
    Routing(_worker(world, ROUTING)).step(world.hub_clock())
    with reading(world.engine) as db:
        left = select(snag.c.id).where(snag.c.feed_id == FEED, snag.c.state == "open", snag.c.owner == "")
        return db.execute(left).first() is None


def _plant(world: World) -> bool:
    """Every verdict asks for a test; each is planted once, whoever tries again."""
    drills = Drills(_worker(world, DRILLS), SEAL)
    with patch.object(Seal, "draw", lambda _self, _name: 0):
        drills.step(world.hub_clock())
    with reading(world.engine) as db:
        said = select(verdict.c.order_id).where(verdict.c.feed_id == FEED)
        planted = select(ref.c.pk).where(ref.c.feed_id == FEED, ref.c.tbl == "drill")
        return len(db.execute(planted).all()) == len(db.execute(said).all())


def _connected(past: Past) -> None:
    """A shop is talked to that takes all that can be told."""
    hub, keys = past.hub, {"base_url": "https://shop.example", "api_key": "k"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "TM1", "generic_rest", keys, hub.clock())


def _hear_channel(world: World) -> bool:
    Hearing(Tools(world.engine, FEED, SEAL, world.hub_clock), _worker(world, EFFECTS)).step()
    with reading(world.engine) as db:
        found = select(ref.c.doc).where(ref.c.feed_id == FEED, ref.c.tbl == "shop", ref.c.pk == "TM1")
        return msgspec.json.decode(db.execute(found).scalar_one(), type=Shop).hears == HEARS


def _ring(world: World) -> bool:
    Bells(_worker(world, BELLS), {}).step(world.hub_clock())
    with reading(world.engine) as db:
        told = select(ref.c.doc).where(ref.c.feed_id == FEED, ref.c.tbl == "bell")
        bells = [msgspec.json.decode(doc, type=Bell) for doc in db.execute(told).scalars()]
        is_noted = db.execute(select(notice.c.person).where(notice.c.feed_id == FEED)).first() is not None
    if is_noted and [len(bell.notices) for bell in bells] != [1]:
        world.findings.append(Finding("told", "o1", f"{bells}"))
    return is_noted


def _expire(world: World) -> bool:
    expire_page(_worker(world, LEASES), world.hub_clock())
    with reading(world.engine) as db:
        r = reservation.c
        left = select(r.owner).where(r.feed_id == FEED, r.kind == "lease", r.state == "open")
        return db.execute(left).first() is None


def _in_lots(past: Past) -> Past:
    came = ReceiveStock(
        doc="d1", warehouse="SZ", sku="LN-220", qty=5, reference="DN-7", lot="L7",
        best_before=(NOW + timedelta(days=20)).date(),
    )  # fmt: skip
    return past.by(Role.LEAD, KEPT).by(Role.WAREHOUSE, came)


def _age(world: World) -> bool:
    Ageing(_worker(world, LOTS)).step(world.hub_clock())
    with reading(world.engine) as db:
        s = stock.c
        held = select(s.held).where(s.feed_id == FEED, s.warehouse == "SZ", s.sku == "LN-220")
        return db.execute(held).scalar_one() == 5


class Books:
    """A channel that takes no keys and tells what it knows; `told` is what really happened there."""

    takes_keys, can_look_up, settle_s = False, True, 0.0

    def __init__(self) -> None:
        self.told: list[str] = []

    def send(self, key: str, _payload: bytes) -> Done:
        """Take it."""
        self.told.append(key)
        return Done("t-1", Text("taken"))

    def look_up(self, key: str) -> Done | None:
        """Say whether it was taken."""
        return Done("t-1", Text("taken")) if key in self.told else None


def _record(world: World) -> bool:
    books = world.books = getattr(world, "books", None) or Books()  # type: ignore[attr-defined]
    worker = _worker(world, EFFECTS)
    while Effects(worker, lambda _shop, _kind: books, world.hub_clock, kinds=("confirm",)).carry_out():
        pass
    with reading(world.engine) as db:
        found = select(effect.c.state).where(effect.c.feed_id == FEED, effect.c.effect_key == KEY)
        is_done = db.execute(found).scalar_one() == "done"
    world.channel.books[KEY] = len(books.told)
    if is_done and books.told != [KEY]:
        world.findings.append(Finding("outside", KEY, f"was told {len(books.told)} times"))
    return is_done


TAKINGS = {
    "receive": Taking(_receive),
    "open_case": Taking(_open_case),
    "withdraw": Taking(_withdraw, _imported),
    "hear": Taking(_hear),
    "hear_channel": Taking(_hear_channel, _connected),
    "assign": Taking(_assign, lambda past: past.sold("o1", lines=(line(qty=99),))),
    "plant_drill": Taking(_plant, lambda past: mended(past.by(Role.LEAD, SetRules(rules=ALWAYS)))),
    "tell": Taking(
        _ring, lambda past: past.sold("o1", region=Region(verdict="fix")), later=timedelta(seconds=5)
    ),
    "age_lots": Taking(_age, _in_lots, later=timedelta(days=15)),
    "expire_lease": Taking(
        _expire,
        lambda past: past.by(Role.CLERK, LeaseStock(items=(Ask("SZ", "LN-220", 3),))),
        later=timedelta(hours=10),
    ),
    "record_effect": Taking(_record, lambda past: past.sold("o1").shipped(), later=timedelta(minutes=2)),
}
