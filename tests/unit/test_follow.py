"""Which rows a command is decided on: an order points to those it was made from and to those made of it."""

from __future__ import annotations

import msgspec

from app.commands.put_back import PutBack
from app.domain.order import Order, Snag, Source
from app.domain.values import order_key
from app.text import Text
from tests.builders import NOW, Company, actor, order


def made(id: str, *sources: str, into: tuple[str, ...] = ()) -> Order:
    made_from = tuple(Source(order=one, number=one) for one in sources)
    return msgspec.structs.replace(order(id), made_from=made_from, replaced_by=into)


def test_an_order_that_another_one_waits_for_still_points_to_its_own():
    company = Company()
    waits = Snag(
        kind="duplicate_suspect",
        severity="bad",
        text=Text("alike"),
        opened_at=NOW,
        due_at=NOW,
        waits_for=("order:part-2",),
    )
    asked = msgspec.structs.replace(made("asked", into=("both",)), snags=(waits,))
    for row in (
        made("whole", into=("part-1", "part-2")),
        made("part-1", "whole"),
        made("part-2", "whole", into=("both",)),
        asked,
        made("both", "asked", "part-2"),
    ):
        company.rows[order_key(row.id)] = row
    command = PutBack(order="asked")

    facts = company.facts(command, actor())

    assert facts.order("part-1") == company.order("part-1")
