"""The file that names the folders of shops; it may hold passwords, so only the hub's account may read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.dropping.folder import Folder, LocalFolder
from sync.private import OTHERS

BYTES_MOST = 100_000
FOLDERS_MOST = 100
Said = Annotated[str, Meta(max_length=2_000)]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One folder: `path` alone is one of this machine; with `host` it lies behind SFTP."""

    shop: Annotated[str, Meta(min_length=1, max_length=16)]
    path: Annotated[str, Meta(min_length=1, max_length=1_000)]
    host: Said = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 22
    user: Said = ""
    password: Said = ""
    key_file: Said = ""
    host_key: Said = ""


class FolderFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The folders, at most one for each shop."""

    folder: Annotated[list[Named], Meta(max_length=FOLDERS_MOST)] = []


def read_folders(path: Path) -> dict[str, Folder]:
    """Return the folder of each shop.

    Raises:
        Trouble: `folders`: the file is not there, open to others, or says something else.
    """
    try:
        with path.open("rb") as file:
            mode, said = os.fstat(file.fileno()).st_mode, file.read(BYTES_MOST + 1)
    except OSError as fault:
        raise _unfit(N_("There is no file of folders at {path}."), path) from fault
    if os.name == "posix" and mode & OTHERS:
        raise _unfit(N_("{path} holds passwords and is open to others. Close it: chmod 600."), path)
    try:
        found = msgspec.toml.decode(said[:BYTES_MOST], type=FolderFile).folder
    except (msgspec.MsgspecError, ValueError) as fault:
        # Not the fault itself: it may quote a secret.
        raise _unfit(N_("{path} is no file of folders. See Operations in the help."), path) from fault
    if len({one.shop for one in found}) < len(found):
        raise _unfit(N_("{path} names two folders for one shop. Keep one."), path)
    return {one.shop: _folder(one, path) for one in found}


def _folder(one: Named, path: Path) -> Folder:
    if not one.host:
        return LocalFolder(Path(one.path))
    if not one.user or not (one.password or one.key_file) or not one.host_key:
        raise _unfit(N_("{path}: a folder behind SFTP needs user, password or key_file, and host_key."), path)
    from sync.hub.dropping.sftp import SftpFolder  # what it needs takes a while to load

    return SftpFolder(
        one.host, one.port, one.user, one.path, one.host_key, password=one.password, key_file=one.key_file
    )


def _unfit(message: str, path: Path) -> Trouble:
    return Trouble("folders", Text(message, {"path": str(path)}))
