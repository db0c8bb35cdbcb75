"""Money, times, masks and sentences in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app.text import Text
from widgets import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 6, 13, 6, 34, tzinfo=UTC)
SATURDAY_ON = date(2026, 6, 13)


@pytest.fixture
def english():
    words.set_language("en")


CHINESE = {
    "Sat": "周六",
    "Jun": "6月",
    "{weekday} {day} {month}": "{month}{day}日 {weekday}",
    "{days} d {hours} h": "{days} 天 {hours} 时",
    "{days} d": "{days} 天",
    "{hours} h {minutes} min": "{hours} 时 {minutes} 分",
    "{hours} h": "{hours} 时",
    "{minutes} min": "{minutes} 分",
    "{seconds} s": "{seconds} 秒",
    "{time} left": "剩 {time}",
    "{time} over": "超时 {time}",
}


@pytest.fixture
def chinese(tmp_path):
    """Chinese from a catalogue of this test's own: the shipped one is checked where it is made."""
    catalogue = Catalog(locale="zh_CN")
    for msgid, translation in CHINESE.items():
        catalogue.add(msgid, translation)
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "docket.mo").open("wb") as file:
        write_mo(file, catalogue)
    words.set_language("zh_CN", tmp_path)
    yield
    words.set_language("zh_CN")


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (129_800, "CNY", "¥1,298.00"),
        (5, "CNY", "¥0.05"),
        (0, "USD", "$0.00"),
        (-42_000, "EUR", "−€420.00"),
        (123_456_789, "INR", "₹1,234,567.89"),
        (1_000, "BRL", "R$10.00"),
        (99, "GBP", "£0.99"),
        (129_800, "JPY", "JP¥129,800"),
        (1_234, "KWD", "KWD 1.234"),
    ],
)
def test_money_has_its_sign_thousands_and_all_places(minor, currency, shown):
    assert words.money(minor, currency) == shown


def test_a_clock_shows_the_time_there():
    assert words.clock(AT, SHANGHAI) == "14:34"
    assert words.clock(AT, "America/Sao_Paulo") == "03:34"


def test_days_are_written_as_the_language_writes_them(chinese):
    assert words.day(SATURDAY_ON) == "6月13日 周六"
    words.set_language("en")
    assert words.day(SATURDAY_ON) == "Sat 13 Jun"


def test_a_moment_of_today_has_no_date(english):
    assert words.moment(AT, SHANGHAI, SATURDAY_ON) == "14:34"
    assert words.moment(AT, SHANGHAI, date(2026, 6, 14)) == "13 Jun 14:34"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (5_160, "1 时 26 分", "1 h 26 min"),
        (3_600, "1 时", "1 h"),
        (1_599, "26 分", "26 min"),
        (59.9, "59 秒", "59 s"),
        (0, "0 秒", "0 s"),
        (97_200, "1 天 3 时", "1 d 3 h"),
        (172_800, "2 天", "2 d"),
    ],
)
def test_a_span_names_its_two_largest_units(chinese, seconds, zh, en):
    assert words.span(seconds) == zh
    words.set_language("en")
    assert words.span(seconds) == en


def test_a_limit_says_what_is_left_and_what_is_over(chinese):
    assert (words.left(240), words.left(-360)) == ("剩 4 分", "超时 6 分")
    words.set_language("en")
    assert (words.left(240), words.left(-360)) == ("4 min left", "6 min over")


def test_a_stopwatch_counts_minutes_and_then_hours():
    assert [words.stopwatch(s) for s in (133, 59, 3_733)] == ["02:13", "00:59", "1:02:13"]


def test_a_number_of_things_has_thousands():
    assert [words.count(n) for n in (12, 1_284, -1_284)] == ["12", "1,284", "−1,284"]


@pytest.mark.parametrize(("name", "shown"), [("季小雨", "季**"), ("Ji", "J**"), ("𬭎", "𬭎**"), ("", "")])
def test_a_name_keeps_its_first_character(name, shown):
    assert words.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000000", "138****0000"),
        ("1380000000", "138****000"),
        ("1234567", "123****"),
        ("12345", "****45"),
        ("+1 217 555 0100", "+1 ****0100"),
        ("", ""),
    ],
)
def test_a_phone_short_of_digits_still_looks_short(phone, shown):
    assert words.mask_phone(phone) == shown


def test_texts_inside_a_text_are_translated_too(chinese):
    inner = Text("Sat")
    assert words.tr("{time} left", time=inner) == "剩 周六"
    assert words.trn(Text("{time} left", {"time": inner})) == "剩 周六"


def test_a_message_without_translation_is_shown_as_written(chinese):
    assert words.tr("no such message {n}", n=3) == "no such message 3"
    assert words.tr("") == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 piece"), (2, "2 pieces"), (11, "11 pieces"), ("1,231", "1,231 pieces"), ("0/1", "0/1 pieces")],
)
def test_one_of_a_thing_is_one(english, number, said):
    assert words.tr("{count} pieces", count=number) == said


def test_braces_in_a_value_stay_as_they_are(english):
    assert words.tr("{time} left", time="{x}") == "{x} left"


def test_a_change_of_language_is_told(qtbot):
    with qtbot.waitSignal(words.notifier().changed, timeout=1000):
        words.set_language("en")
    assert words.language() == "en"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no language fr"):
        words.set_language("fr")
