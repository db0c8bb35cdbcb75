"""How values of settings that are no single figure are said in their history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.event import listed
from app.domain.gate_profile import Limit
from app.domain.order_view import COLUMNS, FILTERS, OrderView
from app.domain.rules import CATALOGUE
from app.text import N_, Text

NOTHING = Text(N_("nothing"))
COLUMNS_SHOWN = 6
_RULES = {rule.name: rule for rule in CATALOGUE}


def view_said(stored: Mapping[str, Any] | None) -> Text:
    """Say a shared view by its filters and columns."""
    if stored is None:
        return NOTHING
    view = msgspec.convert(stored, OrderView)
    filters = sum(1 for name in FILTERS if getattr(view.question, name))
    columns = listed([Text(COLUMNS.get(each.code, each.code)) for each in view.columns[:COLUMNS_SHOWN]])
    return Text(N_("{filters} filters; {columns}"), {"filters": filters, "columns": columns})


def limit_said(limit: Limit) -> Text:
    """Say a limit of a gate profile by the title of its rule."""
    rule = _RULES.get(limit.name)
    is_money = rule is not None and rule.unit == "money"
    value = f"{limit.value / 100:,.2f}" if is_money else str(limit.value)
    title = Text(rule.title if rule is not None else limit.name)
    return Text("{title} {value}", {"title": title, "value": value})
