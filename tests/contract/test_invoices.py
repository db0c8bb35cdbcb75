"""Invoices asked of a service by files: written once, read back, corrected under the same key."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from builders import SHOPS
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import delete

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.resubmit_invoice import ResubmitInvoice
from app.commands.set_invoice import SetInvoice
from app.commands.set_shop import SetShop
from app.commands.ship import Ship
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import reading, writing
from sync.hub.effect_rows import LEASE, lease
from sync.hub.effects import LOOKS_MOST, PENDING_MOST, WORKER, Effects
from sync.hub.invoices import ANSWER_MOST, ASKED_AGAIN_S, InvoiceFolder, Invoices
from sync.hub.jobs import open_worker
from sync.hub.provider import Done, Pending, Rejected, Unclear, Unsent

KEY = "invoice:o1:1"
TITLE, TAX_NO = "杭州临湖酒店用品有限公司", "91350100M000100Y43"
INVOICE = Invoice(kind=InvoiceKind.SPECIAL, title=TITLE, tax_no=TAX_NO)


class Service:
    """A hub whose shop asks a folder, and whoever answers there."""

    def __init__(self, hub: HubWorld, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.lead = hub.desk(Role.LEAD, "lead")
        floor = hub.desk(Role.WAREHOUSE, "floor")
        self.lead.must(SetShop(shop=msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), rev=0)))
        hub.channel.must(bought("o1"))
        self.lead.must(SetInvoice(order="o1", invoice=INVOICE))
        floor.must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
        floor.must(Ship(order="o1", carrier="SF", tracking_no="SF-o1"))
        worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))
        self.effects = Effects(
            worker,
            lambda name, _kind: InvoiceFolder(folder) if name == "hx" else None,
            hub.clock,
            kinds=("invoice",),
            compose={"invoice": Invoices(hub.engine, FEED, SEAL).compose},
        )
        hub.clock.move(seconds=1)

    def round(self, later_s: float = 0) -> bool:
        self.hub.clock.move(seconds=later_s)
        return self.effects.carry_out()

    def requests(self) -> list[Path]:
        found = [path for path in self.folder.glob("*.json") if ".answer" not in path.name]
        return sorted(found, key=lambda path: (len(path.name), path.name))

    def answer(self, **said: str) -> None:
        newest = self.requests()[-1]
        newest.with_suffix(".answer.json").write_text(json.dumps(said), encoding="utf-8")

    def state(self) -> str:
        (row,) = [row for row in self.hub.rows(tables.effect) if row.kind == "invoice"]
        return str(row.state)

    def snags(self) -> list[str]:
        return [snag.kind for snag in self.hub.order().snags]


@pytest.fixture
def service(hub: HubWorld, tmp_path: Path) -> Service:
    return Service(hub, tmp_path / "invoices")


def test_a_shipped_order_is_asked_for_in_one_file_and_its_number_comes_back(service: Service):
    assert service.round()
    assert not service.round(), "nobody has answered: it is looked at again after a while"

    (path,) = service.requests()
    request = json.loads(path.read_text(encoding="utf-8"))
    assert (request["key"], request["title"], request["tax_no"], request["amount_minor"]) == (
        KEY, TITLE, TAX_NO, 32_000,
    )  # fmt: skip
    assert [(one["article"], one["amount_minor"], one["tax_minor"]) for one in request["lines"]] == [
        ("LN-220", 32_000, 3_681)
    ]
    service.answer(number="24312000000012345678")
    assert service.round(ASKED_AGAIN_S)
    (bill, outcome) = service.hub.order().bills[0], service.hub.order().effects[0]
    assert (bill.key, outcome.ref, service.snags()) == (KEY, "24312000000012345678", [])
    assert service.hub.verify().ok


def test_names_stand_in_no_row_that_is_not_sealed(service: Service):
    service.round()

    with reading(service.hub.engine) as db:
        rows = [str(tuple(row)) for name in ("effect", "event", "orders", "change") for row in db.execute(
            getattr(tables, name).select()
        )]  # fmt: skip
    assert not any(TITLE in row or TAX_NO in row for row in rows)


def test_what_is_refused_is_corrected_and_asked_for_again_under_its_key(service: Service):
    service.round()
    service.answer(refused="title", reason=f"no such title: {TITLE}\n(code 17)")

    service.round(ASKED_AGAIN_S)

    (snag,) = service.hub.order().snags
    assert snag.kind == "invoice_rejected"
    assert snag.text.params["reason"] == "no such title: … (code 17)"
    corrected = msgspec.structs.replace(INVOICE, title="杭州临湖")
    service.lead.must(ResubmitInvoice(order="o1", key=KEY, invoice=corrected))
    service.round(1)
    first, second = service.requests()
    assert json.loads(second.read_text(encoding="utf-8"))["key"] == KEY
    assert json.loads(second.read_text(encoding="utf-8"))["title"] == "杭州临湖"
    assert second.name == first.name.replace(".json", ".2.json")
    service.answer(number="1")
    service.round(ASKED_AGAIN_S)
    assert (service.state(), service.snags()) == ("done", [])


def test_a_worker_that_died_after_writing_asks_nobody_twice(service: Service):
    leased = lease(service.hub.engine, FEED, ["invoice"], service.hub.clock())
    assert leased is not None
    _, payload = Invoices(service.hub.engine, FEED, SEAL).compose("o1", KEY)
    InvoiceFolder(service.folder).send(KEY, payload)
    service.answer(number="1")

    service.hub.clock.move(seconds=LEASE.total_seconds() + 1)
    service.round()

    assert (len(service.requests()), service.state()) == (1, "done")


def test_an_answer_that_never_comes_is_a_persons_after_two_days(service: Service):
    service.round()
    for _ in range(PENDING_MOST):
        if not service.round(1_000):
            break

    assert service.snags() == ["effect_unknown"]
    assert len(service.requests()) == 1


@pytest.mark.parametrize(
    "written",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"number": 5}',
        b'{"number": "' + b"9" * 65 + b'"}',
        b"[" * 9_999,
        b" " * (ANSWER_MOST + 1),
    ],
    ids=["broken", "a list", "nothing", "a figure", "too long", "deep", "huge"],
)
def test_an_answer_nobody_can_read_is_no_answer(tmp_path: Path, written: bytes):
    folder = InvoiceFolder(tmp_path)
    folder.send(KEY, b"{}")
    (path,) = tmp_path.glob("*.json")
    path.with_suffix(".answer.json").write_bytes(written)

    for ask in (lambda: folder.look_up(KEY), lambda: folder.send(KEY, b"{}")):
        with pytest.raises(Unclear):
            ask()
    assert LOOKS_MOST < PENDING_MOST


def test_what_was_made_stays_made_and_what_was_refused_has_its_own_file(tmp_path: Path):
    folder = InvoiceFolder(tmp_path)
    request = json.dumps(
        {**dict.fromkeys(_TEXTS, ""), "amount_minor": 0, "tax_minor": 0, "lines": []}
    ).encode()
    assert folder.look_up(KEY) is None
    assert isinstance(folder.send(KEY, request), Pending)
    (path,) = tmp_path.glob("*.json")
    path.with_suffix(".answer.json").write_text('{"refused": "colour", "reason": ""}', encoding="utf-8")
    refused = folder.look_up(KEY)
    assert isinstance(refused, Rejected)
    assert refused.field == "other"

    assert isinstance(folder.send(KEY, request), Pending)
    second = path.with_suffix(".2.json")
    second.with_suffix(".answer.json").write_text('{"number": "7"}', encoding="utf-8")

    for known in (folder.look_up(KEY), folder.send(KEY, request)):
        assert isinstance(known, Done)
        assert known.ref == "7"
    assert not path.with_suffix(".3.json").exists()
    second.unlink()
    known = folder.look_up(KEY)
    assert isinstance(known, Done), "who took the request away did not take back what was made"


def test_a_request_that_was_taken_away_was_asked(tmp_path: Path):
    folder = InvoiceFolder(tmp_path)
    folder.send(KEY, b"{}")
    (path,) = tmp_path.glob("*.json")
    path.unlink()

    assert isinstance(folder.look_up(KEY), Pending)


_TEXTS = ("key", "colour", "red_of", "shop", "order", "kind", "title", "tax_no", "currency")


def test_a_folder_that_cannot_be_written_has_asked_nobody(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(Unsent):
        InvoiceFolder(tmp_path / "file").send(KEY, b"{}")


def test_an_invoice_nobody_was_asked_for_is_found(service: Service):
    with writing(service.hub.engine) as db:
        db.execute(delete(tables.effect).where(tables.effect.c.kind == "invoice"))

    assert [finding.subject for finding in service.hub.verify().findings] == [f"o1/{KEY}"]
