"""Figures by keys: whose they are, other days, suggestions of guides, a file; what stands without the hub."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW
from desk_fake import FakeDesk
from files_fake import Here
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.note_guide import NoteGuide
from app.domain.company import Shift
from app.domain.step_use import Advised, StepUse
from app.domain.voucher import Deed, vouchers
from app.domain.vouching import Vote
from app.figures import Passage, Replan
from app.insight.handling import Handling, Took
from app.insight.queueing import Job, Worked
from app.insight.roster import Weeks, Worker
from app.insight.stage_time import Focus, Visit
from app.people_figures import Duty
from app.ports import Changes
from app.presenters.figures import Figures
from app.text import Text
from widgets import words
from widgets.cells import words_of
from widgets.pages.figures import FiguresPage
from widgets.prose import plain

Key = Qt.Key


def took(owner="lin", worked_s=600, **more):
    return Took(kind="short_stock", owner=owner, worked_s=worked_s, rested_s=0, waited={}, **more)


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="wu")
    fake.handled = Handling((took(hand_s=18), took(worked_s=1_800), took("wu", shift="Day", tries=2)), ())
    used = StepUse(step="reason", advised=Advised.USED)
    fake.guides = [NoteGuide(form="hold", steps=(used, StepUse(step="until"))) for _ in range(3)]
    return fake


@pytest.fixture
def scene(qtbot, aio, fake, tmp_path):
    fake.kept["folder/exports"] = str(tmp_path)
    made = lambda tasks, go: FiguresPage(Figures(fake.desk, fake.files, Here()), tasks, go)  # noqa: E731
    return Scene(qtbot, aio, made, "figures")


def rows(scene):
    model = scene.page.model
    return [[words_of(cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


def about(scene):
    return [section.heading for section in scene.page.side.sections()]


def test_a_lead_reads_the_sum_and_few_people_are_not_named(scene):
    told = rows(scene)

    assert told[0] == ["All", "3", "10.0", "30.0", "18", "0", "67%", "0", "0.0"]
    assert ["Out of stock", "3"] in [row[:2] for row in told]
    assert [row[0] for row in told if row[0] in ("林小满", "吴组长")] == ["吴组长"]
    assert ["People: 2. Fewer than 5 are shown in sum only."] in told
    assert unnamed(scene.page) == []


def test_a_clerk_reads_their_own_and_nothing_of_guides(scene, fake):
    fake.sit("lin")
    scene.do(lambda: scene.page.opened(None))

    assert rows(scene)[0][:2] == ["All", "2"]
    assert plain(scene.page.fact.words()).endswith("yours only")
    assert scene.page.splits.here == "exceptions"
    scene.press(Key.Key_J, times=2)
    assert about(scene) == ["Out of stock", "In hand", "Waited for others", "How they ended"]
    scene.press(Key.Key_Tab)
    assert scene.page.splits.here == "people"
    scene.press(Key.Key_Tab)
    assert scene.page.splits.here == "reviews"
    scene.press(Key.Key_Tab)
    assert scene.page.splits.here == "exceptions"
    assert "guide_use 7" not in fake.asked


def test_a_digit_asks_for_other_days_tab_for_guides_and_all_goes_to_a_file(scene, fake, tmp_path):
    scene.press(Key.Key_3)
    scene.press(Key.Key_Tab)

    assert fake.asked == ["handling 7", "handling 28", "guide_use 28"]
    assert rows(scene)[0] == ["Hold the order"]
    assert rows(scene)[1] == ["Reason", "3", "3", "3", "0", "100", "3", "0", "0"]
    assert scene.page.table.hasFocus()

    scene.press(Key.Key_Tab, times=7)
    scene.press(Key.Key_2)
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path == str(tmp_path / "docket-exceptions-20260613-7d.xlsx")
    assert path in fake.files.whole
    assert lines[1][3:9] == ("By type", "Out of stock", 3, 10.0, 30.0, 0)
    assert scene.page.notice.words() == f"{len(lines) - 1} lines are in {path}"


def test_vouchers_balance_and_go_to_a_file_for_who_may_read_books(scene, fake):
    booked = {"shop": "TM1", "currency": "CNY", "tax_pct": 13}
    sold = Deed(day=date(2026, 6, 12), **booked, total_minor=11_300, payable_minor=11_300)
    fake.booked = vouchers([sold])
    scene.press(Key.Key_Tab, times=4)

    assert [row[1:] for row in rows(scene)] == [
        ["1122", "Receivables", "¥113.00", ""], ["6001.01", "Revenue from goods", "", "¥100.00"],
        ["2221.01.06", "Output VAT", "", "¥13.00"],
    ]  # fmt: skip
    assert about(scene) == ["Debit and credit", "How they are made"]
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path.endswith("docket-books-20260613-7d.xlsx")
    assert lines[1][6:8] == (113.0, 0.0)


def test_gates_are_a_figure_with_both_numbers_and_open_to_the_orders(scene, fake):
    at = fake.now()
    fake.passages = [
        Passage(order="o3", number="DK-3", at=at, unmet=1),
        Passage(order="o2", number="DK-2", at=at, waived=1),
        Passage(order="o1", number="DK-1", at=at),
    ]
    scene.press(Key.Key_Tab, times=2)

    assert [(row[0], row[2]) for row in rows(scene)] == [
        ("DK-3", "1 not met"), ("DK-2", "All met, 1 of them answered for"), ("DK-1", "All met"),
    ]  # fmt: skip
    assert about(scene) == [
        "Released with every gate met",
        "The same by the holds of the journal",
        "The list",
    ]
    (share, *_), *_ = (section.items for section in scene.page.side.sections())
    assert share.pairs[0][0] == "66.66 %"
    scene.press(Key.Key_J)
    scene.press(Key.Key_Return)
    assert scene.went == [("order", {"id": "o2"})]
    assert unnamed(scene.page) == []


def test_an_order_planned_anew_says_from_where_to_where_why_and_what_it_changes(scene, fake, tmp_path):
    house = [Text("{warehouse}", {"warehouse": code}) for code in ("WH", "SZ")]
    known = {"order": "o1", "number": "DK-1", "at": fake.now(), "before": house[0], "after": house[1]}
    fake.replanned = [
        Replan(**known, what="place", why=Text("asked by {by}", {"by": "lin"}), extra_minor=700, extra_h=-3),
        Replan(**known, what="carrier", why=Text("no label")),
    ]
    scene.do(lambda: scene.page.opened({"split": "plans"}))

    assert [(row[0], *row[2:]) for row in rows(scene)] == [
        ("DK-1", "Warehouse", "武汉仓", "苏州仓", "+¥7.00", "\N{MINUS SIGN}3"),
        ("DK-1", "Carrier", "武汉仓", "苏州仓", "–", "–"),
    ]  # fmt: skip
    scene.press(Key.Key_J)
    assert about(scene) == ["Carrier", "Reason", "The list"]
    scene.press(Key.Key_K)
    said = [item for section in scene.page.side.sections() for item in section.items]
    assert plain(said[1].words) == "¥7.00 more, 3 h earlier"
    assert plain(said[2].words) == "asked by 林小满"
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path == str(tmp_path / "docket-plans-20260613-7d.xlsx")
    assert lines[1][5:] == ("Warehouse", "武汉仓", "苏州仓", "asked by 林小满", "", 7.0, "CNY", -3)
    scene.press(Key.Key_Return)
    assert scene.went == [("order", {"id": "o1"})]
    assert unnamed(scene.page) == []


def visited(fake, *, slow_n=200):
    """Two weeks in which checking got slow, one person is slow at addresses, and nights are no better."""
    found = []
    for n in range(800 + slow_n):
        is_lin = n < slow_n
        by = "lin" if is_lin else ("shen", "wu", "gu", "he")[n % 4]
        end = fake.now() - timedelta(minutes=19 * n)
        touch = (30 + n % 40) * (3 if is_lin else 1)
        at_it = Focus(by, f"o{n}", "", end - timedelta(seconds=touch), end, touch)
        wait = timedelta(seconds=touch + (2_700 if n < 500 else 900))
        check = Visit(f"o{n}", "to_check", end - wait, end, by, "SZ", "Day", is_night=n % 2 == 1)
        found += [
            check,
            Visit(
                f"o{n}", "address_invalid", end - wait, end, by, is_repair=True, focus=(at_it,),
                is_night=n % 2 == 1, is_failed=n % 51 == 0,
            ),
        ]  # fmt: skip
    return found


def said(scene, heading):
    """What stands under a heading of the panel, one line each."""
    found = []
    for section in scene.page.side.sections():
        if section.heading != heading:
            continue
        for item in section.items:
            found += list(getattr(item, "rows", ()))
            if hasattr(item, "words"):
                found.append(f"{getattr(item, 'name', '')} {plain(item.words)}".strip())
    return found


def test_people_and_time_names_the_stage_that_holds_up_and_who_needs_which_lesson(scene, fake, tmp_path):
    fake.visited = visited(fake)
    scene.do(lambda: scene.page.opened({"split": "people"}))
    told = rows(scene)

    assert told[0] == ["By stage"]
    assert told[1][0] == "To check", "its waiting grew"
    assert [row[0] for row in told if row[0].startswith("林小满 · Addr")] == ["林小满 · Address unclear"]
    assert about(scene)[0] in ("To check", "Holds most up: To check")
    assert ("Part of all waiting", "50.8 %") in said(scene, about(scene)[0])
    (lesson,) = [one for one in said(scene, "Who needs which lesson") if one.startswith("林小满")]
    assert "times as long as the others" in lesson
    assert any(one.startswith("Lesson: ") for one in said(scene, "Who needs which lesson"))
    nights = said(scene, "Errors by night and by day")
    assert any("may be chance" in str(one) for one in nights)
    assert "To tell 0.9 % from 1.8 % takes about 2,600 a group." in nights
    assert "Less than 1 % apart" in said(scene, "It adds up")
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path == str(tmp_path / "docket-people-20260613-7d.xlsx")
    assert lines[1][3:6] == ("By stage", "To check", "To check")
    assert unnamed(scene.page) == []


def test_with_twenty_the_sample_is_too_small(scene, fake):
    fake.visited = [one for one in visited(fake, slow_n=20) if one.order < "o40"]
    scene.do(lambda: scene.page.opened({"split": "people"}))

    assert any(one.startswith("Sample too small") for one in said(scene, "Who needs which lesson"))


def test_a_clerk_reads_own_time_and_no_names(scene, fake):
    fake.visited = visited(fake)
    fake.sit("lin")
    scene.do(lambda: scene.page.opened({"split": "people"}))

    named = [row[0] for row in rows(scene) if "·" in row[0]]
    assert named
    assert all(name.startswith("林小满") for name in named)
    assert plain(scene.page.fact.words()).endswith("yours only")


def two_weeks(fake):
    """Most comes in the evening, most people in the morning."""
    zone = ZoneInfo("Asia/Shanghai")
    since = datetime.combine(fake.now().astimezone(zone).date() - timedelta(days=14), time(), zone)
    early, late = (
        Shift(code=code, title=code, since=time(begin), until=time(begin + 8), zone=zone.key)
        for code, begin in (("early", 6), ("late", 14))
    )
    came = [since + timedelta(days=n % 14, hours=14 + n % 80 / 10) for n in range(1_400)]
    worked = Worked([(since, since + timedelta(days=21))])
    workers = []
    for who, begin in (("lin", 6), ("shen", 6), ("gu", 14)):
        days = [since + timedelta(days=n, hours=begin) for n in range(14) if n % 7 < 5]
        had = tuple(Duty(person=who, since=at, until=at + timedelta(hours=8)) for at in days)
        workers.append(Worker(who, (early, late), had))
    return Weeks(since, zone, came, [Job(at, 300) for at in came[::2]], workers, {}, worked, 1_680, 9)


def test_a_roster_says_what_it_comes_to_who_works_when_and_from_which_figures(scene, fake, tmp_path):
    fake.two_weeks = two_weeks(fake)
    scene.do(lambda: scene.page.opened({"split": "roster"}))
    told = rows(scene)

    assert told[0] == ["Mon"]
    assert next(row[:2] for row in told if row[0] == "14:00") == ["14:00", "6.5"]
    assert about(scene) == [
        "The two weeks played again", "Roster for two weeks like these", "Rules it keeps",
        "What it is made of",
    ]  # fmt: skip
    pairs = {what: int(n) for n, what in scene.page.side.sections()[0].items[0].pairs}
    assert pairs["late with this one"] < pairs["late as it was"] <= pairs["Exceptions"] == 700
    people = said(scene, "Roster for two weeks like these")
    assert [one.split()[0] for one in people[::2]] == ["顾南乔", "林小满", "沈知夏"]
    assert all("Jun" in one for one in people[1::2]), "their days"
    assert ("Exceptions with each order", "0.50") in said(scene, "What it is made of")
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path == str(tmp_path / "docket-roster-20260613-7d.xlsx")
    assert {line[3] for line in lines[1:]} == {"Duty", "Half hour"}
    assert unnamed(scene.page) == []


def test_without_the_hub_what_it_said_last_stays_and_empty_days_say_what_to_do(scene, fake):
    before = rows(scene)
    fake.link_state = "offline"
    scene.do(lambda: scene.page.changed(Changes(line=True)))

    assert rows(scene) == before
    assert plain(scene.page.fact.words()).endswith("as of 20:30")
    assert scene.page.notice.words().startswith("The hub is out of reach.")
    scene.press(Key.Key_3)
    assert scene.page.empty.accessibleName().startswith("No figures just now")
    fake.link_state = "online"
    scene.do(lambda: scene.page.changed(Changes(line=True)))
    assert rows(scene) == before

    fake.handled = Handling((), ())
    scene.press(Key.Key_1)

    assert scene.page.empty.accessibleName() == "No exception ended in these days, Press 3 for 28 days."
    assert not scene.page.bar.isVisible()


def judged(user, seal, *, is_pass, read_ms=9_000, unread=0):
    return Vote(
        user=user, content_hash=seal, revision=1, maker="lin", is_pass=is_pass, at=NOW, read_ms=read_ms,
        unread=unread,
    )  # fmt: skip


def test_reviewers_stand_with_intervals_and_few_of_them_in_sum(scene, fake, tmp_path):
    fake.votes = [judged("wu", f"s{n}", is_pass=n > 8) for n in range(120)]
    fake.votes += [judged("gu", f"s{n}", is_pass=True, read_ms=4_000) for n in range(120)]
    fake.left = frozenset((f"s{n}", 1) for n in range(120))
    scene.do(lambda: scene.page.opened({"split": "reviews"}))
    told = rows(scene)

    assert told[0][:2] == ["Everybody together", "240"]
    assert [row[0] for row in told[1:]] == ["吴组长", "People: 2. Fewer than 5 are shown in sum only."]
    assert told[1][2:] == ["–", "7.5 % (4.0–13.6)", "92.5 % (86.4–96.0)", "9.0", "0"]
    scene.press(Key.Key_J)
    assert about(scene) == ["吴组长", "Blind"]
    scene.press(Key.Key_E)
    ((path, lines),) = fake.files.written.items()
    assert path == str(tmp_path / "docket-reviews-20260613-7d.xlsx")
    assert [line[3] for line in lines[1:]] == ["Everybody together", "吴组长"]
    assert unnamed(scene.page) == []


def test_below_a_hundred_no_share_of_a_reviewer_is_shown(scene, fake):
    fake.votes = [judged("wu", f"s{n}", is_pass=n > 8) for n in range(99)]
    fake.left = frozenset((f"s{n}", 1) for n in range(99))
    scene.do(lambda: scene.page.opened({"split": "reviews"}))

    assert rows(scene)[1][3] == "9 of 99, sample too small"


def test_a_reviewer_reads_nobody_else(scene, fake):
    fake.votes = [judged("wu", "s1", is_pass=True), judged("gu", "s1", is_pass=False)]
    fake.sit("gu")
    scene.do(lambda: scene.page.opened({"split": "reviews"}))

    assert [row[:2] for row in rows(scene)] == [["顾夜航", "1"]] or len(rows(scene)) == 1
    assert plain(scene.page.fact.words()).endswith("yours only")
