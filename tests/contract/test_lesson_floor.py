"""Every deck is laid out in a real hub, twice, and its goals see there what they see in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lesson_world import Ground

from app.boot.demo import DayClock
from app.boot.demo_company import OPENED_AT, PASSWORD, STARTS_AT, USERS, company
from app.boot.lesson_floor import LessonFloor
from app.boot.opening import FEED_ID, open_hub
from app.training.course import course
from app.training.lesson import score
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import open_database, writing
from sync.hub.verify import verify


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LessonFloor]:
    """The practice company on a morning on which nobody has bought anything yet."""
    folder: Path = tmp_path_factory.mktemp("floor")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKET_HOME", str(folder))
        database = f"sqlite:///{folder / 'hub.db'}"
        engine = open_database(database)
        with writing(engine) as db:
            install_company(db, FEED_ID, company(), OPENED_AT)
            set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
        engine.dispose()
        running = open_hub(database, clock=DayClock(STARTS_AT))
        yield LessonFloor(running)
        assert verify(running.hub.engine, FEED_ID).ok
        running.close()


@pytest.mark.parametrize("time", ["first", "again"])
def test_decks_are_laid_and_goals_see_what_they_see_in_memory(floor: LessonFloor, time: str):
    for lesson in course():
        deck = floor.lay(lesson)

        assert score(lesson, floor.look(deck)).faults == Ground(lesson).score().faults, (lesson.code, time)
