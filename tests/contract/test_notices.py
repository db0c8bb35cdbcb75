"""Who is told of a hold outside the program, how often, and what the log of deliveries says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, RECEIVER, REGION, line
from hub_world import FEED, HubWorld, bought

from app.commands.claim import Claim
from app.commands.fix_address import FixAddress
from app.commands.read_notices import ReadNotices
from app.commands.set_shift import SetShift
from app.domain.bell import Bell
from app.domain.company import Shift, User
from app.domain.values import Role
from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.hub.asking import Worker
from sync.hub.bells import WORKER, Bells
from sync.hub.directory import Directory, read_directory
from sync.hub.jobs import open_worker
from sync.hub.notices import AGAIN, LINES_MOST, TRIES_MOST, Notices, deliveries

WRONG = msgspec.structs.replace(REGION, verdict="fix")
CLERKS = (User(code="clerk", title="林", role=Role.CLERK), User(code="lin", title="林二", role=Role.CLERK))
LEAD = User(code="lead", title="吴", role=Role.LEAD)


class Post:
    """What arrived where; `is_down` for a medium that takes nothing."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.is_down = False

    def tell(self, addresses, title, body):
        if not self.is_down:
            self.got += [(address, body) for address in addresses]
        return not self.is_down


def say(text: Text) -> str:
    return text.message.format_map({
        name: say(value) if isinstance(value, Text) else value for name, value in text.params.items()
    })  # fmt: skip


@pytest.fixture
def world(tmp_path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}", users=(*CLERKS, LEAD))
    yield hub
    hub.close()


PEOPLE = {"lin": ("mailto://lin",), "lead": ("dingtalk://lead",)}


class Both:
    """The two jobs of a hub: at desks, then outside."""

    def __init__(self, hub: HubWorld, post: Post, directory: Directory) -> None:
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        self.bells = Bells(Worker(hub.engine, FEED, hub.writer, info), directory.deputies)
        self.notices = Notices(hub.engine, FEED, directory, post, say, "here")

    def step(self, now: datetime) -> None:
        self.bells.step(now)
        self.notices.step(now)


def notices(hub: HubWorld, post: Post, **changes) -> Both:
    directory = Directory(people=PEOPLE, deputies={"lin": "lead"}, unread_min=15)
    return Both(hub, post, msgspec.structs.replace(directory, **changes))


def step(hub: HubWorld, told: Both, **after: float) -> None:
    hub.clock.move(**(after or {"seconds": 3}))
    told.step(hub.clock())


def log(hub: HubWorld) -> list[tuple[str, str, str, bool]]:
    """What the log says of those who have an address outside."""
    return [
        (one.gate, one.person, one.state, one.read_at is not None)
        for one in deliveries(hub.engine, FEED)
        if one.is_outside
    ]


def test_whoever_is_responsible_and_reachable_is_told_once_what_to_do(world: HubWorld):
    post = Post()
    told = notices(world, post)
    world.channel.must(bought("o1", region=WRONG), bought("o2"))
    step(world, told)
    step(world, told)

    ((address, body),) = post.got
    assert address == "mailto://lin"
    assert body.startswith("DK-o1, Address: Not understood yet.")
    assert RECEIVER.name not in body
    assert log(world) == [("address", "lin", "sent", False)]


def test_a_gate_that_closed_and_opens_again_does_not_tell_twice(world: HubWorld):
    post, desk = Post(), world.desk(Role.CLERK)
    told = notices(world, post)
    world.channel.must(bought("o1", region=WRONG))
    step(world, told)

    receiver = world.order().receiver
    desk.must(FixAddress(order="o1", receiver=receiver, region=REGION))
    desk.must(FixAddress(order="o1", receiver=receiver, region=WRONG))
    step(world, told)

    assert len(post.got) == 1


def test_what_nobody_looks_at_goes_to_the_deputy_and_what_is_claimed_does_not(world: HubWorld):
    post, desk = Post(), world.desk(Role.CLERK)
    told = notices(world, post)
    world.channel.must(bought("o1", region=WRONG), bought("o2", region=WRONG))
    step(world, told)
    desk.must(Claim(order="o1", kind="address_invalid"))

    step(world, told, minutes=16)

    (_, body) = post.got[-1]
    assert post.got[-1][0] == "dingtalk://lead"
    assert "DK-o2" in body
    assert "DK-o1" not in body
    assert sorted(log(world)) == [
        ("address", "lead", "sent", False),
        ("address", "lin", "sent", False),
        ("address", "lin", "sent", True),
    ]


def test_who_is_off_shift_hears_nothing(world: HubWorld):
    post = Post()
    night = Shift(code="N", title="night", since=time(2), until=time(3))
    world.desk(Role.LEAD).must(SetShift(shift=night))
    world.channel.must(bought("o1", region=WRONG))

    step(world, notices(world, post))

    assert post.got == []


def test_a_medium_that_is_down_is_tried_again_and_then_given_up(world: HubWorld):
    post = Post()
    told = notices(world, post, deputies={})
    post.is_down = True
    world.channel.must(bought("o1", region=WRONG))
    step(world, told)
    assert log(world) == [("address", "lin", "failed", False)]

    for _ in range(TRIES_MOST):
        step(world, told, seconds=AGAIN.total_seconds())
    post.is_down = False
    step(world, told, seconds=AGAIN.total_seconds())

    assert post.got == []
    assert log(world) == [("address", "lin", "failed", False)]


def test_many_holds_are_one_message_of_so_many_lines(world: HubWorld):
    post = Post()
    world.channel.must(*(bought(f"o{n}", region=WRONG) for n in range(LINES_MOST + 3)))
    told = notices(world, post)

    step(world, told)
    step(world, told)

    assert [len(body.splitlines()) for _, body in post.got] == [LINES_MOST, 3]


def test_goods_that_are_short_are_the_warehouses_and_a_hold_without_an_exception_is_nobodys(world: HubWorld):
    post = Post()
    world.channel.must(bought("o1", paid_minor=0), bought("o2", lines=(line(qty=11),)))

    step(world, notices(world, post))

    assert post.got == []


# --- at the desk ----------------------------------------------------------------------------------------


def bell(hub: HubWorld, person: str) -> list[tuple[str, str, bool, bool]]:
    """What somebody was told: order, instead of whom, whether it is over, whether they read it."""
    docs = [row.doc for row in hub.rows(tables.ref) if (row.tbl, row.pk) == ("bell", person)]
    known = msgspec.json.decode(docs[0], type=Bell).notices if docs else ()
    return [(one.order, one.instead_of, one.over_at is not None, one.read_at is not None) for one in known]


def test_everybody_responsible_is_told_at_their_desk_also_without_an_address(world: HubWorld):
    told = notices(world, Post(), people={})
    world.channel.must(bought("o1", region=WRONG), bought("o2"))
    step(world, told)
    step(world, told)

    assert bell(world, "lin") == bell(world, "clerk") == [("o1", "", False, False)]
    assert bell(world, "lead") == []
    assert [(one.person, one.is_outside) for one in deliveries(world.engine, FEED)] == [
        ("clerk", False), ("lin", False),
    ]  # fmt: skip


def test_whoever_was_told_hears_once_that_it_is_over_also_when_they_had_read_it(world: HubWorld):
    told, desk = notices(world, Post(), people={}), world.desk(Role.CLERK)
    world.channel.must(bought("o1", region=WRONG))
    step(world, told)
    desk.must(ReadNotices(person="clerk", notices=("o1/address",)))
    step(world, told)
    assert bell(world, "clerk") == [("o1", "", False, True)]
    assert {one.person: one.read_at is not None for one in deliveries(world.engine, FEED)} == {
        "clerk": True, "lin": False,
    }  # fmt: skip

    desk.must(FixAddress(order="o1", receiver=world.order().receiver, region=REGION))
    step(world, told)
    assert bell(world, "clerk") == [("o1", "", True, False)]
    desk.must(ReadNotices(person="clerk", notices=("o1/address",)))
    step(world, told)
    step(world, told)
    assert bell(world, "clerk") == [("o1", "", True, True)]


def test_what_was_read_at_the_desk_goes_to_no_deputy(world: HubWorld):
    told, desk = notices(world, Post(), people={}, deputies={"clerk": "lead"}), world.desk(Role.CLERK)
    world.channel.must(bought("o1", region=WRONG), bought("o2", region=WRONG))
    step(world, told)
    desk.must(ReadNotices(person="clerk", notices=("o1/address",)))

    step(world, told, minutes=16)
    step(world, told, minutes=16)

    assert bell(world, "lead") == [("o2", "clerk", False, False)]


def test_two_hubs_tell_nobody_twice(world: HubWorld):
    post = Post()
    one, other = notices(world, post), notices(world, post)
    world.channel.must(bought("o1", region=WRONG))
    world.clock.move(seconds=3)

    for told in (one.bells, other.bells, one.notices, other.notices, other.notices):
        told.step(world.clock())

    assert len(post.got) == 1
    assert bell(world, "lin") == [("o1", "", False, False)]


def test_nobody_reads_for_another(world: HubWorld):
    desk = world.desk(Role.CLERK)

    (answer,) = desk.send(desk.wish(ReadNotices(person="lin", notices=())))

    assert (answer.status, answer.refusal.code) == ("refused", "not_yours")


# --- the file --------------------------------------------------------------------------------------------


def written(path: Path, said: str, mode: int = 0o600) -> Path:
    path.write_text(said, encoding="utf-8")
    path.chmod(mode)
    return path


def test_the_file_says_who_is_told_where(tmp_path: Path):
    said = 'unread_min = 5\n[people]\nlin = ["mailto://a:b@c"]\n[deputies]\nlin = "lead"\n'

    known = read_directory(written(tmp_path / "notices.toml", said))

    assert known == Directory(people={"lin": ("mailto://a:b@c",)}, deputies={"lin": "lead"}, unread_min=5)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("people = 5", 0o600),
        ("[people]\nlin = [5]", 0o600),
        ("nonsense", 0o600),
        ('[people]\nlin = ["mailto://secret"]\n[more]\n', 0o600),
        ('[people]\nlin = ["mailto://secret"]\n', 0o644),
        ("x" * 100_001, 0o600),
    ],
)
def test_a_file_that_does_not_fit_is_told_without_what_it_says(tmp_path: Path, said, mode):
    with pytest.raises(Trouble) as trouble:
        read_directory(written(tmp_path / "notices.toml", said, mode))

    assert "secret" not in repr(trouble.value.hint)
    assert trouble.value.__cause__ is None or "secret" not in str(trouble.value.__cause__)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(Trouble):
        read_directory(tmp_path / "none.toml")


def test_the_day_of_the_first_hold_does_not_matter(world: HubWorld):
    """What has been held for longer than a day when a hub begins to tell is not told."""
    post = Post()
    world.channel.must(bought("o1", region=WRONG))

    step(world, notices(world, post), days=2)

    assert (post.got, world.clock() - NOW) == ([], timedelta(days=2))
