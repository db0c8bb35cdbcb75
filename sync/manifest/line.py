"""The line to a channel: one request over HTTP, bounded in time and size."""

from __future__ import annotations

import requests

from app.text import N_, Text
from app.trouble import Trouble
from sync.manifest.caller import Answer
from sync.manifest.request import Request

CHUNK = 64 * 1024


class Http:
    """A `Line` over one session; redirects are not followed, keys go nowhere else."""

    def __init__(self, session: requests.Session | None = None) -> None:
        self._session = session or requests.Session()

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        """Send one request.

        Raises:
            Trouble: nobody answers in time, or too much comes back.
        """
        try:
            with self._session.request(
                request.method,
                request.url,
                headers=request.headers,
                data=request.body or None,
                timeout=timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = bytearray()
                for chunk in response.iter_content(CHUNK):
                    body += chunk
                    if len(body) > most_bytes:
                        raise Trouble(
                            "too_large",
                            Text(
                                N_("The channel answers with more than {most} MB. Look at its address."),
                                {"most": most_bytes // 2**20},
                            ),
                        )
                return Answer(response.status_code, dict(response.headers), bytes(body))
        except requests.Timeout:
            raise Trouble(
                "channel_silent",
                Text(N_("The channel does not answer in time. Try again in a while.")),
                retry=True,
            ) from None
        except requests.RequestException:
            raise Trouble(
                "channel_unreachable",
                Text(N_("The channel cannot be reached. Look at its address and at the hub's network.")),
                retry=True,
            ) from None

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()
