"""How well what deserves a second look is told from what does not.

Orders: twelve ways to be wrong, by dice the check was not made with. What the gates and the exceptions find
are the rules; what is unusual against orders that left is the check. An address that is mended while it is
read is wrong no more. A table with labels: learned earlier, tried later, and beside it, on the same rows,
gradient boosting as it comes out of the box.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from meters import rounded
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import OrdinalEncoder
from wrong_orders import POSTCODES, Made, Trade

from app.boot.bench import Measured
from app.boot.divisions import load_gazetteer
from app.boot.screen import read
from app.domain.order import Order
from app.domain.usual import unusual, usual_of
from app.domain.values import Region, Role
from app.screening.features import Table, number
from app.screening.fitting import fit, quality, tried_on
from app.screening.model import encoded
from sync.hub.imports.sheets import open_sheet
from sync.hub.prepare import judged
from tests.builders import NOW, Company, key_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = "dataco_sample/dataco_6000.csv"
LABEL, BAD, MOMENT = "Order Status", "SUSPECTED_FRAUD,PAYMENT_REVIEW", "order date (DateOrders)"
AFTERWARDS = "Delivery Status,Days for shipping (real),Late_delivery_risk"
"""What nobody knows while an order is looked at."""
EARLIER = 0.7
PAST, LOOKED_AT, SEEDS = 2_000, 1_000, (21, 22, 23)
PIECES = 1_000_000
SAMPLED = frozenset({"review"})
"""Gates that stop an order although nothing is wrong with it."""
POSTCODE = "a foreign postcode"
MOSTLY = 0.8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    del parser


def measure(asked: argparse.Namespace) -> Measured:
    """Look at the orders, then at the table."""
    del asked
    orders, table = looked_at(), screened()
    return Measured("review", "review", orders | table.figures, table.limits)


def looked_at() -> dict[str, float | int]:
    """Let orders leave for a month, then look at those of other seeds.

    Recall is of what is still wrong, precision of all alerts; alerts are counted by hundred orders.
    """
    gazetteer, trade = load_gazetteer(), Trade()
    company = Company(now=NOW, gazetteer=gazetteer)
    company.rows |= {key_of(row): row for row in (*trade.skus, *trade.maps)}
    for sku in trade.skus:
        company.set_stock(PIECES, sku.code)

    def taken(made: Made) -> Order:
        company.now = made.receive.ordered_at + timedelta(minutes=5)
        company.must(judged(made.receive, gazetteer), Role.CHANNEL)
        return company.order(made.receive.order)

    left = [taken(made) for made in trade.orders(PAST, 1, NOW, 0.0)]
    usual = usual_of(order for order in left if order.released_at is not None)
    alone, rules, both, counts = Told(), Told(), Told(), Counter[str]()
    cpu_s = 0.0
    for at, seed in enumerate(SEEDS, 2):
        for made in trade.orders(LOOKED_AT, seed, NOW + at * timedelta(days=60)):
            order = taken(made)
            began_s = time.thread_time()
            found = bool(unusual(order, usual))
            cpu_s += time.thread_time() - began_s
            ruled = bool({snag.kind for snag in order.snags} | {h.gate for h in order.holds} - SAMPLED)
            is_mended = made.wrong == POSTCODE and _is_at_home(order.region)
            is_wrong = bool(made.wrong) and not is_mended
            counts["mended"] += is_mended
            for one, says in ((alone, found), (rules, ruled), (both, found or ruled)):
                one.add(is_wrong, says)
    return {
        **{f"{name}_{key}": value for name, told in (("check", alone), ("rules", rules), ("both", both))
           for key, value in told.figures.items()},
        "mended": counts["mended"],
        "check_cpu_ms_per_order": rounded(1_000 * cpu_s / (len(SEEDS) * LOOKED_AT), 4),
    }  # fmt: skip


def _is_at_home(region: Region) -> bool:
    """Tell whether a postcode is one of its province."""
    return region.postcode[:2] == POSTCODES[region.province][:2]


@dataclass(slots=True)
class Told:
    """What one of them said, against what was so."""

    orders: int = 0
    wrong: int = 0
    alerts: int = 0
    hits: int = 0

    def add(self, is_wrong: bool, says: bool) -> None:
        """Count one order."""
        self.orders += 1
        self.wrong += is_wrong
        self.alerts += says
        self.hits += is_wrong and says

    @property
    def figures(self) -> dict[str, float]:
        """Recall, precision, and alerts by hundred orders."""
        return {
            "recall": rounded(self.hits / max(self.wrong, 1), 3),
            "precision": rounded(self.hits / max(self.alerts, 1), 3),
            "alerts_per_100": rounded(100 * self.alerts / max(self.orders, 1), 1),
        }


def screened() -> Measured:
    """Learn from the first 70 % of the rows by time, try on the rest."""
    with tempfile.TemporaryDirectory() as folder:
        table = read(open_sheet(DATA / FILE, Path(folder)), LABEL, BAD, MOMENT, AFTERWARDS).table
    cut = int(len(table) * EARLIER)
    early, late = table.part(0, cut), table.part(cut, len(table))
    began_s = time.process_time()
    model = fit(early)
    learn_s = time.process_time() - began_s
    began_s = time.process_time()
    model = tried_on(model, late)
    ms = 1_000 * (time.process_time() - began_s) / len(late)
    ours, plain = model.card.quality, quality(_plain(early, late), late.is_bad)
    figures = {
        "rows": ours.rows,
        "bad": ours.bad,
        "roc_auc": rounded(ours.roc_auc or 0, 4),
        "pr_auc": rounded(ours.pr_auc or 0, 4),
        "brier": rounded(ours.brier, 5),
        "roc_auc_over_plain": rounded((ours.roc_auc or 0) - (plain.roc_auc or 0), 4),
        "pr_auc_over_plain": rounded((ours.pr_auc or 0) - (plain.pr_auc or 0), 4),
        "learn_cpu_s": rounded(learn_s, 1),
        "score_cpu_ms_per_row": rounded(ms, 4),
        "model_kb": round(len(encoded(model)) / 1_000),
        "shape": model.card.shape,
    }
    limits = {
        "plain_roc_auc": rounded(plain.roc_auc or 0, 4),
        "plain_pr_auc": rounded(plain.pr_auc or 0, 4),
        "plain_brier": rounded(plain.brier, 5),
    }
    return Measured("review", "review", figures, limits)


def _plain(early: Table, late: Table) -> list[float]:
    """Score later rows by gradient boosting on the bare columns, words numbered as they come."""
    names = [name for name, cells in early.columns.items() if len(set(cells)) > 1]
    amounts = [
        name
        for name in names
        if sum(not np.isnan(number(cell)) for cell in early.columns[name]) > MOSTLY * len(early)
    ]
    words = [name for name in names if name not in amounts]
    coder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    coder.fit(np.array([early.columns[name] for name in words], object).T)

    def matrix(table: Table) -> np.ndarray:
        figures = np.array([[number(cell) for cell in table.columns[name]] for name in amounts]).T
        coded = coder.transform(np.array([table.columns[name] for name in words], object).T)
        moments = np.array([(at.month, at.day, at.weekday(), at.hour) for at in table.moments])
        return np.hstack([figures, coded, moments])

    machine = HistGradientBoostingClassifier(random_state=1).fit(matrix(early), np.array(early.is_bad))
    return [float(one) for one in machine.predict_proba(matrix(late))[:, 1]]
