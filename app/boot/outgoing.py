"""How the hub tells the world outside what it must: channels and services over HTTP, others by files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from app.boot.lanes import Lanes, Tellers, book_days, look_at_orders
from app.boot.opening import FEED_ID, Running
from app.domain.company import HEARS, is_code
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.asking import Worker
from sync.hub.effects import WORKER as EFFECTS
from sync.hub.invoices import folders_of
from sync.hub.jobs import Every, open_worker
from sync.hub.label_folder import LabelFolder
from sync.hub.outgoing import Folder, StockSheet
from sync.hub.outgoing_messages import Messages
from sync.hub.outward.service_file import ServiceFile, connectors, read_services
from sync.hub.polling.shipping import ship_telling
from sync.hub.polling.stock import stock_telling
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Hearing, writing_back
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
    systems = hub.services()
    systems.written = read_services(Path(asked.services)) if asked.services else ServiceFile({})
    connectors(systems.written, hub.clock)  # what is wrong with the file is told before the hub is at work
    tools = hub.tools()
    confirming = Telling(tools, ship_telling, Http, time.sleep)
    changing = Telling(tools, writing_back, Http, time.sleep)
    tellers: Tellers = {"confirm": confirming}
    tellers |= dict.fromkeys(HEARS, changing) | {"rest": confirming}
    lanes = Lanes(hub, FEED_ID, tools, services, by_kind, tellers, confirming.is_any)
    hearing = open_worker(hub.engine, FEED_ID, EFFECTS, hub.clock())
    hears = Hearing(tools, Worker(hub.engine, FEED_ID, hub.writer, hearing))
    jobs = [
        *(Every(name, EFFECTS_PAUSE_S, step) for name, step in lanes.all().items()),
        Every("hearing", HEARS_PAUSE_S, hears.step),
        Every("stock figures", FIGURES_PAUSE_S, _stock(running, tools, asked.outgoing)),
        Every("errands", EFFECTS_PAUSE_S, partial(look_at_orders, hub, FEED_ID)),
        Every("vouchers", BOOKS_PAUSE_S, partial(book_days, hub, FEED_ID)),
    ]
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
