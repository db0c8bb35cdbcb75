"""How many orders went to the warehouse with every gate green: two ways to one figure, forgeries and all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import NOW
from hub_world import HubWorld, bought

from app.boot import report
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.commands.waive import Waive
from app.domain.values import Role
from app.insight.compliance import Compliance

ZONE = ZoneInfo("Asia/Shanghai")


def figures(path: Path) -> tuple[Compliance, Compliance]:
    (told,) = report.read(f"sqlite:///{path}", None, NOW.date(), ZONE)
    return told.gates, told.gates_played_again


def test_what_was_noted_and_what_the_journal_says_is_one_figure(tmp_path: Path, capsys):
    path = tmp_path / "hub.db"
    hub = HubWorld(f"sqlite:///{path}")
    floor, lead = hub.desk(Role.WAREHOUSE, "floor"), hub.desk(Role.LEAD, "lead")
    hub.channel.must(*(bought(f"o{n}", paid_minor=32_000 if n < 4 else 0) for n in range(8)))
    floor.must(Pick(order="o0", line="1"), Pick(order="o0", line="1", qty=-1))  # and back into the queue
    for n in range(4, 8):  # whoever writes to the hub by himself gets nowhere
        forged = [
            Pick(order=f"o{n}", line="1"),
            Pack(order=f"o{n}"),
            Ship(order=f"o{n}", carrier="SF", tracking_no="1"),
        ]
        assert {answer.status for answer in floor.send(*map(floor.wish, forged))} == {"refused"}
    until, seal = NOW + timedelta(hours=1), hub.order("o4").content_hash
    lead.must(Waive(order="o4", gate="payment", content_hash=seal, reason="known", until=until))
    hub.close()

    noted, again = figures(path)

    assert noted == Compliance(moves=5, green=5, waived=1)
    assert (again.moves, again.green) == (5, 5)
    report.main(["--database", f"sqlite:///{path}", "--until", "2026-06-14", "--lang", "en"])
    said = capsys.readouterr().out
    assert "Released with every gate met: 5 of 5, 1 of them answered for" in said


def test_a_journal_that_was_touched_shows_in_one_of_the_two(tmp_path: Path):
    path = tmp_path / "hub.db"
    hub = HubWorld(f"sqlite:///{path}")
    hub.channel.must(bought("o1", paid_minor=0))
    hub.channel.must(bought("o1", ext_version="2"))
    assert hub.order("o1").released_at is not None
    hub.sql("UPDATE event SET body = replace(body, 'Gate passed', 'Gate left')")
    hub.close()

    noted, again = figures(path)

    assert (noted.green, again.green) == (1, 0)
