"""Tables are searched for the same thing twice; nothing is taught."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.linkage.columns import Kind, column, kind_of, normal
from app.linkage.finding import Found, find_same
from app.linkage.groups import LARGEST, groups

np = pytest.importorskip("numpy")


def table(rows: list[dict[str, str]], *names: str) -> Found:
    return find_same([column(name, [row[name] for row in rows]) for name in names])


def quality(found: Found, answer: list[str]) -> tuple[float, float]:
    def pairs(counts: Counter[str]) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    right = sum(pairs(Counter(answer[i] for i in group)) for group in found.groups)
    claimed = sum(len(group) * (len(group) - 1) // 2 for group in found.groups)
    return right / max(claimed, 1), right / max(pairs(Counter(answer)), 1)


def people(count: int, twice: int) -> tuple[list[dict[str, str]], list[str]]:
    """Buyers, some of them entered a second time with a slip of the hand."""
    dice = random.Random(4)  # noqa: S311 - no secret
    syllables = ("wang", "li", "zhang", "chen", "mei", "hua", "jun", "tao", "ning", "rui", "bo", "yan", "fei")
    rows, answer = [], []
    for i in range(count):
        row = {
            "name": " ".join(dice.choice(syllables) + dice.choice(syllables) for _ in range(2)),
            "phone": f"1{dice.randrange(3 * 10**9, 9 * 10**9)}",
            "address": f"{dice.randrange(1, 400)} {dice.choice(syllables)}{dice.choice(syllables)} street",
            "city": dice.choice(("hangzhou", "ningbo", "suzhou", "shanghai")),
        }
        rows.append(row)
        answer.append(str(i))
        if i < twice:
            again = dict(row)
            slip = i % 3
            if slip == 0:
                again["phone"] = again["phone"][:-2] + again["phone"][-1] + again["phone"][-2]
            elif slip == 1:
                again["name"] = again["name"][1:]
            else:
                again["address"] = again["address"].upper().replace(" STREET", " St.")
            rows.append(again)
            answer.append(str(i))
    return rows, answer


def test_slips_of_the_hand_are_seen_through():
    rows, answer = people(600, 90)

    precision, recall = quality(table(rows, "name", "phone", "address", "city"), answer)

    assert precision >= 0.98
    assert recall >= 0.95


def test_a_table_without_duplicates_has_none():
    rows, _ = people(600, 0)

    assert table(rows, "name", "phone", "address", "city").groups == ()


def test_every_pair_says_column_by_column_why():
    rows, _ = people(300, 60)
    found = table(rows, "name", "phone", "address", "city")
    one, other = next(group for group in found.groups if rows[group[0]]["phone"] != rows[group[1]]["phone"])

    (pair,) = found.pairs([one], [other])

    stands = {trait.field: trait.stands for trait in pair.traits}
    assert stands == {"name": "same", "phone": "near", "address": "same, same number", "city": "same"}
    assert pair.score_pct >= 90
    assert all(trait.bits > 0 for trait in pair.traits if trait.field in {"name", "address"})


def test_the_same_table_gives_the_same_answer():
    rows, _ = people(200, 40)

    first, second = (table(rows, "name", "phone", "address") for _ in range(2))

    assert first.groups == second.groups


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["138 0571 2233", "0571-88991122", "138****2233"], Kind.NUMBER),
        (["¥12.50", "99.00", "1,200.00"], Kind.AMOUNT),
        (["浙江省杭州市西湖区文三路12号3幢", "江苏省苏州市中山路8号2单元"], Kind.ADDRESS),
        (["1212 S. Plymouth Ct", "27 W 47th Street"], Kind.ADDRESS),
        (["Linksys EtherFast 8-Port Switch", "Netgear ProSafe Switch"], Kind.TEXT),
        (["rec-223-org", "rec-122-dup-0"], Kind.CODE),
        (["王伟", "李娜"], Kind.WORD),
        (["", "  "], Kind.EMPTY),
    ],
)
def test_a_column_shows_what_it_holds(cells: list[str], kind: Kind):
    assert kind_of("c", cells) is kind


def test_ways_of_writing_do_not_matter():
    assert normal("+86 138-0571-2233", Kind.NUMBER) == normal("13805712233", Kind.NUMBER)
    assert normal("文三路１２号３幢601室", Kind.ADDRESS) == normal("文三路12-3-601", Kind.ADDRESS)
    assert normal("27 West 47th Street", Kind.ADDRESS) == normal("27 W. 47th St", Kind.ADDRESS)
    assert normal("DVD-LS83 Player", Kind.TEXT) == normal("DVDLS83 player", Kind.TEXT)


def test_a_chain_of_weak_links_is_no_group():
    """Each is like the next one, and nothing like those further on."""
    count = 12
    one, other = np.arange(count - 1), np.arange(1, count)

    def scorer(a, b):
        return np.where(np.abs(a - b) == 1, 3.0, -6.0)

    found = groups(count, one, other, scorer(one, other), 2.0, scorer)

    assert max(map(len, found)) == 2


def test_an_endless_chain_is_cut():
    count = 3 * LARGEST
    one, other = np.arange(count - 1), np.arange(1, count)

    def scorer(a, b):
        return np.full(len(a), 5.0)

    assert max(map(len, groups(count, one, other, scorer(one, other), 2.0, scorer))) <= LARGEST


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_any_rows_are_no_trouble(rows: int):
    assert find_same([column("a", ["x"] * rows)]).groups == ()


def test_rows_that_are_all_the_same_are_no_trouble():
    assert table([{"a": "x y z", "b": "7"}] * 300, "a", "b").groups is not None


def test_the_sites_reach_their_goal(shared_data: Callable[[str], Path]):
    """Also a floor for what may change here: P 0.97 and R 0.90."""
    path = shared_data("dedupe_real") / "early_childhood_true_ids.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    precision, recall = quality(
        table(rows, "Site name", "Address", "Zip", "Phone"), [row["True Id"] for row in rows]
    )

    assert precision >= 0.97
    assert recall >= 0.90


def test_rows_that_are_equal_in_all_that_is_compared_are_one_thing_however_little_that_is():
    names = [{"name": f"{a}{b}{c}"} for a in "赵钱孙李" for b in "小大文明" for c in "雨军"]
    told = table([*names, {"name": "钱文雨"}], "name")

    assert [[names[group[0]]["name"], group[1]] for group in told.groups] == [["钱文雨", len(names)]]
    assert told.pairs([told.groups[0][0]], [len(names)])[0].score_pct >= 99
    few = [{"name": "Ann", "town": "Ulm"}, {"name": "Ann", "town": "Ulm"}, {"name": "Bo", "town": ""}]
    assert table(few, "name", "town").groups == ((0, 1),)


def test_what_many_rows_have_in_common_or_leave_open_makes_them_no_duplicates():
    towns = [{"town": town} for town in ("hangzhou", "ningbo", "suzhou", "shanghai") * 10]
    half = [{"name": f"n{i}", "town": "Ulm"} for i in range(30)] + [{"name": "", "town": "Bonn"}] * 2

    assert table(towns, "town").groups == ()
    assert table(half, "name", "town").groups == ()
