"""A passphrase where there is no key store: the same words open the desk's files, others say a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.boot import phrase
from app.boot.phrase import SALT, ask_phrase, phrase_key
from app.trouble import Trouble
from sync.replica import sealed
from sync.replica.store import Store

WORDS = "the tea went cold"  # of a desk that lives for one test


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_same_words_make_the_same_keys_and_each_name_has_its_own(tmp_path: Path):
    first = phrase_key(tmp_path, WORDS, "files")
    phrase._root.cache_clear()

    assert phrase_key(tmp_path, WORDS, "files") == first
    assert phrase_key(tmp_path, WORDS, "signs") != first
    assert phrase_key(tmp_path, f"{WORDS}!", "files") != first
    assert phrase_key(tmp_path / "other", WORDS, "files") != first
    assert len(first) == 32


def test_it_is_typed_twice_the_first_time_and_once_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    typed(monkeypatch, WORDS, WORDS)
    assert ask_phrase(tmp_path) == WORDS
    phrase_key(tmp_path, WORDS, "files")

    typed(monkeypatch, WORDS)
    assert ask_phrase(tmp_path) == WORDS


@pytest.mark.parametrize("lines", [("short", "short"), (WORDS, "another evening"), (WORDS,), ()])
def test_short_words_or_others_the_second_time_make_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...]
):
    typed(monkeypatch, *lines)

    with pytest.raises(Trouble) as caught:
        ask_phrase(tmp_path)

    assert caught.value.code == "phrase"
    assert not (tmp_path / SALT).exists()


@pytest.mark.skipif(sealed.cipher() is None, reason="nothing seals files on this platform")
def test_other_words_open_no_file_and_harm_none(tmp_path: Path):
    store = Store(tmp_path / "desk", key=phrase_key(tmp_path, WORDS, "files"))
    store.set_setting("last_user", "lin")
    store.close()

    with pytest.raises(Trouble) as caught:
        Store(tmp_path / "desk", key=phrase_key(tmp_path, "another evening", "files"))

    assert caught.value.code == "sealed_file"
    store = Store(tmp_path / "desk", key=phrase_key(tmp_path, WORDS, "files"))
    assert store.setting("last_user") == "lin"
    store.close()
