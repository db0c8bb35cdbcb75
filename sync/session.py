"""One line to one hub: what `requests` works out anew for every request is worked out once.

Cookies, redirects, merged settings and a parsed address cost a desk more than the exchange itself (measured);
proxies, certificates and connections stay those of `requests`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import requests
from requests.structures import CaseInsensitiveDict

from sync.deadline import Deadline
from sync.trust import Trust


class Session(requests.Session):
    """Speaks to what lies under `url`; `is_near`: on this PC, where nothing is gained by packing."""

    def __init__(self, url: str, trust: Trust, deadline: Deadline, *, is_near: bool) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, deadline.adapter())
        self.trust_env = not is_near
        if trust.ca:
            self.verify = trust.ca
        self._url = url
        self._standing = {name: str(value) for name, value in self.headers.items()}
        """Headers of every request."""
        if is_near:
            self._standing["Accept-Encoding"] = "identity"
        self._base, self._settings = "", dict[str, Any]()

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        params: dict[str, Any] | None = None,
        body: bytes = b"",
        timeout: tuple[float, float] = (0.0, 0.0),
    ) -> requests.Response:
        """Send one request and return the head of its answer; the body is left on the line.

        Raises:
            requests.RequestException: the hub cannot be reached, or `url` is none.
        """
        if not self._base:
            self._base = str(requests.Request("GET", self._url).prepare().url).rstrip("/")
            self._settings = dict(self.merge_environment_settings(self._base, {}, True, None, None))
        asked = requests.PreparedRequest()
        asked.method, asked.url = method, self._base + path + ("?" + urlencode(params) if params else "")
        asked.headers = CaseInsensitiveDict(self._standing | headers)
        if method not in {"GET", "HEAD"}:
            asked.body = body
            asked.headers["Content-Length"] = str(len(body))
        return self.get_adapter(asked.url).send(asked, timeout=timeout, **self._settings)
