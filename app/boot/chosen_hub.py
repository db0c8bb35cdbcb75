"""The hub a person chose for this desk, kept for the next start; a desk of another hub begins anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.remembered import LOOKS, remembered

CHOSEN, CA = "hub.json", "hub-ca.crt"
CA_MOST_BYTES, CHOSEN_MOST_BYTES = 1_000_000, 10_000
ADDRESS: Final = N_("Write the whole address, as your administrator gave it: https://hub.lan:8765")
NO_CA: Final = N_("{name} holds no certificate. Choose the file your administrator gave you.")
NO_HUB: Final = N_("Something answers at this address, but it is no hub. Are address and port right?")
_SAYS: Final = {
    "plain_http": N_("A hub on another PC needs an address with https."),
    "hub_refused": N_("Nobody listens at this address. Does the hub run, and is the port right?"),
    "hub_unreachable": N_("This address cannot be reached. Is it right, and is this PC on the network?"),
    "hub_slow": N_("This address does not answer in time. Is it right, and is this PC on the network?"),
    "hub_unreadable": NO_HUB,
}
UNKNOWN: Final = N_(
    "Nobody vouches for this hub's certificate. Choose the CA file your administrator gave you."
)


class ChosenHub(msgspec.Struct, frozen=True):
    """An empty address is the hub of this PC. `is_new`: no desk has worked with it yet."""

    url: str = ""
    ca: str = ""
    is_new: bool = False


def chosen_hub(home: Path) -> ChosenHub:
    """Return what was chosen for the desk in `home`; a file that cannot be read chose nothing."""
    try:
        with (home / CHOSEN).open("rb") as file:
            return msgspec.json.decode(file.read(CHOSEN_MOST_BYTES), type=ChosenHub)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ChosenHub()


def begin_anew(home: Path) -> Mapping[str, str]:
    """Throw away what this desk held of the hub before, once; return the looks that go on.

    Whoever chose the hub was refused while anything was unsent, and the desk was cleared then.
    """
    chosen = chosen_hub(home)
    if not chosen.is_new:
        return {}
    looks = remembered(home / "desk")
    for file in (home / "desk").glob("*"):
        if file.is_file() and file.name != LOOKS:
            file.unlink()
    _write(home, msgspec.structs.replace(chosen, is_new=False))
    return looks


class HubChoice:
    """Implements `app.presenters.connect.Connection` for the desk in `home`."""

    def __init__(self, home: Path, url: str, ca: str) -> None:
        self._home, self._url, self._ca = home, url, ca

    def chosen(self) -> tuple[str, str]:
        """Return what this start was told."""
        return self._url, self._ca

    def check(self, url: str, ca: str) -> None:
        """Speak to a hub.

        Raises:
            Trouble: with a sentence that says what is wrong, and what to do.
        """
        from sync.transport import Stopped, Transport
        from sync.trust import UNTRUSTED, Trust

        try:
            is_whole = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
        except ValueError:
            is_whole = False
        if not is_whole:
            raise Trouble("address", Text(ADDRESS))
        if ca:
            _certificate(Path(ca))
        try:
            transport = Transport(url, trust=Trust(ca))
            try:
                transport.health()
            finally:
                transport.close()
        except Stopped as stopped:
            raise Trouble("no_hub", Text(NO_HUB)) from stopped
        except Trouble as trouble:
            is_unknown = trouble.hint.message == UNTRUSTED
            said = UNKNOWN if is_unknown else _SAYS.get(trouble.code, "")
            raise Trouble(trouble.code, Text(said) if said else trouble.hint) from trouble

    def keep(self, url: str, ca: str) -> None:
        """Use this hub from the next start on; the file of who vouches is copied, it may be on a stick.

        Raises:
            Trouble: files cannot be written.
        """
        kept = self._home / CA
        try:
            if ca and Path(ca) != kept:
                kept.write_bytes(_certificate(Path(ca)))
            _write(self._home, ChosenHub(url, str(kept) if ca else "", is_new=url != self._url))
        except OSError as fault:
            hint = Text(N_("The choice cannot be kept: {why}."), {"why": fault.strerror or ""})
            raise Trouble("not_kept", hint) from fault


def _certificate(path: Path) -> bytes:
    import ssl  # slow to load, and rarely needed

    no_ca = Trouble("no_ca", Text(NO_CA, {"name": path.name}))
    try:
        with path.open("rb") as file:
            content = file.read(CA_MOST_BYTES)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=content.decode("ascii"))
    except (OSError, ValueError) as fault:  # an SSLError is an OSError
        raise no_ca from fault
    return content


def _write(home: Path, chosen: ChosenHub) -> None:
    draft = home / f"{CHOSEN}.part"
    draft.write_bytes(msgspec.json.encode(chosen))
    draft.replace(home / CHOSEN)
