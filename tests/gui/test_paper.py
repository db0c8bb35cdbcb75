"""Papers come out so that a scanner and a person can read them: labels, slips, lists, shelves."""

from __future__ import annotations

import itertools
import string
from datetime import UTC, datetime
from random import Random

import msgspec
import paper_reader as reader
import pytest

from app.domain.paper import BinLabel, ContractPaper, Item, Label, PickList, Slip
from app.domain.values import Receiver, Region
from app.printing import SIZES, Job, Setup
from app.trouble import Trouble
from widgets import words
from widgets.paper import code128, press, qr
from widgets.paper.ink import Area, Bars, Sheet, Square, Words

AT = datetime(2026, 6, 13, 13, 40, tzinfo=UTC)
ZONE = "Asia/Shanghai"
STREET = "文晖路 88 号水岸嘉园 3 幢 1 单元 502 室（周末可收，放快递柜前请打电话）"
LABEL = Label(
    number="DK-118204", ext_id="3914066283772018822", channel="TM", shop="青禾旗舰店", warehouse="苏州仓",
    receiver=Receiver(name="季小雨", phone="13800000000", street=STREET),
    region=Region(province="浙江省", city="杭州市", district="拱墅区"), pieces=3, printed_at=AT, zone=ZONE,
    carrier="山脊快运", tracking_no="SF1234567890123",
)  # fmt: skip
ITEMS = tuple(
    Item(
        sku=f"LN-{n}",
        title=f"四件套 酒店款 白 {n} cm 全棉加厚磨毛床单被套",
        qty=n % 7 + 1,
        bin=f"A-{n:02}-01",
        number="DK-118204",
    )
    for n in range(1, 41)
)
SLIP = Slip(
    number="DK-118204", ext_id="391", channel="TM", shop="青禾旗舰店", buyer="季**", place="浙江省 杭州市",
    items=ITEMS, ordered_at=AT, printed_at=AT, zone=ZONE,
)  # fmt: skip
LIST = PickList(
    warehouse="苏州仓", orders=(("DK-118204", "季**", "浙江省 杭州市"), ("DK-118205", "白*", "上海市")),
    items=ITEMS, printed_at=AT, zone=ZONE, by="乔木生",
)  # fmt: skip
BIN = BinLabel(
    bin="A-07-03-2", warehouse="苏州仓", sku="BJ-045-O", title="橡木边几 圆 45 cm", barcode="6900000000622"
)


def setup(paper: str, **changes) -> Setup:
    return Setup(**({"paper": paper, "size": SIZES[paper][0], "dpi": 203} | changes))


def laid(content, paper: str, size: str = "") -> list[Sheet]:
    return press.sheets(content, setup(paper, **({"size": size} if size else {})))


def payloads(seed: int, count: int) -> list[str]:
    """Random texts a carrier or a shop could use: digits, letters, signs, runs of digits of every length."""
    random = Random(seed)  # noqa: S311 - the same every time
    signs = [chr(n) for n in range(33, 127)]
    kinds = (string.digits, string.ascii_uppercase + string.digits, "".join(signs))
    made = []
    for _ in range(count):
        parts = (
            "".join(random.choices(random.choice(kinds), k=random.randint(1, 8)))
            for _ in range(random.randint(1, 3))
        )
        made.append("".join(parts))
    return made


# --- Code 128 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_decoder_reads_every_bar_code_back(qapp, dpi):
    texts = payloads(dpi, 120)
    page = Area(0, 0, 100, 25)

    read = [reader.seen(reader.raster(Sheet((100, 25), (Bars(page, text),)), dpi)).bars for text in texts]

    assert read == [(text,) for text in texts]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("AB", [104, 33, 34]),
        ("1234", [105, 12, 34]),
        ("12", [105, 12]),
        ("123", [104, 17, 18, 19]),
        ("A12", [104, 33, 17, 18]),
        ("A1234", [104, 33, 99, 12, 34]),
        ("1234A", [105, 12, 34, 100, 33]),
        ("A1234B", [104, 33, 17, 18, 19, 20, 34]),
        ("A123456B", [104, 33, 99, 12, 34, 56, 100, 34]),
    ],
)
def test_code_sets_are_switched_where_it_is_shorter(text, values):
    assert list(code128.symbols(text)[:-2]) == values


def test_no_way_of_switching_is_shorter():
    """Every way to cut a short text into sets B and C, tried by hand, is at least as long."""
    for text in (
        "".join(signs) for size in (1, 2, 3, 4, 5, 6) for signs in itertools.product("1A", repeat=size)
    ):
        assert len(code128.symbols(text)) - 2 == shortest_by_hand(text), text


def shortest_by_hand(text: str) -> int:
    """The fewest symbols, start included, over every cut of the text into characters and pairs of digits."""

    def ways(rest: str, in_c: bool | None) -> int:
        if not rest:
            return 0
        costs = [1 + (in_c is not False) + ways(rest[1:], in_c=False)]
        if rest[:2].isdigit() and len(rest) > 1:
            costs.append(1 + (in_c is not True) + ways(rest[2:], in_c=True))
        return min(costs)

    return ways(text, None)


def test_the_checksum_is_the_standards():
    """Source: the example of every description, PJJ123C: 878 in code set A, so one more in B, modulo 103."""
    values = [103, 48, 42, 42, 17, 18, 19, 35]  # in code set A, as the example is written
    assert sum(at * value for at, value in enumerate(values[1:], 1)) + values[0] == 878
    assert code128.symbols("PJJ123C")[-2] == (104 + 878 - 103) % 103


@pytest.mark.parametrize("text", ["", "面单", "a\tb", "é"])
def test_what_bars_cannot_say_is_refused(text):
    assert not code128.can_say(text)
    with pytest.raises(code128.Unspeakable):
        code128.widths(text)


def test_bars_are_whole_dots_of_the_printer(qapp):
    image = reader.raster(Sheet((60, 10), (Bars(Area(3, 0, 54, 10), "SF1234567890123"),)), 203)
    row = [image.pixelIndex(x, image.height() // 2) for x in range(image.width())]
    runs = [len(list(same)) for _, same in itertools.groupby(row)][1:-1]

    assert set(runs) <= {n * min(runs) for n in (1, 2, 3, 4)}
    assert runs == [width * min(runs) for width in code128.widths("SF1234567890123")]


# --- QR --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_decoder_reads_every_square_back_chinese_too(qapp, dpi):
    texts = [*payloads(dpi + 1, 40), "订单工作台 DK-118204", "面单：季小雨"]

    read = [
        reader.seen(reader.raster(Sheet((30, 30), (Square(Area(0, 0, 30, 30), text),)), dpi)).squares
        for text in texts
    ]

    assert read == [(text,) for text in texts]


def test_a_square_has_its_three_eyes():
    rows = qr.modules("DK-118204")
    eye = [row[:7] for row in rows[:7]]

    assert eye == [row[-7:] for row in rows[:7]] == [row[:7] for row in rows[-7:]]
    assert eye[0] == (True,) * 7


# --- labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["label"])
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_label_is_read_back_from_its_pdf(qapp, tmp_path, size, dpi):
    file = tmp_path / "label.pdf"
    press.save(laid(LABEL, "label", size), file, dpi)

    assert reader.seen_in_pdf(file, dpi) == reader.Seen(("SF1234567890123",), ("DK-118204",))
    pages, (wide, high) = reader.size_of_pdf(file)
    assert (pages, round(wide), round(high)) == (1, *map(round, press.size_mm(size)))


def test_chinese_can_be_copied_out_of_the_pdf(qapp, tmp_path):
    file = tmp_path / "label.pdf"
    press.save(laid(LABEL, "label"), file, 203)
    copied = "".join(reader.words_in_pdf(file).split())

    for said in (
        "季小雨",
        "13800000000",
        STREET,
        "浙江省杭州市拱墅区",
        "青禾旗舰店",
        "山脊快运",
        "DK-118204",
    ):
        assert said.replace(" ", "") in copied


@pytest.mark.parametrize(
    "street", ["文三路 8 号", STREET, STREET * 3, "Rua das Laranjeiras 120, apto 301 " * 4]
)
@pytest.mark.parametrize("size", SIZES["label"])
def test_an_address_is_never_cut_and_never_runs_into_anything(qapp, street, size):
    long = msgspec.structs.replace(
        LABEL, receiver=Receiver(name="季小雨", phone="13800000000", street=street)
    )
    sheet = laid(long, "label", size)[0]
    words_ = [part for part in sheet.ink if isinstance(part, Words)]
    place = "".join(long.place.split())

    assert place in "".join(part.text for part in words_).replace(" ", "")
    for one, other in itertools.combinations(words_, 2):
        assert not overlap(one.area, other.area), (one.text, other.text)
    assert all(inside(part.area, sheet.size) for part in words_)


def overlap(one: Area, other: Area, slack: float = 0.2) -> bool:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return across > slack and down > slack


def inside(area: Area, size) -> bool:
    return area.x >= 0 and area.y >= 0 and area.x + area.w <= size[0] and area.y + area.h <= size[1]


def test_a_copy_says_so_in_both_languages(qapp):
    again = msgspec.structs.replace(LABEL, copy=2)

    assert "补打 2" in laid(again, "label")[0].words()
    words.set_language("en")
    assert "COPY 2" in laid(again, "label")[0].words()
    assert "COPY" not in laid(LABEL, "label")[0].words()


@pytest.mark.parametrize(("content", "paper"), [(LABEL, "label"), (SLIP, "slip"), (LIST, "list")])
def test_what_the_hub_has_not_answered_says_so(qapp, content, paper):
    pending = msgspec.structs.replace(content, is_unconfirmed=True)

    assert "待确认" in laid(pending, paper)[0].words()
    assert "待确认" not in laid(content, paper)[0].words()


# --- slips, lists, shelves -------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "paper"), [(SLIP, "slip"), (LIST, "list")])
def test_every_line_is_on_exactly_one_page(qapp, content, paper):
    for size in SIZES[paper]:
        pages = laid(content, paper, size)
        skus = [
            part.text
            for page in pages
            for part in page.ink
            if isinstance(part, Words) and part.text.startswith("LN-")
        ]

        assert sorted(skus) == sorted(item.sku for item in ITEMS)
        assert f"1/{len(pages)}" in pages[0].words()
        assert all(
            inside(part.area, page.size) for page in pages for part in page.ink if isinstance(part, Words)
        )


def test_a_slip_is_read_by_the_floors_scanner(qapp, tmp_path):
    file = tmp_path / "slip.pdf"
    press.save(laid(SLIP, "slip"), file, 203)

    assert reader.seen_in_pdf(file, 203).squares == ("DK-118204",)


@pytest.mark.parametrize("size", SIZES["bin"])
def test_a_shelf_speaks_the_articles_code(qapp, tmp_path, size):
    file = tmp_path / "bin.pdf"
    press.save(laid(BIN, "bin", size), file, 203)
    found = reader.seen_in_pdf(file, 203)

    assert found.squares == ("6900000000622",)
    assert set(found.bars) <= {"6900000000622"}
    assert "A-07-03-2" in reader.words_in_pdf(file)


# --- printers and folders --------------------------------------------------------------------------


def test_without_a_printer_a_pdf_lies_in_the_folder(qapp, tmp_path):
    done = press.press(Job(content=LABEL, setup=setup("label", folder=str(tmp_path / "papers"))))

    assert done.file == tmp_path / "papers" / "label-DK-118204.pdf"
    assert not done.fallback
    assert reader.seen_in_pdf(done.file, 203).squares == ("DK-118204",)


def test_a_printer_that_is_not_there_is_told_and_nothing_is_lost(qapp, tmp_path):
    job = Job(content=LABEL, setup=setup("label", printer="Zebra at desk 3", folder=str(tmp_path)))

    done = press.press(job)

    assert done.fallback
    assert words.trn(done.said).startswith("Zebra at desk 3")
    assert done.file is not None
    assert done.file.exists()


def test_two_files_never_take_one_name(qapp, tmp_path):
    job = Job(content=LABEL, setup=setup("label", folder=str(tmp_path)))

    names = [press.press(job).file.name for _ in range(3)]

    assert names == ["label-DK-118204.pdf", "label-DK-118204-2.pdf", "label-DK-118204-3.pdf"]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)


def test_a_folder_that_is_a_file_is_said_before_anything_is_written(qapp, tmp_path):
    (tmp_path / "papers").write_text("mine", encoding="utf-8")

    with pytest.raises(Trouble) as trouble:
        press.press(Job(content=LABEL, setup=setup("label", folder=str(tmp_path / "papers"))))

    assert trouble.value.code == "folder"
    assert (tmp_path / "papers").read_text(encoding="utf-8") == "mine"


# --- contracts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["contract"])
def test_a_contract_keeps_every_word_and_bears_its_code_on_every_page(size):
    text = "\n".join(f"{n}. 四件套 酒店款 白 × {n}" for n in range(1, 90))
    content = ContractPaper(number="DK-1", code="1f2e3d4c5b6a7988", text=text, printed_at=AT, zone=ZONE)

    pages = laid(content, "contract", size)

    words_of = [[ink.text for ink in page.ink if isinstance(ink, Words)] for page in pages]
    assert len(pages) > 1
    assert all("1f2e3d4c5b6a7988" in said for said in words_of)
    assert [line for said in words_of for line in said if " × " in line] == text.splitlines()
