"""Parcels of the demo company's day: labels of a made-up carrier, scans, a door nobody opened."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import select

from app.boot.demo_day import Day
from app.boot.opening import FEED_ID, Running
from app.commands.choose_carrier import ChooseCarrier
from app.commands.fix_address import FixAddress
from app.commands.record_scan import RecordScan
from app.domain.effect import HOLD
from app.domain.scan import Scan, ScanKind
from app.domain.values import Region
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.label_folder import REASONS
from sync.hub.label_requests import LabelRequests
from sync.hub.provider import Done, Rejected
from sync.tables import orders

GIVES_LABELS = "ZX"
FAR = Region(
    province="新疆维吾尔自治区", city="乌鲁木齐市", district="天山区", postcode="830000", verdict="accept"
)
KINDS = ("label", "void", "redeliver", "call_back")


class Office:
    """A made-up carrier: it numbers a label by its key, and has no card of streets without a number."""

    takes_keys = True
    can_look_up = False
    settle_s = 0.0

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Give a label, or refuse an address; whatever else is asked is done."""
        fields = msgspec.json.decode(payload, type=dict[str, str])
        if not key.startswith("label:"):
            return Done(key, Text(N_("The carrier will see to it")))
        if "号" not in fields.get("street", ""):
            reason = Text(REASONS["bad_address"])
            return Rejected(Text(N_("They refused it: {reason}"), {"reason": reason}))
        number = f"ZX{int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10**12:012d}"
        return Done(number, Text(N_("Label given, {tracking_no}"), {"tracking_no": number}))

    def look_up(self, _key: str) -> Done | Rejected | None:
        """Remember nothing: the same key gives the same number."""
        return None


def labelling(running: Running, ahead: timedelta = timedelta()) -> Effects:
    """Return the worker that asks the made-up carrier, by a clock that may be a little ahead."""
    hub, office = running.hub, Office()
    info = open_worker(hub.engine, FEED_ID, WORKER, hub.clock())
    worker = Worker(hub.engine, FEED_ID, hub.writer, info)
    prepare = LabelRequests(hub.engine, FEED_ID, hub.seal, hub.clock, WORKER).by_kind()
    return Effects(
        worker, lambda _shop, _kind: office, lambda: hub.clock() + ahead, kinds=KINDS, prepare=prepare
    )


def play(running: Running, day: Day) -> None:
    """Let carriers have their day: each of their exceptions is open when one sits down."""
    now = running.hub.clock()
    shipped = _some(running, "shipped", 4)
    day.clerk(
        RecordScan(order=order, scan=Scan(kind=kind, at=now - timedelta(minutes=20), reason=reason))
        for order, kind, reason in zip(
            shipped[2:], (ScanKind.OUT, ScanKind.FAILED), ("", "not_home"), strict=False
        )
    )
    first, second, third = _some(running, "released", 3)
    facts = day.known((first, second, third))
    moved, far = facts.order(second), facts.order(third)
    if moved is None or far is None:
        return
    vague = msgspec.structs.replace(moved.receiver, street="人民路 东门往里走")
    away = msgspec.structs.replace(far.receiver, street="解放北路 12 号")
    day.clerk((
        FixAddress(order=second, receiver=vague, region=moved.region),
        ChooseCarrier(order=first, carrier=GIVES_LABELS),
        ChooseCarrier(order=second, carrier=GIVES_LABELS),
        FixAddress(order=third, receiver=away, region=FAR),
    ))  # fmt: skip
    effects = labelling(running, HOLD + timedelta(seconds=1))
    while effects.carry_out():
        pass


def _some(running: Running, status: str, most: int) -> Sequence[str]:
    """Return the last orders of a shop in a state, by id."""
    found = select(orders.c.id).where(orders.c.feed_id == FEED_ID, orders.c.status == status)
    with reading(running.hub.engine) as db:
        return list(
            db.execute(found.where(orders.c.shop == "JD1").order_by(orders.c.id.desc()).limit(most)).scalars()
        )
