"""A Vendure shop from outside: its buyers over the storefront API, and what its administration says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import requests

from app.text import N_, Text
from app.trouble import Trouble

CALL_S = 30.0
PAGE = 100
AUTH = "vendure-auth-token"
USER = "docket"
REFUSED = "... on ErrorResult { errorCode }"
_ADD = f"mutation add($id: ID!) {{ addItemToOrder(productVariantId: $id, quantity: 1) {{ {REFUSED} }} }}"
_WHO = f"mutation who($input: CreateCustomerInput!) {{ setCustomerForOrder(input: $input) {{ {REFUSED} }} }}"
_WHERE = f"""mutation where($input: CreateAddressInput!) {{
setOrderShippingAddress(input: $input) {{ {REFUSED} }} }}"""
_WAYS = "query ways { eligibleShippingMethods { id } eligiblePaymentMethods { code } }"
_WAY = f"mutation way($id: [ID!]!) {{ setOrderShippingMethod(shippingMethodId: $id) {{ {REFUSED} }} }}"
_NEXT = f'mutation next {{ transitionOrderToState(state: "ArrangingPayment") {{ {REFUSED} }} }}'
_PAY = f"mutation pay($input: PaymentInput!) {{ addPaymentToOrder(input: $input) {{ {REFUSED} }} }}"
_SIGN_IN = """mutation enter($user: String!, $password: String!) {
login(username: $user, password: $password) { ... on ErrorResult { errorCode } } }"""
_ORDERS = """query all($skip: Int!, $take: Int!) { orders(options: {filter: {active: {eq: false}},
skip: $skip, take: $take, sort: {id: ASC}}) { totalItems items { id state totalWithTax
lines { quantity productVariant { sku } } fulfillments { state trackingCode } } } }"""
_ARTICLES = """query articles { productVariants { items { id sku name priceWithTax
stockLevels { stockOnHand stockAllocated } } } }"""


@dataclass
class Visitor:
    """One who talks to an API of the shop; what the first answer calls them they stay."""

    url: str
    token: str = ""
    line: requests.Session = field(default_factory=requests.Session)

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer.

        Raises:
            Trouble: shop_silent, shop_refused: it does not answer, or answers with errors.
        """
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        said = {"query": query, "variables": variables}
        try:
            heard = self.line.post(self.url, json=said, headers=headers, timeout=CALL_S)
            answer = heard.json()
        except (requests.RequestException, ValueError) as fault:
            reason = type(fault).__name__
            raise Trouble(
                "shop_silent", Text(N_("The shop gives no answer: {reason}"), {"reason": reason})
            ) from fault
        self.token = self.token or heard.headers.get(AUTH, "")
        if answer.get("errors"):
            reason = str(answer["errors"][0].get("message", ""))[:200]
            raise _refused(reason)
        return answer["data"]

    def tell(self, query: str, **variables: Any) -> str:
        """Change something; return the code of why it was refused, empty where it was done."""
        (result,) = self.ask(query, **variables).values()
        return str(result.get("errorCode", ""))


class Sold(NamedTuple):
    """An order as the shop itself tells of it; `shipped` are numbers of parcels that it holds for sent."""

    total_minor: int
    pieces: Mapping[str, int]
    shipped: tuple[str, ...]


class Article(NamedTuple):
    """An article as the shop lists it; `free` pieces may be sold. Units: minor units of its currency."""

    id: str
    title: str
    price_minor: int
    on_hand: int
    free: int


class Vendure:
    """One shop that answers at `base`."""

    def __init__(self, base: str, password: str) -> None:
        self.base = base
        self._admin = Visitor(f"{base}/admin-api")
        self._password = password

    def sign_in(self) -> str:
        """Enter the administration; return the token that lets in."""
        refused = self._admin.tell(_SIGN_IN, user=USER, password=self._password)
        if refused:
            raise _refused(refused)
        return self._admin.token

    def articles(self) -> dict[str, Article]:
        """Return what it sells, by code."""
        found = self._admin.ask(_ARTICLES)["productVariants"]["items"]
        return {one["sku"]: _article(one) for one in found}

    def orders(self) -> dict[str, Sold]:
        """Return every order that was placed, by its number."""
        found: dict[str, Sold] = {}
        while True:
            page = self._admin.ask(_ORDERS, skip=len(found), take=PAGE)["orders"]
            found |= {one["id"]: _sold(one) for one in page["items"]}
            if not page["items"] or len(found) >= page["totalItems"]:
                return found

    def rush(self, count: int, buyers: int, codes: Sequence[str]) -> Counter[str]:
        """Let many buy at once until so many orders are placed; return how often what was refused.

        Everybody wants the last of `codes` too, and buys without it where none is left.
        """
        articles = self.articles()
        ids = [articles[code].id for code in codes]

        def buy(nth: int) -> str:
            plain = [ids[nth % (len(ids) - 1)]]
            no = self._bought(nth, [*plain, ids[-1]])
            if no and (again := self._bought(nth, plain)):
                raise _refused(again)
            return no

        with ThreadPoolExecutor(buyers, "buyer") as at_once:
            told = list(at_once.map(buy, range(count)))
        return Counter(no for no in told if no)

    def _bought(self, nth: int, wanted: Sequence[str]) -> str:
        """Put these into a basket and pay; return why the shop refused, empty where the order is placed."""
        visitor = Visitor(f"{self.base}/shop-api")
        for each in wanted:
            if no := visitor.tell(_ADD, id=each):
                return no
        who = {"firstName": "Ann", "lastName": f"Lee {nth}", "emailAddress": f"ann{nth}@example.com"}
        where = {
            "fullName": f"Ann Lee {nth}", "streetLine1": f"{nth + 1} High Street", "city": "London",
            "postalCode": "E1 6AN", "countryCode": "GB", "phoneNumber": f"+44207946{nth % 10_000:04d}",
        }  # fmt: skip
        if no := visitor.tell(_WHO, input=who) or visitor.tell(_WHERE, input=where):
            return no
        ways = visitor.ask(_WAYS)
        way, card = ways["eligibleShippingMethods"][0]["id"], ways["eligiblePaymentMethods"][0]["code"]
        return (
            visitor.tell(_WAY, id=[way])
            or visitor.tell(_NEXT)
            or visitor.tell(_PAY, input={"method": card, "metadata": {}})
        )


def _refused(reason: str) -> Trouble:
    return Trouble("shop_refused", Text(N_("The shop refuses a call: {reason}"), {"reason": reason}))


def _sold(said: Mapping[str, Any]) -> Sold:
    pieces: dict[str, int] = {}
    for line in said["lines"]:
        code = line["productVariant"]["sku"]
        pieces[code] = pieces.get(code, 0) + line["quantity"]
    sent = (one["trackingCode"] for one in said["fulfillments"] or () if one["state"] == "Shipped")
    return Sold(said["totalWithTax"], pieces, tuple(sent))


def _article(said: Mapping[str, Any]) -> Article:
    on_hand = sum(one["stockOnHand"] for one in said["stockLevels"])
    promised = sum(one["stockAllocated"] for one in said["stockLevels"])
    return Article(said["id"], said["name"], said["priceWithTax"], on_hand, on_hand - promised)
