"""A line that a rule of the business holds: the strip and the line say so in the language on screen."""

from __future__ import annotations

import pytest
from builders import line
from desk_fake import FakeDesk
from page_scene import Scene

from app.commands.set_snag_rule import SetSnagRule
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Role
from app.presenters.order import OrderSheet
from widgets import words
from widgets.cells import words_of
from widgets.pages.order import OrderPage
from widgets.prose import plain

RULE = SnagRule(
    code="CURT",
    title="窗帘要量尺",
    title_en="Measure first",
    clauses=(Clause("article", "is", "CT-180"),),
    on_line=True,
)


@pytest.fixture
def fake():
    fake = FakeDesk()
    fake.company.must(SetSnagRule(rule=RULE), Role.LEAD)
    fake.company.receive("o1", lines=(line(), line("2", "A-3", unit_price_minor=12_900)))
    return fake


@pytest.mark.parametrize(
    ("language", "said", "other"),
    [("en", "Measure first", "窗帘要量尺"), ("zh_CN", "窗帘要量尺", "Measure first")],
)
def test_gate_strip_and_line_name_the_rule_and_the_line(qtbot, aio, fake, language, said, other):
    words.set_language(language)
    scene = Scene(
        qtbot, aio, lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go), "order", {"id": "o1"}
    )

    sheet = scene.page.sheet
    (gate,) = [one for one in sheet.gates.gates() if one.code == "line"]
    detail = f"{gate.value} {plain(gate.sentence)}"
    rows = [" ".join(map(words_of, sheet.model.row(at).cells)) for at in range(2)]
    assert gate.mark == "stops"
    assert "CT-180" in detail
    assert said in detail
    assert [said in row for row in rows] == [False, True]
    assert other not in detail + "".join(rows)
