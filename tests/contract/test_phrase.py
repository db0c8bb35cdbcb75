"""A passphrase where there is no key store: the same words open the desk's files, others say a sentence."""

from __future__ import annotations

import hmac
from pathlib import Path

import pytest

from app.boot import phrase
from app.boot.phrase import KEPT, OLDER, PhraseKeys
from app.boot.places import desk_key, found_desk_key
from app.passphrases import strength
from app.trouble import Trouble
from sync.replica import sealed
from sync.replica.store import Store

WORDS = "the tea went cold"  # of a desk that lives for one test
OTHERS = "another evening"
SEALS = pytest.mark.skipif(sealed.cipher() is None, reason="nothing seals files on this platform")


def code_of(call, *args: str) -> str:
    with pytest.raises(Trouble) as caught:
        call(*args)
    return caught.value.code


def test_the_same_words_open_the_same_keys_and_each_name_has_its_own(tmp_path: Path):
    first = PhraseKeys(tmp_path).set(WORDS)

    assert PhraseKeys(tmp_path).is_set()
    assert PhraseKeys(tmp_path).open(WORDS) == first
    assert len({*first.values()}) == 2
    assert {len(key) for key in first.values()} == {32}
    assert PhraseKeys(tmp_path / "other").set(WORDS) != first


def test_other_words_open_nothing_and_change_nothing(tmp_path: Path):
    keys = PhraseKeys(tmp_path)
    first, file = keys.set(WORDS), (tmp_path / KEPT).read_bytes()

    assert code_of(keys.open, OTHERS) == "phrase"
    assert code_of(keys.change, OTHERS, "a third evening") == "phrase"
    assert code_of(keys.set, OTHERS) == "phrase"
    assert (tmp_path / KEPT).read_bytes() == file
    assert keys.open(WORDS) == first


def test_another_passphrase_opens_the_same_keys_and_the_one_before_none(tmp_path: Path):
    keys = PhraseKeys(tmp_path)
    first = keys.set(WORDS)

    keys.change(WORDS, OTHERS)

    assert keys.open(OTHERS) == first
    assert code_of(keys.open, WORDS) == "phrase"


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "abcdefghijkl", "1234567890", "9876543210"])
def test_weak_words_keep_nothing(tmp_path: Path, weak: str):
    assert code_of(PhraseKeys(tmp_path).set, weak) == "weak_phrase"
    assert not PhraseKeys(tmp_path).is_set()
    assert strength(weak).grade == "weak"


def test_the_keys_a_desk_has_go_under_its_first_passphrase_and_nowhere_else(tmp_path: Path):
    had = {name: desk_key(tmp_path, name) for name in ("files", "signs")}

    keys = PhraseKeys(tmp_path).set(WORDS)

    assert keys == had
    assert found_desk_key(tmp_path, "files") is found_desk_key(tmp_path, "signs") is None
    held = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not any(key in held for key in had.values())


def test_a_copy_of_the_keys_that_a_crash_left_goes_with_the_next_start(tmp_path: Path):
    first = PhraseKeys(tmp_path).set(WORDS)
    desk_key(tmp_path, "files")

    assert PhraseKeys(tmp_path).open(WORDS) == first
    assert found_desk_key(tmp_path, "files") is None


@pytest.mark.parametrize("damaged", [b"", b"{", b"{}", b'{"salt":"","nonce":"","sealed":""}', b"\xff" * 9000])
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, damaged: bytes):
    (tmp_path / KEPT).write_bytes(damaged)

    assert code_of(PhraseKeys(tmp_path).open, WORDS) == "phrase_file"
    assert code_of(PhraseKeys(tmp_path).set, WORDS) == "phrase"
    assert (tmp_path / KEPT).read_bytes() == damaged


@SEALS
def test_a_desk_whose_keys_were_made_from_the_words_opens_as_before(tmp_path: Path):
    (tmp_path / OLDER).write_bytes(bytes(16))
    root = phrase._stretched(WORDS, bytes(16))
    made = {name: hmac.digest(root, name.encode(), "sha256") for name in ("files", "signs")}
    Store(tmp_path / "desk", key=made["files"]).close()

    assert code_of(PhraseKeys(tmp_path).open, OTHERS) == "phrase"
    assert (tmp_path / OLDER).exists()

    assert PhraseKeys(tmp_path).open(WORDS) == made
    assert not (tmp_path / OLDER).exists()
    assert PhraseKeys(tmp_path).open(WORDS) == made


@SEALS
def test_what_a_desk_kept_is_there_under_another_passphrase(tmp_path: Path):
    keys = PhraseKeys(tmp_path)
    store = Store(tmp_path / "desk", key=keys.set(WORDS)["files"])
    store.set_setting("last_user", "lin")
    store.close()

    keys.change(WORDS, OTHERS)

    store = Store(tmp_path / "desk", key=keys.open(OTHERS)["files"])
    assert store.setting("last_user") == "lin"
    store.close()
