"""Which sites to open: the cheapest plan, read from what others write, told with its bound."""

from __future__ import annotations

import itertools
import json
import math
from random import Random

import pytest

from app.boot import source
from app.sourcing.instance import Instance, read_instance
from app.sourcing.opening import plan_opening
from app.text import Text

pytest.importorskip("highspy")
LISTED = (("A", 100, 10), ("B", 60, 8), ("C", 0, 2))
SMALL = {
    "sites": [
        {"id": "A", "fixed_cost": 100, "capacity": 10},
        {"id": "B", "fixed_cost": 60, "capacity": 8},
        {"id": "C", "fixed_cost": 0, "capacity": 2},
    ],
    "demands": [{"id": "x", "qty": 4}, {"id": "y", "qty": 5}, {"id": "z", "qty": 1}],
    "unit_costs": [[1, 9, 3], [9, 2, 4], [5, 5, 1]],
    "max_split": 1,
}


def test_the_cheapest_plan_is_found_and_proven():
    opening = plan_opening(read_instance(SMALL))

    # B sends 8, C the other 2, of whose pieces x saves most; A would cost more than it saves
    assert opening.open == (1, 2)
    assert opening.cost == 60 + (2 * 9 + 2 * 3) + 5 * 2 + 1 * 5
    assert (opening.status, opening.gap) == ("optimal", 0)


@pytest.mark.parametrize("most", [1, 2, None])
@pytest.mark.parametrize("seed", range(3))
def test_no_set_of_sites_is_cheaper(seed, most):
    chance = Random(seed)  # noqa: S311 - the same instances every time
    instance = read_instance({
        "sites": [{"fixed_cost": chance.randint(5, 40), "capacity": chance.randint(3, 7)} for _ in range(4)],
        "demands": [1, 2, 2, 1],
        "unit_costs": [[chance.randint(1, 20) for _ in range(4)] for _ in range(4)],
        **({} if most is None else {"max_split": most - 1}),
    })  # fmt: skip

    opening = plan_opening(instance)

    assert opening.cost == pytest.approx(cheapest(instance))
    assert opening.bound == pytest.approx(opening.cost)
    for demand in range(4):
        mine = [amount for one, _, amount in opening.flows if one == demand]
        assert math.fsum(mine) == pytest.approx(instance.demands[demand].qty)
        assert len(mine) <= (most or 4)
    for site in range(4):
        load = math.fsum(amount for _, one, amount in opening.flows if one == site)
        assert load <= instance.sites[site].capacity + 1e-6


def cheapest(instance: Instance) -> float:
    """Try every way to send whole pieces: capacities are whole, so no plan in parts is cheaper."""
    ways = []
    for demand, costs in zip(instance.demands, instance.costs, strict=True):
        shares = (
            share
            for share in itertools.product(range(int(demand.qty) + 1), repeat=len(costs))
            if sum(share) == demand.qty and sum(map(bool, share)) <= (instance.most or len(costs))
        )
        ways.append([(share, sum(n * c for n, c in zip(share, costs, strict=True))) for share in shares])
    best = math.inf
    for way in itertools.product(*ways):
        loads = [sum(share[site] for share, _ in way) for site in range(len(instance.sites))]
        if all(load <= site.capacity for load, site in zip(loads, instance.sites, strict=True)):
            fixed = sum(site.fixed for load, site in zip(loads, instance.sites, strict=True) if load)
            best = min(best, fixed + sum(cost for _, cost in way))
    return best


@pytest.mark.parametrize(
    "said",
    [
        {"instance": SMALL},
        {
            "warehouses": [{"name": n, "f": f, "cap": c} for n, f, c in LISTED],
            "customers": {"x": 4, "y": 5, "z": 1},
            "costs": [[1, 9, 5], [9, 2, 5], [3, 4, 1]],  # a row for each site would look the same: see below
            "splits": 1,
        },
        {
            "facilities": ["A", "B", "C"], "fixed_costs": [100, 60, 0], "capacities": [10, 8, 2],
            "demands": [4, "5", 1], "total_costs": [[4, 36, 12], [45, 10, 20], [5, 5, 1]], "max_sites": 2,
        },
        {
            "sites": SMALL["sites"], "max_split": 1,
            "demands": [
                {"id": name, "demand": qty, "unit_costs": dict(zip("ABC", row, strict=True))}
                for name, qty, row in zip("xyz", (4, 5, 1), SMALL["unit_costs"], strict=True)
            ],
        },
        {
            **SMALL,
            "unit_costs": {
                site: {name: row[n] for name, row in zip("xyz", SMALL["unit_costs"], strict=True)}
                for n, site in enumerate("ABC")
            },
        },
    ],
)  # fmt: skip
def test_reasonable_spellings_mean_the_same(said):
    instance = read_instance(said)

    if "customers" in said:  # a square table has a row for each demand
        assert instance.costs[0] == (1, 9, 5)
        return
    assert [list(row) for row in instance.costs] == SMALL["unit_costs"]
    assert [site.fixed for site in instance.sites] == [100, 60, 0]
    assert [demand.qty for demand in instance.demands] == [4, 5, 1]
    assert instance.most == 2


def test_a_table_with_a_row_for_each_site_is_turned():
    turned = {**SMALL, "demands": [4, 5], "unit_costs": [[1, 9], [9, 2], [3, 4]]}

    assert read_instance(turned).costs == ((1, 9, 3), (9, 2, 4))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "An instance is an object"),
        ({}, "There are no sites"),
        ({**SMALL, "demands": []}, "There are no demands"),
        ({**SMALL, "unit_costs": [[1, 2], [3]]}, "The costs are no table"),
        ({**SMALL, "unit_costs": [[1, 9, -3], [9, 2, 4], [5, 5, 1]]}, "{where} holds no number"),
        ({**SMALL, "demands": [{"id": "x", "qty": 1e300}]}, "{where} holds no number"),
        ({**SMALL, "demands": [1, 2, True]}, "{where} holds no number"),
        ({**SMALL, "max_split": -1}, "max_split is a whole number"),
        ({**SMALL, "max_split": "many"}, "max_split is a whole number"),
        ({**SMALL, "sites": [{"id": "A"}, {"id": "A"}, {"id": "B"}]}, "Two sites or two demands"),
        ({**SMALL, "demands": [1] * 200_000}, "More than {sites} sites"),
    ],
)
def test_what_cannot_be_read_is_told(said, words):
    fault = read_instance(said)

    assert isinstance(fault, Text)
    assert fault.message.startswith(words)


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({}, 0, "optimal"),
        ({"demands": [4, 5, 99]}, 1, "infeasible"),
        ({"unit_costs": [[None, None, None], [9, 2, 4], [5, 5, 1]]}, 1, "infeasible"),
    ],
)
def test_the_verb_answers_with_one_object(changes, code, status, tmp_path, capsys):
    file = tmp_path / "instance.json"
    file.write_text(json.dumps({**SMALL, **changes}), encoding="utf-8")

    assert source.main([str(file), "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == status
    if code == 0:
        assert (said["cost"], said["bound"], said["gap"], said["open"]) == (99, 99, 0, ["B", "C"])
        assert sum(one["qty"] for one in said["plan"]) == 10
    else:
        assert (said["cost"], said["plan"]) == (None, [])


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"sites": NaN}', "\x00"])
def test_a_file_that_is_no_instance_is_a_sentence(text, tmp_path, capsys):
    file = tmp_path / "instance.json"
    file.write_text(text, encoding="utf-8")

    assert source.main([str(file), "--lang", "en"]) == 2
    assert "JSON" in capsys.readouterr().err
    assert source.main([str(tmp_path / "none.json"), "--lang", "en"]) == 2
    assert source.main([str(file), "--time-limit", "0"]) == 2
