"""What the carriers of the demo company charge: the sample of a price table, read as anybody's is."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import resources
from app.domain.carrier import Carrier
from app.domain.tariff_sheet import places_in, proposed, published, read_sheet

SAMPLE = ("samples", "tariff.csv")


def priced(carriers: Sequence[Carrier]) -> tuple[Carrier, ...]:
    """Return these carriers with the fares of the sample.

    Raises:
        ValueError: a row of the sample is no fare.
    """
    header, *rows = csv.reader(resources.read(*SAMPLE).decode().splitlines())
    known = {one.code: one for one in carriers}
    read = read_sheet(header, enumerate(rows, 2), proposed(header), known, places_in(None))
    if wrong := next((row for row in read if row.problem is not None), None):
        raise ValueError(f"row {wrong.row_no} of the sample is no fare")
    return tuple(published(one, read, keeps=False) for one in carriers)
