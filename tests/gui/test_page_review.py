"""The review board: blind values first, then one key; another person's work only."""

from __future__ import annotations

from datetime import timedelta

import builders
import msgspec
import pytest
from desk_fake import FakeDesk
from page_scene import ALT, Scene
from PySide6.QtCore import Qt

from app.commands.amend import Amend
from app.commands.plant_drill import PlantDrill
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain.company import GRANTS
from app.domain.events import MistakeKept
from app.domain.order import Status
from app.domain.usual import Spread, Usual
from app.domain.values import Actor, Role
from app.presenters.review import Review
from app.screening.features import Feature, Kind
from app.screening.model import Card, Model, Tree, encoded
from app.screening.standing import SCREENING_KEY, Screening
from widgets import words
from widgets.pages.review import ReviewPage


def company(user="gu"):
    fake = FakeDesk(user=user)
    fake.company.now = builders.NIGHT
    for n in (1, 2):
        to = builders.Receiver(name="季小雨", phone=f"1380000000{n}", street=f"文晖路{n}8号")
        fake.company.receive(f"o{n}", lines=(builders.line(qty=4),), receiver=to)
    return fake


@pytest.fixture
def fake():
    return company()


def shown(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: ReviewPage(Review(fake.desk), tasks, go), "review")


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def key_blind(scene, value):
    scene.do(scene.page.focus_first)
    scene.press(Qt.Key.Key_Tab)
    scene.type(value)


def hidden(scene):
    return [fact.label for fact in scene.page.sheet.ships._groups[0].facts if fact.is_hidden]


def test_what_ships_stays_hidden_until_it_is_keyed(scene):
    before = hidden(scene)
    key_blind(scene, "4")

    assert before == ["四件套 酒店款 白 220"]
    assert hidden(scene) == []


def test_pass_is_off_until_the_blind_values_agree(scene, fake):
    off = scene.page.bar.button("pass").reason()
    scene.press(Qt.Key.Key_1)
    key_blind(scene, "5")
    wrong = scene.page.bar.button("pass").reason()
    scene.press(Qt.Key.Key_1, ALT)

    assert (off, wrong) == ("1 blind value to go", "1 blind value to go")
    assert fake.given == []


def test_alt_1_signs_the_content_on_screen_and_the_next_order_comes(scene, fake):
    seen = fake.company.order("o1").content_hash
    fake.company.must(
        SignOff(order="o1", content_hash=seen), Actor("he", Role.REVIEWER, GRANTS[Role.REVIEWER])
    )
    key_blind(scene, "4")
    scene.press(Qt.Key.Key_1, ALT)

    assert fake.given == [SignOff(order="o1", content_hash=seen, revision=1)]
    assert fake.company.order("o1").status is Status.RELEASED
    assert scene.page._state.sheet.order.id == "o2"
    assert scene.page.sheet.has_blind_focus()


def test_my_own_signature_is_not_asked_twice(scene):
    key_blind(scene, "4")
    scene.press(Qt.Key.Key_1, ALT)

    assert scene.page._state.sheet.order.id == "o1"
    assert scene.page.bar.button("pass").reason() == "You looked already; another person must look too."


def test_what_one_reviewer_keyed_is_not_there_for_the_next_one(scene, fake):
    key_blind(scene, "4")
    scene.press(Qt.Key.Key_1, ALT)
    signed = scene.page._state.signed_now
    scene.do(lambda: fake.sit("he"))
    scene.do(lambda: scene.shell.go("inbox"))
    scene.do(lambda: scene.shell.go("review"))

    state = scene.page._state
    assert (state.sheet.order.id, state.sheet.slot) == ("o1", 2)
    assert [label for label, *_ in state.sheet.ships] == ["Receiver", "四件套 酒店款 白 220", "Ship to"]
    assert [blind.value for blind in state.sheet.blinds] == [""]
    assert hidden(scene) == ["四件套 酒店款 白 220"]
    assert scene.page.bar.button("pass").reason() == "1 blind value to go"
    assert (signed, state.signed_now) == (1, 0)


def test_a_yes_within_two_seconds_is_called_unread_and_asked_for_again(scene, fake):
    key_blind(scene, "4")
    fake.company.now += timedelta(milliseconds=1_500)
    scene.press(Qt.Key.Key_1, ALT)
    said = scene.page.notice.words()
    fake.company.now += timedelta(milliseconds=500)
    scene.press(Qt.Key.Key_1, ALT)

    assert said == "Passed within two seconds: it counts as unread. Read it, then pass."
    assert [command.read_ms for command in fake.given] == [1_500, 2_000]
    assert fake.company.order("o1").reviewed.people == ("gu",)


def test_sending_back_asks_for_a_reason_in_the_page(scene, fake):
    scene.press(Qt.Key.Key_2)
    open_ = scene.page.reason.entry.hasFocus()
    scene.press(Qt.Key.Key_Return)
    said = scene.page.notice.words()
    scene.type("colour")
    scene.press(Qt.Key.Key_Return)

    assert open_
    assert said == "Write what is wrong, one sentence."
    assert fake.given[0].reason == "colour"
    assert not scene.page.reason.isVisible()


def test_esc_closes_the_reason_and_sends_nothing(scene, fake):
    scene.press(Qt.Key.Key_2)
    scene.type("colour")
    scene.press(Qt.Key.Key_Escape)

    assert not scene.page.reason.isVisible()
    assert scene.page.list.hasFocus()
    assert fake.given == []


def test_a_clerk_sees_why_there_is_no_pass(qtbot, aio):
    scene = shown(qtbot, aio, company("lin"))

    assert scene.page.bar.button("pass").reason() == "Reviewers and leads sign"


def test_nothing_to_review_says_when_there_will_be(qtbot, aio):
    scene = shown(qtbot, aio, FakeDesk(user="gu"))

    assert scene.page.empty.accessibleName() == (
        "No order waits for you, Large orders come here at night. Ctrl+1 opens Today."
    )


def test_in_a_narrow_window_enter_goes_into_the_order_and_esc_back(scene):
    scene.do(lambda: scene.shell.resize(960, 600))
    list_first = (scene.page.list.isVisible(), scene.page.sheet.isVisible())
    scene.press(Qt.Key.Key_Return)
    inside = (scene.page.list.isVisible(), scene.page.sheet.isVisible())
    scene.press(Qt.Key.Key_Escape, times=2)

    assert (list_first, inside) == ((True, False), (False, True))
    assert scene.page.list.isVisible()


def test_what_is_unusual_stands_first_and_gives_no_piece_away(qtbot, aio, fake, monkeypatch):
    ones = Usual(pieces={"LN-220": Spread(count=30, middle=0.0, width=0.1, least=1, most=1)})
    monkeypatch.setattr(fake, "usual", lambda: ones)
    scene = shown(qtbot, aio, fake)

    covered = scene.page._state.sheet.checks[0]
    key_blind(scene, "4")
    mark, title, said = scene.page._state.sheet.checks[0]

    assert covered[2].message == "Something of this line is unusual: key its pieces first."
    assert (mark, title) == ("waits", "Quantity against what was sold")
    assert words.trn(said) == "4 pieces of LN-220. 30 orders had 1 as a rule, at most 1."


@pytest.fixture
def tested(qtbot, aio):
    """A past mistake stands before the reviewer: four pieces instead of the one that was ordered."""
    fake = company()
    no = RejectReview(order="o1", content_hash=fake.company.order("o1").content_hash, reason="four?")
    for name in ("an", "bo"):
        fake.company.must(no, Actor(name, Role.REVIEWER, GRANTS[Role.REVIEWER]))
    done = fake.company.must(Amend(order="o1", lines=(builders.line(qty=1),)))
    (mistake,) = [event.mistake for event in done if isinstance(event, MistakeKept)]
    fake.company.must(PlantDrill(person="gu", drill="d1", mistake=mistake.id), Role.WORKER)
    return shown(qtbot, aio, fake)


def test_a_test_looks_like_an_order_and_is_told_right_after_the_decision(tested):
    sheet = tested.page._state.sheet
    before = [section.heading for section in tested.page.evidence.sections()]
    key_blind(tested, "1")
    tested.press(Qt.Key.Key_1, ALT)

    assert (sheet.order.id, sheet.why_not, "Just now: a test" in before) == ("d1", None, False)
    assert [(one.is_found, words.trn(one.text)) for one in tested.page._state.told] == [
        (False, "A test, missed: other pieces than the buyer ordered.")
    ]


def beside(scene, user="he"):
    scene.press(Qt.Key.Key_B, ALT)
    who = scene.page.beside.who
    scene.do(lambda: (who.set_answer(user), who.answered.emit(user)))


def test_a_second_person_signs_beside_the_first_who_stays_signed_in(scene, fake):
    key_blind(scene, "4")
    first = [label for label, *_ in scene.page._state.sheet.ships]
    scene.press(Qt.Key.Key_1, ALT)
    beside(scene)
    state = scene.page._state
    other = [label for label, *_ in state.sheet.ships]
    said = [section.heading for section in scene.page.evidence.sections()]
    key_blind(scene, "4")
    scene.press(Qt.Key.Key_1, ALT)
    scene.type("eh")
    scene.press(Qt.Key.Key_Return)

    assert (state.guest, state.sheet.order.id, state.sheet.slot) == ("he", "o1", 2)
    assert [blind.value for blind in state.sheet.blinds] == [""], "nothing is keyed for the second one"
    assert sorted(first) == sorted(other)
    assert first != other, "the fields stand in another order"
    assert "You, since signing in" not in said, "a count of yes and no would tell the first verdict"
    assert fake.company.order("o1").status is Status.RELEASED
    assert fake.desk.login.user.code == "gu"
    assert scene.page.beside.secret.text() == ""
    assert [one.user for one in fake.company.order("o1").signatures] == ["gu", "he"]


def test_a_wrong_pin_signs_nothing_and_says_so(scene, fake):
    beside(scene)
    key_blind(scene, "4")
    scene.press(Qt.Key.Key_1, ALT)
    scene.type("000000")
    scene.press(Qt.Key.Key_Return)
    wrong = scene.page.notice.words()
    fake.link_state = "offline"
    scene.press(Qt.Key.Key_1, ALT)
    scene.type("eh")
    scene.press(Qt.Key.Key_Return)

    assert wrong == "PIN or badge is wrong. Nothing was signed."
    assert scene.page.notice.words().startswith("A second person signs here only with the hub.")
    assert fake.given == []


def test_a_second_person_sends_back_and_esc_gives_the_screen_back(scene, fake):
    beside(scene)
    scene.do(scene.page.focus_first)
    scene.press(Qt.Key.Key_2)
    scene.type("colour")
    scene.press(Qt.Key.Key_Return)
    scene.type("eh")
    scene.press(Qt.Key.Key_Return)
    sent, mine = fake.given[0], scene.page._state.sent_back_now
    scene.press(Qt.Key.Key_Escape)

    assert (sent.reason, mine, scene.page._state.guest) == ("colour", 0, "")
    assert not scene.page.beside.isVisible()
    assert fake.company.order("o1").reviewed.people == ("he",)


def test_what_the_hub_learned_stands_among_the_checks_and_gives_no_piece_away(qtbot, aio, fake):
    """Two trees: one on where it goes, one on how many pieces; both speak for a bad end."""

    def tree(feature, limit):
        blank, mean = (True, False, False), (-1.0, -1.0, 1.0)
        return Tree((feature, 0, 0), (limit, 0.0, 0.0), (1, 0, 0), (2, 0, 0), blank, mean)

    place = Feature(column="province", kind=Kind.RATE, known={"浙江省": 0.6}, usual=0.1)
    model = Model(
        features=(place, Feature(column="pieces", kind=Kind.NUMBER)),
        trees=(tree(0, 0.3), tree(1, 1.0)),
        start=1.0,
        card=Card(learned_rows=9, learned_bad=2),
    )
    card = Screening(
        version=7, trained_at=builders.NIGHT, rows=9, bad=2, file=encoded(model).decode(), alert_at=0.5,
        is_on=True,
    )  # fmt: skip
    fake.company.rows[SCREENING_KEY] = card
    scene = shown(qtbot, aio, fake)

    def learned():
        return [
            words.trn(said)
            for _, title, said in scene.page._state.sheet.checks
            if title == "Learned from outcomes"
        ]

    covered = learned()
    key_blind(scene, "4")
    told = learned()
    fake.company.rows[SCREENING_KEY] = msgspec.structs.replace(card, is_on=False)
    scene.do(lambda: scene.page.opened(None))

    assert "Something of this line is unusual: key its pieces first." in covered
    assert any(one.startswith("Province: 浙江省. Of earlier orders with it 60 % ended badly") for one in told)
    assert any(one.startswith("Pieces: 4. ") and one.endswith("Model 7.") for one in told)
    assert learned() == []
