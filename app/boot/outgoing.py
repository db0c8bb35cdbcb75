"""How the hub tells the world outside what it must: channels and services over HTTP, others by files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.boot.opening import FEED_ID, Running
from app.domain.company import HEARS, is_code
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.asking import Worker
from sync.hub.effects import WORKER as EFFECTS
from sync.hub.effects import Effects
from sync.hub.invoices import Invoices, folders_of
from sync.hub.jobs import Every, open_worker
from sync.hub.label_folder import LabelFolder
from sync.hub.label_requests import LabelRequests
from sync.hub.outgoing import Folder, StockSheet
from sync.hub.outgoing_messages import Addressed, Messages
from sync.hub.outward.booking import Booking
from sync.hub.outward.errand_rows import ErrandRows
from sync.hub.outward.errand_words import ErrandWords
from sync.hub.outward.heard import HEARD
from sync.hub.outward.service_file import ERRANDS, ServiceFile, books, connectors, ears, read_services
from sync.hub.polling.shipping import ShipConfirmations, ship_telling
from sync.hub.polling.stock import stock_telling
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Hearing, Words, WritingBack, writing_back
from sync.hub.provider import Provider
from sync.hub.scan_files import WORKER as SCANS
from sync.hub.scan_files import ScanFiles
from sync.hub.stock_figures import Figures
from sync.manifest.line import Http

EFFECTS_PAUSE_S = 1.0
FIGURES_PAUSE_S = 2.0
"""A sale is told to every other shop within five seconds. Source: capabilities 3.7."""
HEARS_PAUSE_S = 5.0
BOOKS_PAUSE_S = 60.0
SCANS_PAUSE_S = 5.0


def outgoing(running: Running, asked: argparse.Namespace) -> list[Every]:
    """Carry out what the world outside must be told, where there is a way."""
    hub, services = running.hub, folders_of(_named(asked.invoices))
    by_kind: dict[str, Provider] = {}
    labels = LabelFolder(Path(asked.outgoing) / "labels")
    if asked.outgoing:
        by_kind = dict.fromkeys(("label", "void", "redeliver", "call_back"), labels)
        by_kind["notify"] = Messages(Path(asked.outgoing) / "messages")
        by_kind["confirm"] = Folder(Path(asked.outgoing))
    reached = read_services(Path(asked.services)) if asked.services else ServiceFile({})
    online = connectors(reached, hub.clock)
    by_kind |= {kind: one for (name, kind), one in online.items() if name == reached.labels}
    words = ErrandWords(LabelRequests(hub.engine, FEED_ID, hub.seal, hub.clock, EFFECTS), reached)
    has_invoices = services or any(kind == "invoice" for _, kind in online)
    tools = hub.tools()
    confirming = Telling(tools, ship_telling, Http, time.sleep)
    changing = Telling(tools, writing_back, Http, time.sleep)
    tellers: dict[str, Telling[ShipConfirmations] | Telling[WritingBack]] = {"confirm": confirming}
    tellers |= dict.fromkeys(HEARS, changing) | {"rest": confirming}
    errands = {kind for _, kind in online if kind in ERRANDS}
    kinds = {*by_kind, *errands, *(("invoice",) if has_invoices else ())}

    def provider(whose: str, kind: str) -> Provider | None:
        if kind == "invoice":
            return online.get((whose, kind)) or services.get(whose)
        if kind in ERRANDS:
            return online.get((whose, kind))
        teller = tellers.get(kind)
        return (teller.of(whose) if teller is not None else None) or by_kind.get(kind)

    info = open_worker(hub.engine, FEED_ID, EFFECTS, hub.clock())
    worker = Worker(hub.engine, FEED_ID, hub.writer, info)
    compose = {
        "invoice": Invoices(hub.engine, FEED_ID, hub.seal).compose,
        "notify": Addressed(hub.engine, FEED_ID, hub.seal).compose,
        **words.compose(),
    }
    prepare = words.labels.by_kind() | words.prepare() | Words(tools, EFFECTS).by_kind()
    effects = Effects(
        worker, provider, hub.clock, kinds=tuple(sorted(kinds)), compose=compose, prepare=prepare
    )
    confirms = replace(effects, kinds=tuple(sorted({*kinds, "confirm", *HEARS})))

    def carry_out() -> bool:
        """Shops are connected while the hub is at work; until one is, nobody tells a channel anything."""
        return (confirms if confirming.is_any() else effects).carry_out()

    jobs = [
        Every("effects", EFFECTS_PAUSE_S, carry_out),
        Every("hearing", HEARS_PAUSE_S, Hearing(tools, worker).step),
        Every("stock figures", FIGURES_PAUSE_S, _stock(running, tools, asked.outgoing)),
    ]
    if errands:
        rows = ErrandRows(hub.engine, FEED_ID, reached.served(), hub.clock)
        jobs.append(Every("errands", EFFECTS_PAUSE_S, rows.step))
        info = open_worker(hub.engine, FEED_ID, HEARD, hub.clock())
        hub.ears = ears(reached, Worker(hub.engine, FEED_ID, hub.writer, info), hub.clock)
    kept = books(reached, online)
    if kept:
        jobs.append(Every("vouchers", BOOKS_PAUSE_S, Booking(hub.engine, FEED_ID, kept, hub.clock).step))
    if asked.outgoing:
        info = open_worker(hub.engine, FEED_ID, SCANS, hub.clock())
        scans = ScanFiles(Worker(hub.engine, FEED_ID, hub.writer, info), labels.folder, hub.clock)
        jobs.append(Every("scans", SCANS_PAUSE_S, scans.step))
    return jobs


def _stock(running: Running, tools: Tools, folder: str) -> Callable[[], bool]:
    """Return what tells shops how much they may sell: figures are made where somebody is told."""
    hub, stocks = running.hub, Telling(tools, stock_telling, Http, time.sleep)
    sheet = StockSheet(Path(folder)) if folder else None
    figures = Figures(hub.engine, FEED_ID, lambda shop, _kind: stocks.of(shop) or sheet, hub.clock)
    return lambda: (sheet is not None or stocks.is_any()) and figures.step()


def _named(folders: Sequence[str]) -> dict[str, str]:
    """Read NAME=FOLDER.

    Raises:
        Trouble: invoices: it is not written so, or one name stands there twice.
    """
    named: dict[str, str] = {}
    for each in folders:
        name, _, folder = each.partition("=")
        if not is_code(name) or not folder or name in named:
            raise Trouble("invoices", Text(N_("--invoices is NAME=FOLDER, each name once.")))
        named[name] = folder
    return named
