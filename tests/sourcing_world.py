"""Places, carriers and orders for sourcing; and the minimum found the slow way, by trying everything."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time
from random import Random

from app.domain.carrier import Carrier, cost_minor
from app.domain.decision import Decision
from app.domain.distance import Atlas, transit_h
from app.domain.freight import Band, Fare, Parcel
from app.domain.values import Region
from app.sourcing.case import Order, Place, Policy, Want
from app.sourcing.deciding import decide
from app.sourcing.lanes import Lanes, leaves_at

NOW = datetime(2026, 6, 13, 2, 0, tzinfo=UTC)  # ten o'clock in the morning in China
CITIES = {
    "A": ("江苏省", "苏州市", 120_600, 31_300),
    "B": ("广东省", "佛山市", 113_100, 23_000),
    "C": ("四川省", "成都市", 104_100, 30_600),
    "D": ("天津市", "天津市", 117_200, 39_100),
    "E": ("湖北省", "武汉市", 114_300, 30_600),
    "F": ("陕西省", "西安市", 108_900, 34_300),
}
ATLAS = Atlas(
    {"浙江省|杭州市": (120_200, 30_300)}
    | {f"{province}|{city}": (lng, lat) for province, city, lng, lat in CITIES.values()}
)
HOME = Region(province="浙江省", city="杭州市")
RIDGE = Carrier(
    code="SJ", title="Ridge", services=("standard", "fast"), volume_divisor=6_000, most_g=30_000,
    fares=(
        Fare(first_minor=800, step_minor=200, bands=(Band(3_000, 150),)),
        Fare(first_minor=1_500, step_minor=400, service="fast", hours=20),
        Fare(origin="苏州市", first_minor=500, step_minor=100),
    ),
)  # fmt: skip
FREIGHT = Carrier(
    code="YX",
    title="Far",
    first_g=5_000,
    takes_battery=False,
    fares=(Fare(first_minor=1_400, step_minor=60),),
)
CARRIERS = {"SJ": RIDGE, "YX": FREIGHT}
PLAIN = Policy(code="P", rev=1, split_most=3, split_minor=300, late_minor=20, scarce_minor=100)


def place(code: str, free: dict[str, int], **more: object) -> Place:
    """Return a place with these articles."""
    province, city, *_ = CITIES[code]
    return Place(**{"code": code, "region": Region(province=province, city=city), "free": free, **more})


def order(*wants: Want, **more: object) -> Order:
    """Return an order to Hangzhou."""
    return Order(**{"id": "o1", "region": HOME, "wants": wants, **more})


def wanted(*skus: str, qty: int = 1, **more: object) -> tuple[Want, ...]:
    """Return a line for each article."""
    return tuple(
        Want(**{"line": str(n), "sku": sku, "qty": qty, "weight_g": 400, **more})
        for n, sku in enumerate(skus, 1)
    )


def decided(bought: Order, *places: Place, policy: Policy = PLAIN, **changes: Carrier) -> Decision:
    """Decide about an order."""
    return decide(bought, places, policy, Lanes(CARRIERS | changes, ATLAS), NOW)


def sent(decision: Decision) -> dict[str, dict[str, int]]:
    """Say which place sends how many pieces of which line."""
    return {parcel.place: dict(parcel.takes) for parcel in decision.parcels}


# --- the slow way -----------------------------------------------------------------------------------


def random_case(chance: Random) -> tuple[Order, list[Place], Policy]:
    """Return an order of a few lines, places that have some of it, and a policy."""
    lines = chance.randint(1, 4)
    wants = tuple(
        Want(
            line=str(n), sku=f"S{n}", qty=chance.choice((1, 1, 1, 1, 2, 3)),
            weight_g=chance.choice((50, 400, 999, 1_500, 6_000, 11_000)),
            volume_cm3=chance.choice((0, 500, 9_000)), has_battery=chance.random() < 0.15,
            together="kit" if chance.random() < 0.3 else "",
        )
        for n in range(lines)
    )  # fmt: skip
    full = chance.random()
    places = [
        place(
            code,
            {want.sku: chance.randint(0, 3) for want in wants if chance.random() < 0.4 + full / 2},
            cut_off=chance.choice((time(9), time(17), time(22))),
        )
        for code in chance.sample(sorted(CITIES), chance.randint(1, 4))
    ]
    policy = Policy(
        code="P", split_most=chance.randint(0, 3), split_minor=chance.choice((0, 100, 300, 1_000)),
        late_minor=chance.choice((0, 10, 50)), scarce_minor=chance.choice((0, 90)),
    )  # fmt: skip
    promised = NOW.replace(day=chance.randint(14, 17))
    return order(*wants, promised_at=promised), places, policy


def least(bought: Order, places: list[Place], policy: Policy) -> int | None:
    """Return the least score of all ways to share all pieces out, each counted from its fares."""
    whole = [want for want in bought.wants if want.together]
    loose = [want for want in bought.wants if not want.together]
    rides: dict[tuple[str, int, int, bool], int | None] = {}
    ways = [
        [
            share
            for share in _compositions(want.qty, len(places))
            if all(n <= here.free.get(want.sku, 0) for n, here in zip(share, places, strict=True))
        ]
        for want in loose
    ]
    kits = [tuple(int(n == i) for i in range(len(places))) for n in range(len(places))] if whole else [None]
    best: int | None = None
    for kit in kits:
        holders = [here for n, here in zip(kit or (), places, strict=False) if n]
        if any(here.free.get(want.sku, 0) < want.qty for here in holders for want in whole):
            continue
        for shares in itertools.product(*ways):
            takes = [
                [(want, share[i]) for want, share in zip(loose, shares, strict=True) if share[i]]
                + [(want, want.qty) for want in whole if kit is not None and kit[i]]
                for i in range(len(places))
            ]
            score = _score(bought, places, policy, takes, rides)
            if score is not None and (best is None or score < best):
                best = score
    return best


def _compositions(qty: int, places: int) -> Iterator[tuple[int, ...]]:
    if places == 1:
        yield (qty,)
        return
    for mine in range(qty + 1):
        for rest in _compositions(qty - mine, places - 1):
            yield (mine, *rest)


def _score(
    bought: Order,
    places: list[Place],
    policy: Policy,
    takes: list[list[tuple[Want, int]]],
    rides: dict[tuple[str, int, int, bool], int | None],
) -> int | None:
    total, parcels = 0, 0
    for here, mine in zip(places, takes, strict=True):
        if not mine:
            continue
        grams, volume = sum(w.weight_g * n for w, n in mine), sum(w.volume_cm3 * n for w, n in mine)
        key = (here.code, grams, volume, any(want.has_battery for want, _ in mine))
        if key not in rides:
            rides[key] = _cheapest_ride(bought, here, policy, *key[1:])
        cheapest = rides[key]
        if cheapest is None:
            return None
        parcels += 1
        total += cheapest
        total += sum(policy.scarce_minor * qty // here.free[want.sku] for want, qty in mine)
    if parcels > policy.split_most + 1:
        return None
    return total + policy.split_minor * (parcels - 1)


def _cheapest_ride(
    bought: Order, here: Place, policy: Policy, grams: int, volume: int, has_battery: bool
) -> int | None:
    origin = (here.region.city, here.region.province)
    parcel = Parcel(weight_g=grams, volume_cm3=volume, has_battery=has_battery, origin=origin)
    costs = []
    for carrier in CARRIERS.values():
        for service in carrier.services or ("",):
            price = cost_minor(carrier, bought.region, parcel, NOW.date(), service=service)
            too_heavy = carrier.most_g and parcel.weight_g > carrier.most_g
            if price is None or too_heavy or (parcel.has_battery and not carrier.takes_battery):
                continue
            hours = 20 if service == "fast" else transit_h(ATLAS.km(here.region, bought.region))
            late_s = (leaves_at(here, NOW) - bought.promised_at).total_seconds() + hours * 3_600
            costs.append(price + policy.late_minor * max(0, int(-(-late_s // 3_600))))
    return min(costs, default=None)


def pieces(decision: Decision) -> Counter[str]:
    """Count what is sent of each line."""
    sums: Counter[str] = Counter()
    for parcel in decision.parcels:
        sums.update(dict(parcel.takes))
    return sums
