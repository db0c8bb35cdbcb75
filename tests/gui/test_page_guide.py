"""A guide by keys: suggestion, correction, back without loss, drafts, and the way back to where one was."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from form_situations import order_situations
from page_scene import ALT, CTRL, Scene
from PySide6.QtCore import Qt

import resources
from app.commands.fix_address import FixAddress
from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.commands.read_receiver import ReadReceiver
from app.commands.set_hint import SetHint
from app.domain.gazetteer import Gazetteer
from app.domain.habit import KNOWN_AFTER, Habit
from app.domain.hint import HintText
from app.domain.step_use import Advised, StepUse
from app.domain.values import Receiver, Region, Role, habit_key
from app.ports import Changes
from app.presenters.guide import Guide
from tests.builders import pick_all
from widgets import words
from widgets.pages.guide import GuidePage

ARGS = {"form": "fix_address", "order": "o1"}


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@pytest.fixture
def fake(gazetteer):
    fake = FakeDesk(user="lin")
    fake.company.gazetteer = gazetteer
    street = "文晖路88号水岸嘉园3幢1单元502"
    fake.company.receive(
        "o1",
        region=Region(province="浙江省", city="杭州市", district="下城区"),
        receiver=Receiver(
            name="季小雨", phone="1380000000", street=street, raw=f"浙江省杭州市下城区{street}"
        ),
    )
    return fake


def shown(qtbot, aio, fake, order="o1"):
    words.set_language("en")
    args = ARGS | {"order": order}
    return Scene(qtbot, aio, lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go), "guide", args)


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def field(scene, name):
    return scene.page._fields[name]


def to_the_receiver(scene):
    scene.press(Qt.Key.Key_1, ALT)
    scene.press(Qt.Key.Key_Return, CTRL, times=2)


def to_the_end(scene):
    to_the_receiver(scene)
    scene.do(field(scene, "phone").control.setFocus)
    scene.type("13800000000")
    scene.press(Qt.Key.Key_Return, CTRL)


def test_the_first_step_says_what_is_wrong_and_holds_the_way_on(scene):
    scene.press(Qt.Key.Key_Return, CTRL)

    assert field(scene, "district").state() == "error"
    assert scene.page.frame._next.reason() == "Fix 1 place to go on"
    assert scene.page._state.at == 0
    assert field(scene, "district").control.hasFocus()


def test_alt_1_fills_the_suggestion_and_submits_nothing(scene, fake):
    scene.press(Qt.Key.Key_1, ALT)

    assert field(scene, "district").control.answer() == "拱墅区"
    assert scene.page.frame._next.isEnabled()
    assert fake.given == []


def test_alt_2_takes_the_correction_of_a_field(scene):
    scene.press(Qt.Key.Key_2, ALT)

    assert field(scene, "district").control.answer() == "拱墅区"


def test_typing_is_judged_at_once_and_never_moves_the_cursor(scene):
    scene.press(Qt.Key.Key_1, ALT)
    scene.press(Qt.Key.Key_Return, CTRL)
    control = field(scene, "street").control
    scene.do(control.setFocus)
    scene.press(Qt.Key.Key_Home, CTRL)
    scene.type("X")

    assert control.textCursor().position() == 1
    assert scene.page._state.fields[0].value.startswith("X文晖路")
    assert field(scene, "street").control is control


def test_what_a_choice_brings_up_leaves_the_field_one_chooses_in(qtbot, aio, fake):
    receiver = Receiver(name="季小雨", phone="13800000000", street="文晖路88号", raw="浙江省文晖路88号")
    fake.company.receive("o2", region=Region(province="浙江省"), receiver=receiver)
    scene = shown(qtbot, aio, fake, order="o2")
    control, empty = field(scene, "city").control, field(scene, "district").control
    scene.do(control.setFocus)
    scene.press(Qt.Key.Key_Down)

    assert field(scene, "district").control is not empty, "districts can be chosen now"
    assert field(scene, "city").control is control
    assert control.hasFocus()
    assert control.answer() == "杭州市"


def test_a_phone_is_masked_until_f2_and_who_reads_it_is_written_down(scene, fake):
    to_the_receiver(scene)
    control = field(scene, "phone").control
    masked = control.text()
    scene.do(control.setFocus)
    scene.press(Qt.Key.Key_F2)

    assert masked == "138****000"
    assert control.text() == "1380000000"
    assert fake.given == [ReadReceiver(order="o1", reason="Fix the address")]
    assert field(scene, "phone").message() == "10 digits, 1 missing."


def test_back_keeps_every_answer(scene):
    to_the_receiver(scene)
    scene.press(Qt.Key.Key_Left, ALT, times=2)

    assert scene.page._state.at == 0
    assert field(scene, "district").control.answer() == "拱墅区"


def test_esc_leaves_and_the_draft_is_there_again(scene):
    scene.press(Qt.Key.Key_1, ALT)
    scene.press(Qt.Key.Key_Escape)
    left = scene.page.code
    scene.do(lambda: scene.shell.go("guide", ARGS))

    assert left == "inbox"
    assert field(scene, "district").control.answer() == "拱墅区"
    assert scene.page.notice.words() == "Your draft is back. Alt+0 begins anew."


def test_alt_0_throws_the_draft_away(scene, fake):
    scene.press(Qt.Key.Key_1, ALT)
    scene.press(Qt.Key.Key_Escape)
    scene.do(lambda: scene.shell.go("guide", ARGS))
    scene.do(scene.page.focus_first)
    scene.press(Qt.Key.Key_0, ALT)

    assert fake.drafts == {}
    assert field(scene, "district").control.answer() == "下城区"


def test_the_last_step_gives_the_command_goes_back_and_offers_undo(scene, fake):
    to_the_end(scene)
    diff = [row.field for row in scene.page._extras[0]._rows if row.is_changed]
    scene.press(Qt.Key.Key_Return, CTRL)
    fixed = fake.company.order("o1")
    page, offered = scene.page.code, scene.shell.undo_bar.accessibleName()
    scene.press(Qt.Key.Key_Z)

    assert diff == ["District", "Postcode", "Phone"]
    assert (fixed.region.district, fixed.receiver.phone) == ("拱墅区", "13800000000")
    assert fake.drafts == {}
    assert (page, offered) == ("inbox", "DK-o1 Fix the address")
    assert fake.company.order("o1").region.district == "下城区"


def test_who_undoes_what_cannot_be_taken_back_any_more_reads_why(scene, fake):
    to_the_end(scene)
    scene.press(Qt.Key.Key_Return, CTRL)
    pick_all(fake.company)
    scene.press(Qt.Key.Key_Z)
    bar = scene.shell.undo_bar

    assert scene.page.code == "inbox"
    assert (bar.isVisible(), bar.button.isVisible()) == (True, False)
    assert bar.accessibleName() == "The warehouse has begun. Put the goods back first."
    scene.press(Qt.Key.Key_Z)
    assert not bar.isVisible()


def test_an_answer_typed_just_before_ctrl_enter_counts(scene, fake):
    to_the_receiver(scene)
    control = field(scene, "phone").control
    scene.do(control.setFocus)

    def type_and_go():
        control.answered.emit("13800000000")
        scene.page.frame.next_asked.emit()

    scene.do(type_and_go)

    assert scene.page._state.at == 3


def test_a_suggestion_never_pushes_the_field_one_types_into(scene):
    scene.press(Qt.Key.Key_1, ALT)
    scene.press(Qt.Key.Key_Return, CTRL)
    control = field(scene, "street").control
    before = control.mapTo(scene.shell, control.rect().topLeft())
    scene.do(control.setFocus)
    scene.type("X")

    assert scene.page._state.advice is not None
    assert control.mapTo(scene.shell, control.rect().topLeft()) == before


def test_f1_opens_the_page_of_this_form(scene):
    scene.press(Qt.Key.Key_F1)

    assert scene.page.help_topic == "fix_address"
    assert scene.shell.help.isVisible()


def test_a_name_is_masked_on_the_step_rail(scene):
    to_the_end(scene)

    assert [step.chosen for step in scene.page.frame.rail.steps()][2] == "季**"


def test_the_bar_names_the_guide_that_is_open_now(scene, fake):
    assert scene.shell.top_bar.title.accessibleName() == "Fix the address"
    fake.company.receive("o2", number="DK-2")

    scene.do(lambda: scene.shell.go("inbox"))
    scene.do(lambda: scene.shell.go("guide", {"form": "match_sku", "order": "o2"}))

    assert scene.shell.top_bar.title.accessibleName() == "Match an article"


# hints that rest, hints of a trainer


def know(fake, *steps):
    """Let the person at the desk have done these steps right often enough."""
    known = {f"fix_address/{step}": KNOWN_AFTER for step in steps}
    fake.company.rows[habit_key("lin")] = Habit(user="lin", steps=known)


def test_a_hint_stands_until_a_step_was_done_right_three_times(qtbot, aio, fake):
    know(fake, "place")
    scene = shown(qtbot, aio, fake)

    assert field(scene, "district").hint_words() == ""
    assert field(scene, "district").control.accessibleDescription() == field(scene, "district").message()
    scene.press(Qt.Key.Key_H, ALT)
    assert field(scene, "district").hint_words() == "Some cities have none; then leave it empty."
    scene.press(Qt.Key.Key_H, ALT)
    assert field(scene, "district").hint_words() == ""


def test_a_hint_returns_when_somebody_cannot_go_on(qtbot, aio, fake):
    know(fake, "place")
    scene = shown(qtbot, aio, fake)
    scene.press(Qt.Key.Key_Return, CTRL)

    assert field(scene, "district").hint_words() != ""
    assert fake.noted[-1] == NoteHabit(user="lin", wrong=("fix_address/place",))
    assert fake.company.rows[habit_key("lin")].steps == {}


def test_steps_done_right_are_counted_when_the_guide_ends(scene, fake):
    scene.press(Qt.Key.Key_Return, CTRL)
    to_the_end(scene)
    scene.press(Qt.Key.Key_Return, CTRL)

    assert [type(command) for command in fake.given] == [FixAddress]
    habit, guide = fake.noted[-2:]
    assert habit.right == ("fix_address/street", "fix_address/receiver", "fix_address/check")
    assert guide == NoteGuide(
        form="fix_address",
        steps=(
            StepUse(step="place", advised=Advised.USED),
            *(StepUse(step=step) for step in ("street", "receiver", "check")),
        ),
    )


@pytest.fixture
def trainers(qtbot, aio, fake):
    """A guide before somebody who may change its hints, with the first one open."""
    fake.sit("wu")
    scene = shown(qtbot, aio, fake)
    scene.press(Qt.Key.Key_E, ALT)
    return scene


def test_a_trainer_writes_a_hint_where_it_stands(trainers, fake):
    trainers.type("Ask the buyer.")
    beside = field(trainers, "province").hint_words()
    unpublished = dict(fake.company.refs.hints)
    trainers.press(Qt.Key.Key_Return, CTRL)

    assert (beside, unpublished) == ("Ask the buyer.", {})
    assert fake.company.refs.hints["fix_address/place/province"].en == "Ask the buyer."
    trainers.page.presenter.desk._tell(Changes(frozenset({("hint", "fix_address/place/province")})))
    assert trainers.page._state.at == 0, "the guide goes on where it was"
    trainers.do(trainers.shell.undo_bar.undo)
    assert fake.company.refs.hints["fix_address/place/province"].words() == {}


def test_the_next_hint_and_the_way_back_to_the_built_in_words(trainers, fake):
    trainers.press(Qt.Key.Key_E, ALT, times=4)
    reason = trainers.page._state.edit
    trainers.press(Qt.Key.Key_E, ALT)
    trainers.type("x")
    trainers.press(Qt.Key.Key_0, ALT)
    back = field(trainers, "province").hint_words()
    trainers.press(Qt.Key.Key_Escape)

    assert (reason.code, reason.built_in) == (
        "fix_address/place", "The carrier sorts by province, city and district.",
    )  # fmt: skip
    assert back == "Type the first characters or choose."
    assert trainers.page._state.edit is None
    assert fake.given == []


def test_words_nobody_could_publish_are_said_and_kept(trainers, fake):
    hint = HintText(code="fix_address/place/province", en="Somebody else's.")
    fake.company.must(SetHint(hint=hint), Role.LEAD)
    trainers.type("Mine.")
    trainers.press(Qt.Key.Key_Return, CTRL)

    assert trainers.page._state.edit.en == "Mine."
    assert trainers.page._state.edit.wrong.message.startswith("Somebody published other values")


def test_a_clerk_finds_no_key_to_change_a_hint(scene):
    scene.press(Qt.Key.Key_E, ALT)

    assert scene.page._state.edit is None


def test_the_guide_asked_for_last_is_the_one_on_screen(scene, fake):
    fake.company.receive("o2")

    def twice():
        scene.page.opened({"form": "hold", "order": "o1"})
        scene.page.opened({"form": "hold", "order": "o2"})

    scene.do(twice)

    assert (scene.page._state.form, scene.page._state.subject.id) == ("hold", "o2")


def test_what_was_typed_last_stays_where_it_was_typed(scene, fake):
    fake.company.receive("o2")

    def typed_and_gone():
        scene.page._answered("street", "X")
        scene.page.opened({"form": "hold", "order": "o2"})

    scene.do(typed_and_gone)

    assert fake.drafts["fix_address/o1"]["street"] == "X"
    assert "hold/o2" not in fake.drafts


def test_a_guide_that_cannot_be_taken_back_leaves_as_well(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(order_situations()["correct_invoice"][0].company, user="wu")
    args = {"form": "correct_invoice", "order": "o1", "title": "青禾"}
    scene = Scene(qtbot, aio, lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go), "guide", args)

    for _ in scene.page._state.steps:
        scene.press(Qt.Key.Key_Return, CTRL)

    assert [type(command).__name__ for command in fake.given] == ["ResubmitInvoice"]
    assert scene.page.code == "inbox"
