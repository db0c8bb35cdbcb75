"""The card of the learned check: what it says of itself, and the switch that an administrator has."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW
from desk_fake import FakeDesk
from page_audit import unnamed
from settings_scene import settings_scene

from app.screening.model import Quality
from app.screening.standing import SCREENING_KEY, Drift, Screening
from app.text import Text
from widgets import words
from widgets.controls import Hairline
from widgets.prose import plain

TENTHS = tuple((i / 10, i / 10 + 0.01, 30) for i in range(10))
CARD = Screening(
    version=3,
    trained_at=NOW - timedelta(days=2),
    rows=1_000,
    bad=120,
    first_at=NOW - timedelta(days=200),
    last_at=NOW - timedelta(days=16),
    file="{}",
    shape="three columns",
    quality=Quality(rows=300, bad=36, roc_auc=0.81, pr_auc=0.44, brier=0.1, calibration=TENTHS),
    roc=(0.74, 0.87),
    pr=(0.31, 0.58),
    alert_at=0.3,
    drift=Drift(at=NOW, n=140, scores=0.08, columns={"province/rate": 0.19, "payable/number": 0.02}),
)


def opened(qtbot, aio, user="fang", card=CARD):
    words.set_language("en")
    fake = FakeDesk(user=user)
    if card is not None:
        fake.company.rows[SCREENING_KEY] = card
    made = settings_scene(qtbot, aio, fake, "settings_screening")
    made.fake = fake
    return made


def said(scene):
    groups = [group for facts in scene.page.section().facts for group in facts._groups]
    return {fact.label: plain(fact.value) for group in groups for fact in group.facts}


def test_the_card_says_all_that_must_be_known_of_it(qtbot, aio):
    scene = opened(qtbot, aio)
    told = said(scene)

    assert told["Orders"] == "120 of 1,000 ended badly"
    assert told["Area under ROC"] == "0.81 (95 %: 0.74 to 0.87); a plain guess 0.50"
    assert told["Area under precision and recall"] == "0.44 (95 %: 0.31 to 0.58); a plain guess 0.12"
    assert told["90 % said"] == "91 % came, n = 30"
    assert told["Scores, PSI"] == "0.08"
    assert told["Moved most"] == "Province 0.19, Amount 0.02"
    assert told["Stops by itself"].startswith("when drift reaches 0.25 or 180 days have passed")
    assert told["Last switched by"] == "nobody yet"
    assert unnamed(scene.page) == []


def test_an_administrator_switches_it_on_and_off(qtbot, aio):
    scene = opened(qtbot, aio)
    page = scene.page.section()
    before = page.mark.accessibleName()
    scene.do(page.switch.click)
    scene.do(lambda: page.opened(None))

    assert before == "It is switched off. Rules check alone."
    assert scene.fake.company.rows[SCREENING_KEY].is_on
    assert page.mark.accessibleName() == "It finds, and rules check too"
    assert page.switch.text() == "Switch off"


@pytest.mark.parametrize(
    ("user", "card", "why"),
    [
        ("wu", CARD, "Administrators switch it"),
        ("fang", None, "There is no model yet"),
        ("fang", msgspec.structs.replace(CARD, file="", thin=Text("few")), "There is no model yet"),
    ],
)
def test_why_it_cannot_be_switched_is_said(qtbot, aio, user, card, why):
    page = opened(qtbot, aio, user, card).page.section()

    assert page.why.words() == why


def test_before_anything_was_learned_no_line_stands_over_nothing(qtbot, aio):
    def lines(scene):
        return [line.isVisible() for line in scene.page.section().findChildren(Hairline)]

    assert lines(opened(qtbot, aio, card=None)) == [False] * 4
    assert lines(opened(qtbot, aio)) == [True] * 4
