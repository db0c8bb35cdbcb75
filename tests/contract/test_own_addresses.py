"""Own addresses for notices: only what the operator allows, sealed, told to nobody, used beside the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import select
from test_notices import CLERKS, LEAD, WRONG, say
from test_notices import Post as Mailbox

from app.domain.own_address import Address, Allowed, NewAddress, read
from app.text import Text
from app.trouble import Trouble
from sync.door_tables import own_address
from sync.hub.asking import Worker
from sync.hub.bells import WORKER, Bells
from sync.hub.database import reading
from sync.hub.directory import Directory
from sync.hub.jobs import open_worker
from sync.hub.notices import Notices
from sync.hub.own_addresses import Addresses, Post

HEX_32 = "0123456789abcdef0123456789abcdef"
DING = f"https://oapi.dingtalk.com/robot/send?access_token={HEX_32}"
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d-0000-1111-2222-333344445555"
FEISHU = f"https://open.feishu.cn/open-apis/bot/v2/hook/{HEX_32}"
LARK = FEISHU.replace("feishu.cn", "larksuite.com")
ALL = Allowed(mail="mailtos://hub:pw@smtp.example.com", hosts=("hooks.example.com",))


@pytest.mark.parametrize(
    ("way", "value", "url", "mask"),
    [
        ("dingtalk", DING, f"dingtalk://{HEX_32}", "oapi.dingtalk.com …cdef"),
        ("wecom", WECOM, "wecombot://0a1b2c3d-0000-1111-2222-333344445555", "qyapi.weixin.qq.com …5555"),
        ("feishu", FEISHU, f"feishu://{HEX_32}", "open.feishu.cn …cdef"),
        ("feishu", LARK, f"lark://{HEX_32}", "open.larksuite.com …cdef"),
        (
            "mail",
            "lin.yi@example.cn",
            "mailtos://hub:pw@smtp.example.com?to=lin.yi%40example.cn",
            "l***@example.cn",
        ),
        ("web", "https://hooks.example.com/a/b-secret", "jsons://hooks.example.com/a/b-secret",
         "https://hooks.example.com/…cret"),
    ],
)  # fmt: skip
def test_what_a_person_copies_is_understood_and_shown_by_a_mask(way, value, url, mask):
    assert read(NewAddress(way=way, value=f" {value} "), ALL) == Address(url, mask)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ("dingtalk", DING.replace("https", "http")),
        ("dingtalk", DING.replace("oapi.dingtalk.com", "oapi.dingtalk.com.evil.cn")),
        ("dingtalk", DING.replace("oapi.", "user:pw@oapi.")),
        ("dingtalk", DING.replace(".com/", ".com:8443/")),
        ("dingtalk", f"dingtalk://{HEX_32}"),
        ("dingtalk", DING + "/../x"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send"),
        ("wecom", DING),
        ("feishu", f"https://open.feishu.cn/other/{HEX_32}"),
        ("mail", "lin@example.cn&to=other@example.cn"),
        ("mail", "lin@example.cn,other@example.cn"),
        ("mail", "lin@localhost"),
        ("web", "https://10.0.0.1/x"),
        ("web", "https://hooks.example.com@evil.cn/x"),
        ("web", "https://hooks.example.com/x?y=1"),
        ("web", "https://[bad/x"),
        ("file", "file:///etc/passwd"),
        ("web", "https://hooks.example.com/" + "x" * 300),
    ],
)
def test_what_leads_elsewhere_is_not_kept(way, value):
    assert isinstance(read(NewAddress(way=way, value=value), ALL), Text)


@pytest.mark.parametrize(
    ("way", "value"), [("mail", "lin@example.cn"), ("web", "https://hooks.example.com/x")]
)
def test_without_a_word_of_the_operator_there_are_robots_only(way, value):
    assert isinstance(read(NewAddress(way=way, value=value), Allowed()), Text)
    assert Allowed().ways == ("dingtalk", "wecom", "feishu")


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def hub(make_hub: Callable[..., HubWorld]) -> HubWorld:
    return make_hub(users=(*CLERKS, LEAD))


@pytest.fixture
def addresses(hub: HubWorld, box: Mailbox) -> Addresses:
    return Addresses(hub.engine, FEED, SEAL, hub.clock, Post(ALL, box, say))


def test_an_address_is_sealed_and_belongs_to_one_person(hub: HubWorld, addresses: Addresses):
    made = addresses.keep("lin", NewAddress(way="dingtalk", value=DING))

    with reading(hub.engine) as db:
        (row,) = db.execute(select(own_address)).all()
    assert HEX_32 not in str(tuple(row)).replace("\\x", "")
    assert HEX_32.encode() not in bytes(row.packed) + bytes(row.wrapped)
    assert [one.mask for one in addresses.mine("lin").items] == ["oapi.dingtalk.com …cdef"]
    assert addresses.mine("clerk").items == ()
    addresses.end("clerk", made.id)
    assert len(addresses.mine("lin").items) == 1
    with pytest.raises(Trouble) as caught:
        addresses.test("clerk", made.id)
    assert caught.value.code == "no_address"
    addresses.end("lin", made.id)
    assert addresses.mine("lin").items == ()


def test_a_try_says_whether_somebody_took_it(addresses: Addresses, box: Mailbox):
    made = addresses.keep("lin", NewAddress(way="dingtalk", value=DING))

    addresses.test("lin", made.id)
    assert [url for url, _ in box.got] == [f"dingtalk://{HEX_32}"]
    box.is_down = True
    with pytest.raises(Trouble) as caught:
        addresses.test("lin", made.id)
    assert caught.value.code == "not_taken"


def test_ten_addresses_are_enough_and_a_hub_without_a_way_out_keeps_none(hub: HubWorld, addresses: Addresses):
    for at in range(10):
        addresses.keep("lin", NewAddress(way="dingtalk", value=DING + f"{at}"))
    with pytest.raises(Trouble) as caught:
        addresses.keep("lin", NewAddress(way="dingtalk", value=DING))
    assert caught.value.code == "too_many"

    mute = Addresses(hub.engine, FEED, SEAL, hub.clock, Post())
    assert mute.mine("lin").ways == ()
    with pytest.raises(Trouble) as caught:
        mute.keep("clerk", NewAddress(way="dingtalk", value=DING))
    assert caught.value.code == "no_notices"


def test_who_is_told_at_their_desk_is_told_there_too_as_long_as_the_operator_allows_it(
    hub: HubWorld, addresses: Addresses, box: Mailbox
):
    info = open_worker(hub.engine, FEED, WORKER, hub.clock())
    bells = Bells(Worker(hub.engine, FEED, hub.writer, info), {})
    addresses.keep("lin", NewAddress(way="web", value="https://hooks.example.com/lin"))
    addresses.keep("clerk", NewAddress(way="dingtalk", value=DING))
    narrower = Addresses(hub.engine, FEED, SEAL, hub.clock, Post(Allowed(), box, say))
    directory = Directory(people={"lin": ("mailto://lin",)})
    notices = Notices(hub.engine, FEED, directory, box, say, "here", narrower)
    hub.channel.must(bought("o1", region=WRONG))

    for _ in range(4):
        hub.clock.move(seconds=1)
        bells.step(hub.clock())
        notices.step(hub.clock())

    assert sorted(url for url, _ in box.got) == [f"dingtalk://{HEX_32}", "mailto://lin"]
    assert all(msgspec.json.encode(body).count(b"DK-o1") == 1 for _, body in box.got)
