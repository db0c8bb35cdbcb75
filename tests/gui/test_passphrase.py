"""A desk under a passphrase: the right words open it as it was, others are answered with a sentence."""

from __future__ import annotations

import pytest

from app.boot.desk import furnish, open_window
from app.trouble import Trouble
from sync.replica import sealed

WORDS = "the tea went cold"  # of a desk that lives for one test


@pytest.mark.skipif(sealed.cipher() is None, reason="nothing seals files on this platform")
def test_other_words_are_told_and_change_nothing(qapp, tmp_path):
    def opened(words):
        shell = open_window(qapp, tmp_path)
        try:
            station = furnish(shell, tmp_path, hub_url="http://127.0.0.1:9", phrase=words)
            station.store.set_setting("last_user", "lin")
            station.close()
        finally:
            shell.deleteLater()

    opened(WORDS)

    with pytest.raises(Trouble) as caught:
        opened("another evening")

    assert (caught.value.code, caught.value.retry) == ("phrase", False)
    assert "passphrase" in caught.value.hint.message
    opened(WORDS)
