"""Learn the company's own model from outcomes, and write down all that its card says.

Loaded where something is learned: scikit-learn is needed here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from app.screening.features import Table
from app.screening.fitting import fit, tried_on
from app.screening.model import encoded
from app.screening.standing import Screening, bins_of, name_of
from app.text import N_, Text
from app.trouble import Trouble

EARLIER = 0.7
"""Such a share of the orders is learned from, the later ones it is tried on."""
ALERTS = 0.9
"""What scores above so many of the later ones is a finding."""
TIMES_BASE = 1.5
"""And is so many times as likely to end badly as any."""
FILE_MOST = 1_500_000
"""Bytes: it travels to every desk, and is read there at once."""
TOO_LARGE = N_("What was learned is too large for desks. Rules check alone.")
DRAWS = 200
Interval = tuple[float, float]
SEED = 1


def learn(table: Table, now: datetime) -> Screening:
    """Return a version that is off; where there is too little to learn from it has no model and says so."""
    about = Screening(
        version=0,
        trained_at=now,
        rows=len(table),
        bad=sum(table.is_bad),
        first_at=table.moments[0] if table.moments else None,
        last_at=table.moments[-1] if table.moments else None,
    )
    cut = int(len(table) * EARLIER)
    early, late = table.part(0, cut), table.part(cut, len(table))
    try:
        model = tried_on(fit(early), late)
    except Trouble as trouble:
        return msgspec.structs.replace(about, thin=trouble.hint)
    file = encoded(model)
    if len(file) > FILE_MOST:
        return msgspec.structs.replace(about, thin=Text(TOO_LARGE))
    scores = [model.score(late.row(i), at).probability for i, at in enumerate(late.moments)]
    roc, pr = _intervals(scores, late.is_bad)
    base = sum(late.is_bad) / max(len(late), 1)
    rows = [(early.row(i), at) for i, at in enumerate(early.moments)]
    return msgspec.structs.replace(
        about,
        file=file.decode(),
        shape=model.card.shape,
        quality=model.card.quality,
        roc=roc,
        pr=pr,
        alert_at=max(float(np.quantile(scores, ALERTS)), TIMES_BASE * base),
        scores=bins_of(scores),
        columns={name_of(one): bins_of([one.of(*row) for row in rows]) for one in model.features},
    )


def _intervals(scores: Sequence[float], is_bad: Sequence[bool]) -> tuple[Interval, Interval]:
    """Return between which values both areas lie with 95 %: the later rows are drawn anew many times."""
    said, came = np.asarray(scores, float), np.asarray(is_bad, bool)
    dice = np.random.default_rng(SEED)
    areas = []
    for _ in range(DRAWS):
        drawn = dice.integers(0, len(came), len(came))
        if 0 < int(came[drawn].sum()) < len(came):
            areas.append(
                (roc_auc_score(came[drawn], said[drawn]), average_precision_score(came[drawn], said[drawn]))
            )
    if not areas:
        return (0.0, 1.0), (0.0, 1.0)
    low, high = np.quantile(np.asarray(areas), (0.025, 0.975), axis=0)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
