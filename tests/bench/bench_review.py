"""How well what deserves a second look is told from what does not: learned earlier, tried later.

Beside it, in the same run and on the same rows, gradient boosting as it comes out of the box.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from meters import rounded
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import OrdinalEncoder

from app.boot.bench import Measured
from app.boot.screen import read
from app.screening.features import Table, number
from app.screening.fitting import fit, quality, tried_on
from app.screening.model import encoded
from sync.hub.imports.sheets import open_sheet

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = "dataco_sample/dataco_6000.csv"
LABEL, BAD, MOMENT = "Order Status", "SUSPECTED_FRAUD,PAYMENT_REVIEW", "order date (DateOrders)"
AFTERWARDS = "Delivery Status,Days for shipping (real),Late_delivery_risk"
"""What nobody knows while an order is looked at."""
EARLIER = 0.7
MOSTLY = 0.8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    del parser


def measure(asked: argparse.Namespace) -> Measured:
    """Learn from the first 70 % of the rows by time, try on the rest."""
    del asked
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
