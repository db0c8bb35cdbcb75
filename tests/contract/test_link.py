"""Who sits at the desk, with and without the hub, and how the line stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW
from fake_hub import PASSWORD, FakeHub
from line_world import QUIET_PORT, Desk

from app.text import Text
from app.trouble import Trouble
from sync.instants import micros
from sync.replica.clock import HubClock, wall_clock
from sync.replica.link import FREE_GUESSES, GUESS_PAUSE_MOST, LEASE, pause_after
from sync.replica.loop import LONG_S
from sync.replica.outbox import Outbox
from sync.wire import Stop


@pytest.fixture
def hub():
    made = FakeHub()
    made.receive("o1")
    made.receive("o2")
    return made


@pytest.fixture
def address(hub: FakeHub):
    with hub.serve() as url:
        yield url


@pytest.fixture
def desk(tmp_path: Path, address: str):
    made = Desk(tmp_path / "desk", address)
    made.sign_in()
    made.level()
    yield made
    made.close()


def test_an_expired_token_is_renewed_without_the_person(desk: Desk, hub: FakeHub) -> None:
    desk.hold()
    hub.tokens.clear()
    desk.push()
    desk.push()
    assert (hub.signed_in, hub.renewed) == (1, 1)
    assert desk.store.waiting.count == 0


def test_a_person_the_hub_no_longer_knows_works_on_and_is_asked_to_sign_in(desk: Desk, hub: FakeHub) -> None:
    desk.hold()
    hub.tokens.clear()
    hub.people.pop("lead")
    assert desk.push() == LONG_S
    assert not desk.link.is_signed_in
    assert "Sign in again" in desk.link.link().note.message
    assert desk.hold("o2") == 2


def test_a_typo_takes_nothing_from_the_sign_in_without_the_hub(desk: Desk) -> None:
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("lead", "typo")
    assert trouble.value.code == "wrong_password"
    desk.url = QUIET_PORT
    assert desk.link.sign_in("lead", PASSWORD) == desk.login


@pytest.mark.parametrize("code", ["wrong_password", "inactive", "revoked"])
def test_whom_the_hub_no_longer_lets_in_stays_out_without_it(desk: Desk, hub: FakeHub, code: str) -> None:
    """Denied with what was the right password here, closed, or put out with the PC."""
    hub.sign_in = lambda _asked: Stop(code=code, text=Text("No."))
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("lead", PASSWORD)
    assert trouble.value.code == code
    desk.url = QUIET_PORT
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("lead", PASSWORD)
    assert trouble.value.code == "never_here"


def test_guesses_without_the_hub_wait_longer_and_longer(desk: Desk) -> None:
    """The wait stands on disk: a new start does not shorten it, and a right password ends it."""
    desk.url = QUIET_PORT

    def guess(password: str) -> str:
        with pytest.raises(Trouble) as trouble:
            desk.link.sign_in("lead", password)
        return trouble.value.code

    codes = [guess("guess") for _ in range(FREE_GUESSES + 2)]
    assert codes == ["wrong_password"] * (FREE_GUESSES + 1) + ["too_many_wrong"]
    assert guess(PASSWORD) == "too_many_wrong"
    wrong, until = Outbox(desk.folder / "work.db").guesses("lead")
    assert (wrong, until - desk.store.clock.now() > timedelta(seconds=20)) == (FREE_GUESSES + 1, True)

    desk.store.clock.hear(until)
    assert desk.link.sign_in("lead", PASSWORD) == desk.login
    assert guess("guess") == "wrong_password"


def test_nobody_waits_for_ever() -> None:
    pauses = [pause_after(wrong) for wrong in range(200)]
    assert pauses == sorted(pauses)
    assert (pauses[FREE_GUESSES], pauses[-1]) == (timedelta(), GUESS_PAUSE_MOST)


def test_without_the_hub_a_person_who_was_here_signs_in(desk: Desk) -> None:
    desk.url = QUIET_PORT
    assert desk.link.sign_in("lead", PASSWORD) == desk.login
    with pytest.raises(Trouble) as wrong:
        desk.link.sign_in("lead", "wrong")
    assert wrong.value.code == "wrong_password"
    with pytest.raises(Trouble) as stranger:
        desk.link.sign_in("clerk", PASSWORD)
    assert stranger.value.code == "never_here"


def test_a_hub_that_still_starts_is_not_called_absent(desk: Desk) -> None:
    desk.url = ""
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("clerk", PASSWORD)
    assert trouble.value.code == "hub_starting"
    assert desk.link.sign_in("lead", PASSWORD) == desk.login


def test_an_offline_sign_in_ends_with_its_lease(desk: Desk) -> None:
    desk.url = QUIET_PORT
    desk.store.clock.hear(NOW + LEASE + timedelta(minutes=1))
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("lead", PASSWORD)
    assert trouble.value.code == "lease_over"


def test_an_offline_sign_in_counts_the_days_the_pc_was_off(desk: Desk) -> None:
    """The lease runs in hub time, and what the PC slept through is hub time too."""
    desk.url = QUIET_PORT
    for away, code in ((LEASE - timedelta(hours=1), ""), (LEASE + timedelta(minutes=1), "lease_over")):
        desk.store.clock = HubClock(
            *desk.store.outbox.last_time(), wall=lambda away=away: wall_clock() + away
        )
        said = ""
        try:
            desk.link.sign_in("lead", PASSWORD)
        except Trouble as trouble:
            said = trouble.code
        assert said == code


def test_an_offline_sign_in_is_refused_when_the_clock_was_set_back(desk: Desk) -> None:
    desk.url = QUIET_PORT
    desk.store.outbox.set_meta(wall_at=str(micros(datetime.now(UTC) + timedelta(minutes=6))))
    with pytest.raises(Trouble) as trouble:
        desk.link.sign_in("lead", PASSWORD)
    assert trouble.value.code == "clock_back"


def test_the_password_is_not_kept(desk: Desk) -> None:
    desk.store.outbox._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert PASSWORD.encode() not in desk.store.outbox.path.read_bytes()


def test_a_line_that_fails_is_weak_first_then_offline_then_online_again(desk: Desk) -> None:
    states = []
    for seconds in (0.1, 1.5, 2.0, 1.0, 1.0):
        desk.link.failed()
        desk.now_s += seconds
        states.append(desk.link.link().state)
    desk.link.heard(0.1)
    states.append(desk.link.link().state)
    assert states == ["online", "online", "weak", "weak", "offline", "online"]


def test_a_hub_that_restarts_within_five_seconds_is_not_called_away(desk: Desk) -> None:
    desk.told.clear()
    for _ in range(40):
        desk.link.failed()
        desk.now_s += 0.1
    desk.link.heard(0.1)
    assert not any(change.line for change in desk.told)


def test_going_offline_and_coming_back_is_told_to_every_screen(desk: Desk) -> None:
    desk.told.clear()
    desk.link.failed()
    desk.now_s += 6
    desk.link.link()
    desk.link.heard(0.1)
    assert [change.line for change in desk.told if change.sync] == [True, True]
