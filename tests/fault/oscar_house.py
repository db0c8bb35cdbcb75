"""The django-oscar shop as a process of its own: installed once, laid out anew, bought from by many."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import venv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import requests
from databases import Place
from requests.adapters import HTTPAdapter
from sqlalchemy import make_url
from urllib3.util import Retry

PACKAGES = ("Django==5.2.19", "django-oscar==4.2.1", "django-oscar-api==3.3.0", "psycopg[binary]==3.3.9")
PASSWORD = "quiet"  # noqa: S105 - of a shop that lives for one test
SHOP = Path(__file__).with_name("oscar") / "shop.py"
READY_TRIES = 70


@dataclass(frozen=True)
class Oscar:
    """One such shop at work."""

    base: str

    def buy(self) -> int:
        """Put one piece into a basket and pay for it, as its storefront does; return the last status."""
        api, visitor = f"{self.base}/api", requests.Session()
        wanted = {"url": f"{api}/products/1/", "quantity": 1}
        basket = visitor.post(f"{api}/basket/add-product/", json=wanted, timeout=30)
        if basket.status_code != 200:
            return basket.status_code
        to = {
            "country": f"{api}/countries/GB/", "first_name": "Ann", "last_name": "Lee",
            "line1": "1 High Street", "line4": "London", "postcode": "E1 6AN",
            "phone_number": "+442079460000",
        }  # fmt: skip
        paid = {"basket": basket.json()["url"], "guest_email": "ann@example.com", "shipping_address": to}
        return visitor.post(f"{api}/checkout/", json=paid, timeout=30).status_code

    def rush(self, buyers: int, attempts: int) -> Counter[int]:
        """Let many buy at once; return how often which status was answered."""
        answers: list[int] = []
        left = iter(range(attempts))

        def buy() -> None:
            while next(left, None) is not None:
                answers.append(self.buy())

        at_once = [threading.Thread(target=buy) for _ in range(buyers)]
        for one in at_once:
            one.start()
        for one in at_once:
            one.join()
        return Counter(answers)

    def sold(self) -> int:
        """Count its orders, as its own administration lists them; each is of one piece."""
        asked = requests.get(f"{self.base}/api/admin/orders/", auth=("docket", PASSWORD), timeout=30)
        return int(asked.json()["count"])


def installed() -> Path:
    """Return the Python of an environment that has the shop; it is made once.

    Raises:
        CalledProcessError: the packages cannot be had.
    """
    folder = Path(tempfile.gettempdir()) / f"docket-oscar-{'-'.join(PACKAGES[1:3]).replace('==', '-')}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "whole").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True
        )
        (folder / "whole").touch()
    return python


@contextmanager
def opened(place: Place, stock: int) -> Iterator[Oscar]:
    """Open the shop on a database of its own, beside ours on the same server."""
    with psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute("CREATE DATABASE oscar")
    url = make_url(place.url)
    host = url.query.get("host") or url.host or ""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env |= {
        "DATABASE_URL": f"postgresql://{url.username}:{url.password or ''}@/oscar",
        "DATABASE_HOST": host if isinstance(host, str) else host[0],
        "PASSWORD": PASSWORD,
        "STOCK": str(stock),
    }
    call = [str(installed()), "-W", "ignore", str(SHOP)]
    subprocess.run([*call, "prepare"], env=env, check=True, capture_output=True)
    port = _free_port()
    with (place.folder / "oscar.log").open("wb") as log:
        shop = subprocess.Popen([*call, "serve", str(port)], env=env, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, shop)
            yield Oscar(base)
        finally:
            shop.kill()
            shop.wait()


def _wait(base: str, shop: subprocess.Popen[bytes]) -> None:
    """Call until somebody answers, for a minute.

    Raises:
        ConnectionError: nobody did, or the shop ended.
    """
    patient = Retry(connect=READY_TRIES, backoff_factor=0.2, backoff_max=1.0)
    caller = requests.Session()
    caller.mount("http://", HTTPAdapter(max_retries=patient))
    caller.get(f"{base}/api/", timeout=30)
    if shop.poll() is not None:
        raise requests.ConnectionError("the shop ended")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
