"""Services over HTTP: asked once by their manifest, looked up when silent, told apart when they refuse."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import NOW, SHOPS
from hub_world import FEED, SEAL, HubWorld, bought
from service_world import Kuaidi100, Nuonuo, Sf, Simulated, served

from app.boot import services as verb
from app.commands.set_invoice import SetInvoice
from app.commands.set_shop import SetShop
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.values import Role
from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import LAST_WAIT_S, WORKER, Effects
from sync.hub.invoices import Invoices
from sync.hub.jobs import open_worker
from sync.hub.outward.connector import Connector, ref_of
from sync.hub.outward.service_file import connectors, read_services
from sync.hub.provider import Done, Pending, Rejected, Unclear, Unsent
from sync.manifest.errands import read_service, service_ids, service_of, settled
from sync.manifest.reading import BadManifest, from_yaml
from sync.manifest.sign import signature

NUONUO = {
    "app_key": "ak", "app_secret": "sk", "access_token": "t", "tax_no": "91350100M000100Y43",
    "seller_phone": "0571-1", "seller_address": "杭州", "clerk": "方",
}  # fmt: skip
SF = {
    "partner": "DOCKET", "check_word": "CHECK", "monthly_card": "7551234567", "sender_name": "仓库",
    "sender_phone": "0512-1", "sender_province": "江苏省", "sender_city": "苏州市",
    "sender_address": "园区1号",
}  # fmt: skip
KUAIDI = {
    "key": "KEY1", "secret": "SEC1", "partner_id": "p", "carrier_code": "yuantong", "sender_name": "仓库",
    "sender_phone": "0512-1", "sender_address": "园区1号",
}  # fmt: skip
LABEL = {
    "carrier": "SF", "service": "", "number": "DK-1", "pieces": "2", "name": "季小雨", "phone": "13900001001",
    "province": "浙江省", "city": "杭州市", "district": "拱墅区", "street": "文晖路1号",
}  # fmt: skip
INVOICE = Invoice(kind=InvoiceKind.SPECIAL, title="杭州临湖酒店用品有限公司", tax_no="91350100M000100Y43")
KEY = "label:o1:1"


@pytest.fixture
def at() -> Iterator[Callable[[Simulated, str, str, dict[str, str]], Connector]]:
    """`at(simulated, manifest, kind, settings)`: a connector to a service that stands on this machine."""
    open_: list[Any] = []

    def made(simulated: Simulated, id: str, kind: str, given: dict[str, str]) -> Connector:
        standing = served(simulated)
        open_.append(standing)
        service = service_of(id)
        return Connector(
            service, kind, settled(service, given | {"base_url": standing.__enter__()}), lambda: NOW
        )

    yield made
    for standing in open_:
        standing.__exit__(None, None, None)


def payload(**changes: str) -> bytes:
    return msgspec.json.encode(LABEL | changes)


# --- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("id", service_ids())
def test_every_service_says_in_both_languages_what_it_needs(id: str):
    service = service_of(id)

    assert all((service.about.zh, service.about.en))
    assert all(one.label.zh and one.label.en for one in service.settings.values())


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "模拟器"), ("en", "simulator")])
def test_an_operator_reads_what_each_needs_and_what_was_never_tried(
    capsys: pytest.CaptureFixture[str], language: str, word: str
):
    assert verb.main(["--lang", language]) == 0

    parts = capsys.readouterr().out.split("\n\n")
    assert len(parts) == len(service_ids())
    assert all(word in part for part in parts)
    assert "check_word" in parts[-1]


def test_signatures_are_those_of_the_vectors(shared_data: Callable[..., Path]):
    vectors = json.loads((shared_data("channels") / "signing_vectors.json").read_text(encoding="utf-8"))
    known = {one["id"]: one for one in vectors["vectors"]}
    nuonuo, sf, kuaidi, qimen, pushed = (known[name]["input"] for name in (
        "nuonuo-sign-computed", "sf-msgdigest-urlencoded-computed", "kuaidi100-order-computed",
        "qimen-md5-body-computed", "kuaidi100-callback-computed",
    ))  # fmt: skip
    told = service_of("kuaidi100_follow").hears
    assert told is not None

    made = {
        "nuonuo-sign-computed": signature(
            service_of("nuonuo").transport.sign,
            {name: nuonuo[name] for name in ("senid", "nonce", "timestamp")},
            {"app_key": nuonuo["app_key"], "app_secret": nuonuo["secret"]},
            nuonuo["body"].encode(),
        ),
        "sf-msgdigest-urlencoded-computed": signature(
            service_of("sf").transport.sign,
            {"msgData": sf["msg_data"], "timestamp": sf["timestamp"]},
            {"check_word": sf["checkword"]},
        ),
        "kuaidi100-order-computed": signature(
            service_of("kuaidi100").transport.sign,
            {"param": kuaidi["param"], "t": kuaidi["t"]},
            {"key": kuaidi["key"], "secret": kuaidi["secret"]},
        ),
        "qimen-md5-body-computed": signature(
            service_of("qimen").transport.sign,
            qimen["params"],
            {"app_secret": qimen["secret"]},
            qimen["body"].encode(),
        ),
        "kuaidi100-callback-computed": signature(
            told.sign, {"param": pushed["param"]}, {"salt": pushed["salt"]}
        ),
    }
    assert made == {name: known[name]["expected"] for name in made}


# --- one by one -----------------------------------------------------------------------------------


def test_a_label_is_asked_for_and_its_number_kept(at):
    sf = Sf()
    done = at(sf, "sf", "label", SF).send(KEY, payload())

    assert isinstance(done, Done)
    assert (done.ref, sf.false) == ("SF000000000000", 0)
    assert sf.made[ref_of(KEY)]["to"]["tel"] == LABEL["phone"]


def test_what_they_hang_up_on_is_unclear_and_found_by_its_number(at):
    sf = Sf()
    sf.hangs_up_each = 1
    connector = at(sf, "sf", "label", SF)

    with pytest.raises(Unclear):
        connector.send(KEY, payload())
    known = connector.look_up(KEY)

    assert isinstance(known, Done)
    assert connector.look_up("label:other:1") is None
    assert isinstance(connector.send(KEY, payload()), Pending)
    assert len(sf.made) == 1


def test_an_answer_that_breaks_off_is_unclear_whatever_was_asked(at):
    sf = Sf()
    sf.cuts = 2
    connector = at(sf, "sf", "label", SF)

    for ask in (lambda: connector.send(KEY, payload()), lambda: connector.look_up(KEY)):
        with pytest.raises(Unclear):
            ask()
    assert isinstance(connector.look_up(KEY), Done)


def test_who_refuses_is_told_apart_and_quotes_nobody(at):
    sf, nuonuo = Sf(), Nuonuo()
    sf.refuses, nuonuo.refuses = {LABEL["street"]}, {"季小雨"}
    bill = {"colour": "blue", "title": "季小雨", "tax_no": "", "order": "DK-1", "lines": []}

    told = at(sf, "sf", "label", SF).send(KEY, payload())
    said = at(nuonuo, "nuonuo", "invoice", NUONUO).send("invoice:o1:1", msgspec.json.encode(bill))

    assert (type(told), type(said)) == (Rejected, Rejected)
    assert (told.field or "bad_address", said.field) == ("bad_address", "tax_no")
    assert "季小雨" not in str(said)
    assert LABEL["street"] not in str(told)


def test_a_wrong_secret_waits_and_is_no_refusal_of_the_parcel(at):
    sf = Sf()
    with pytest.raises(Unsent) as caught:
        at(sf, "sf", "label", SF | {"check_word": "WRONG"}).send(KEY, payload())

    assert (caught.value.retry_after_s, sf.false, sf.made) == (300.0, 1, {})


def test_patience_asked_for_is_patience_given(at):
    nuonuo = Nuonuo()
    nuonuo.throttles = 1
    bill = {"colour": "blue", "title": "x", "tax_no": "", "order": "DK-1", "lines": []}
    with pytest.raises(Unsent) as caught:
        at(nuonuo, "nuonuo", "invoice", NUONUO).send("invoice:o1:1", msgspec.json.encode(bill))

    assert caught.value.retry_after_s == 30.0


def test_nobody_there_has_done_nothing():
    service = service_of("sf")
    connector = Connector(
        service, "label", settled(service, SF | {"base_url": "http://127.0.0.1:9"}), lambda: NOW
    )

    with pytest.raises(Unsent):
        connector.send(KEY, payload())


def test_who_neither_takes_numbers_nor_can_be_asked_says_so(at):
    kuaidi = Kuaidi100()
    connector = at(kuaidi, "kuaidi100", "label", KUAIDI)

    assert (connector.takes_keys, connector.can_look_up) == (False, False)
    assert isinstance(connector.send(KEY, payload()), Done)
    assert kuaidi.false == 0


def test_a_red_invoice_is_made_by_hand_where_they_do_not_make_one(at):
    nuonuo = Nuonuo()
    red = {"colour": "red", "title": "", "tax_no": "", "order": "DK-1", "lines": []}

    assert isinstance(at(nuonuo, "nuonuo", "invoice", NUONUO).send("k", msgspec.json.encode(red)), Rejected)
    assert nuonuo.asked == 0


# --- many -----------------------------------------------------------------------------------------


def test_so_many_invoices_as_orders_though_every_tenth_answer_is_lost(tmp_path: Path, at):
    count = int(os.environ.get("DOCKET_INVOICES", "20"))
    hub, nuonuo = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}"), Nuonuo()
    nuonuo.hangs_up_each = 10
    lead = hub.desk(Role.LEAD, "lead")
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("nn",), invoiced_when="paid", rev=0)
    lead.must(SetShop(shop=shop))
    for i in range(count):
        hub.channel.must(bought(f"o{i}"))
        lead.must(SetInvoice(order=f"o{i}", invoice=INVOICE))
    connector = at(nuonuo, "nuonuo", "invoice", NUONUO)
    worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))
    compose = {"invoice": Invoices(hub.engine, FEED, SEAL).compose}
    effects = Effects(worker, lambda _n, _k: connector, hub.clock, kinds=("invoice",), compose=compose)

    for _ in range(20):
        while effects.carry_out():
            pass
        hub.clock.now += timedelta(seconds=LAST_WAIT_S)

    states = [row.state for row in hub.rows(tables.effect) if row.kind == "invoice"]
    assert states == ["done"] * count
    assert (len(nuonuo.made), nuonuo.again, nuonuo.false) == (count, 0, 0)
    total = sum(hub.order(f"o{i}").payable_minor for i in range(count))
    assert sum(one["total"] for one in nuonuo.made.values()) == total
    assert hub.verify().ok
    hub.close()


# --- the file -------------------------------------------------------------------------------------


def written(path: Path, words: str, mode: int = 0o600) -> Path:
    path.write_text(words, encoding="utf-8")
    path.chmod(mode)
    return path


def test_the_file_names_services_and_who_gives_labels(tmp_path: Path):
    settings = "\n".join(f'{name} = "{value}"' for name, value in SF.items())
    words = (
        f'labels = "sf_main"\n[services.sf_main]\nmanifest = "sf"\n[services.sf_main.settings]\n{settings}\n'
    )
    file = read_services(written(tmp_path / "services.toml", words))

    assert file.labels == "sf_main"
    assert set(connectors(file, lambda: NOW)) == {("sf_main", "label"), ("sf_main", "void")}


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("services = 3", 0o600),
        ('labels = "x"\n[services]', 0o600),
        ('[services.x]\nmanifest = "sf"', 0o644),
        ("\x00", 0o600),
    ],
)
def test_a_file_that_cannot_be_used_is_told_so(tmp_path: Path, words: str, mode: int):
    with pytest.raises(Trouble):
        read_services(written(tmp_path / "services.toml", words, mode))


@pytest.mark.parametrize("given", [{}, SF | {"base_url": "http://sf.example.com"}, SF | {"colour": "red"}])
def test_settings_that_lack_or_reveal_something_are_refused(given: dict[str, str]):
    with pytest.raises(BadManifest) as caught:
        settled(service_of("sf"), given)

    assert all(isinstance(text, Text) for text in caught.value.texts)


def test_a_manifest_that_is_none_is_refused():
    with pytest.raises(BadManifest):
        service_of("nothing")
    with pytest.raises(BadManifest):
        read_service(from_yaml(b"format: 1\nid: x\n"))
