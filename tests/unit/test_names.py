"""Sentences hold codes; people read the names of today, and the code only where two are called alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, WAREHOUSES, Company, actor

from app.command import Refs
from app.commands.waive import Waive
from app.domain.company import User, Warehouse
from app.domain.events import listed
from app.domain.rules import Rules
from app.domain.values import Role
from app.engine import measures
from app.text import Text


@pytest.fixture
def refs():
    twin = Warehouse(code="WH2", title="武汉仓", city="武汉市")
    people = {"wu": User(code="wu", title="吴组长", role=Role.LEAD)}
    return Refs({}, {**WAREHOUSES, "WH2": twin}, Rules(), users=people)


def test_a_code_is_said_by_its_name(refs):
    said = refs.named(Text("Reserved {pieces} pieces in {warehouse}", {"pieces": 2, "warehouse": "SZ"}))

    assert said.params == {"pieces": 2, "warehouse": "苏州仓"}


def test_two_of_one_name_are_told_apart_by_their_codes(refs):
    assert [refs.called("warehouse", code) for code in ("WH", "WH2")] == ["武汉仓 (WH)", "武汉仓 (WH2)"]


def test_what_nobody_knows_any_more_keeps_its_code(refs):
    assert refs.called("warehouse", "GONE") == "GONE"


def test_sentences_inside_a_sentence_are_named_too(refs):
    said = refs.named(listed([Text("{sku} in {warehouse}", {"sku": "SZ", "warehouse": "SZ"}), Text("x")]))

    assert said.params["first"] == Text("{sku} in {warehouse}", {"sku": "SZ", "warehouse": "苏州仓"})


def test_a_waived_gate_names_who_answers_for_it():
    company = Company()
    company.rows["user", "wu"] = User(code="wu", title="吴组长", role=Role.LEAD)
    order = company.receive("o1", paid_minor=0)
    by = actor(Role.LEAD, "wu")
    waive = Waive(
        order="o1",
        gate="payment",
        content_hash=order.content_hash,
        reason="on its way",
        until=NOW + timedelta(1),
    )
    company.must(waive, by)

    measured = measures(company.order(), company.facts(waive, by))
    assert measured["payment"].text.params == {"who": "吴组长", "reason": "on its way"}
