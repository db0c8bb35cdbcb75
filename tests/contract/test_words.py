"""Both languages are whole, or the check says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.boot import words
from app.boot.literals import bare_literals, marked
from app.text import Text


@pytest.fixture
def source(tmp_path):
    def write(text: str) -> Path:
        file = tmp_path / "page.py"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def words_of(file):
    return {word.msgid for word in marked(file, file.parent)}


def edit(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_marks_are_found_wherever_they_stand(source):
    deep = 'f(g(N_("deep")), Text("two " "parts {n}", {"n": tr("inner")}))'
    either = 'tr("a" if x else "b")'

    assert words_of(source(f"{deep}, {either}")) == {"deep", "two parts {n}", "inner", "a", "b"}


def test_a_formatted_mark_is_a_fault(source, tmp_path):
    [word] = marked(source('tr(f"{n} orders")'), tmp_path)

    assert "cannot be translated" in word.fault


@pytest.mark.parametrize("shown", ['QLabel("Orders")', 'form.addRow("订", w)', 'b.setText(f"{n} orders")'])
def test_a_bare_word_on_the_screen_is_a_fault(source, tmp_path, shown):
    source(shown)

    [fault] = bare_literals(tmp_path, tmp_path)
    assert fault.startswith("page.py:1: ")


@pytest.mark.parametrize("shown", ['QLabel("×")', 'QLabel("Docket")', 'QLabel(tr("All"))', 'b.setText("")'])
def test_signs_and_marked_words_may_be_shown(source, tmp_path, shown):
    source(shown)

    assert bare_literals(tmp_path, tmp_path) == []


def test_a_whole_catalogue_has_no_faults(source, tmp_path):
    found = list(marked(source('tr("Hold {order}")'), tmp_path))

    words.update(tmp_path, {"Hold {order}"}, {"Hold {order}": "挂起 {order}"})

    assert words.faults(tmp_path, found) == []


@pytest.mark.parametrize(
    ("chinese", "fault"),
    [({}, "zh_CN: not translated"), ({"Hold {order}": "挂起"}, "zh_CN: placeholders differ ['order']")],
)
def test_a_gap_in_a_catalogue_is_a_fault(source, tmp_path, chinese, fault):
    found = list(marked(source('tr("Hold {order}")'), tmp_path))

    words.update(tmp_path, {"Hold {order}"}, chinese)

    assert words.faults(tmp_path, found) == [f"{fault}: 'Hold {{order}}'"]


def test_new_and_unused_words_are_faults(source, tmp_path):
    words.update(tmp_path, {"Old"}, {"Old": "旧"})

    said = words.faults(tmp_path, list(marked(source('tr("New")'), tmp_path)))

    heads = [line.partition(",")[0] for line in said]
    assert heads == ["en: new", "en: not used", "zh_CN: new", "zh_CN: not used"]


def test_a_catalogue_edited_by_hand_must_be_compiled(tmp_path):
    words.update(tmp_path, {"Hold"}, {"Hold": "挂起"})
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "docket.po"
    edit(po, "挂起", "暂停")

    found = [words.Marked("Hold", "page.py:1")]
    assert [line.partition(":")[0] for line in words.faults(tmp_path, found)] == ["zh_CN"]

    words.update(tmp_path, {"Hold"}, {"Hold": "挂起"})
    assert words.faults(tmp_path, found) == []
    assert "暂停" in po.read_text(encoding="utf-8")


def test_a_fuzzy_word_is_a_fault(tmp_path):
    words.update(tmp_path, {"Hold"}, {"Hold": "挂起"})
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "docket.po"
    edit(po, 'msgid "Hold"', '#, fuzzy\nmsgid "Hold"')

    found = [words.Marked("Hold", "page.py:1")]
    assert any("fuzzy" in line for line in words.faults(tmp_path, found))


def test_catalogues_are_the_same_however_often_they_are_written(tmp_path):
    asked = {"b": "乙", "a": "甲", 'quote " and \\n {x}': "引号 {x}"}
    words.update(tmp_path / "once", set(asked), asked)
    words.update(tmp_path / "twice", {"b"}, asked)
    words.update(tmp_path / "twice", set(asked), asked)

    def content(folder):
        return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("docket.*")}

    assert content(tmp_path / "once") == content(tmp_path / "twice")
    assert len(content(tmp_path / "once")) == 4


def test_the_console_speaks_both_languages_and_nested_texts(tmp_path, monkeypatch):
    asked = {"Hold {order}": "挂起 {order}", "this one": "这一张"}
    words.update(tmp_path, set(asked), asked)
    monkeypatch.setattr(words.resources, "path", lambda *_parts: tmp_path)
    words.catalogue.cache_clear()
    text = Text("Hold {order}", {"order": Text("this one")})

    assert words.console(text, "en") == "Hold this one"
    assert words.console(text, "zh_CN") == "挂起 这一张"
    words.catalogue.cache_clear()
