"""The page of sourcing policies: what is written is what is published, what cannot be read is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.commands.set_source_policy import SetSourcePolicy
from app.domain.source_policy import Policy
from app.editor import Wrong
from app.presenters.settings_sources import SettingsSources
from tests.builders import Company

SALE = Policy(
    code="SALE", title="Sale", channels=("TM",), skus=("LN-220",), split_most=1, split_minor=450,
    valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 18), rev=2,
)  # fmt: skip


def page() -> tuple[Any, Any]:
    company = Company()
    company.rows["source_policy", "SALE"] = SALE
    desk: Any = None
    return SettingsSources(desk), company.refs


def answers(**changes: str) -> dict[str, str]:
    editor, refs = page()
    return {one.name: one.value for one in editor.inputs(refs, "SALE")} | changes


def test_what_the_form_shows_is_what_would_be_published_again():
    editor, refs = page()

    assert editor.command(refs, "SALE", answers()) == SetSourcePolicy(policy=SALE)


def test_weights_are_amounts_and_codes_stand_apart():
    editor, refs = page()

    given = editor.command(refs, "SALE", answers(late_minor="1.25", channels="TM, DY1 TM", valid_until=""))

    assert given.policy == msgspec.structs.replace(
        SALE, late_minor=125, channels=("TM", "DY1"), valid_until=None
    )


@pytest.mark.parametrize("name", ["split_minor", "late_minor", "scarce_minor", "valid_from", "valid_until"])
def test_what_cannot_be_read_is_said_at_its_field(name: str):
    editor, refs = page()

    wrong = editor.command(refs, "SALE", answers(**{name: "soon"}))

    assert isinstance(wrong, Wrong)
    assert wrong.name == name


def test_the_list_says_what_a_policy_weighs():
    editor, refs = page()

    (item,) = editor.items(refs)
    assert item.note.params == {"parcels": 2, "split": "¥4.50", "late": "¥0.50"}
