"""The import wizard in its window over a fake hub, and the ways through it that its tests share."""

from __future__ import annotations

import asyncio

import pytest
from desk_fake import Here
from page_scene import CTRL, Scene
from PySide6.QtCore import Qt

from app.presenters.import_file import ImportFile
from widgets.pages import import_file as pages
from widgets.pages.import_file import ImportFilePage

BODY = "order id,date,total,who\n7,05/06/2026,128.50,Ji\n8,06/06/2026,99.00,Lin\n"
NEVER_MS = 3_600_000


class Later(Here):
    """A lane whose answers come some turns later, as from a hub far away."""

    async def run(self, work, *args, **kwargs):
        for _ in range(20):
            await asyncio.sleep(0)
        return work(*args, **kwargs)


def wizard(qtbot, aio, fake, hub, lane=Here):
    """The page in front; its timer rests, a test looks itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "WATCH_MS", NEVER_MS)
        return Scene(qtbot, aio, lambda tasks, go: _page(fake, hub, lane(), tasks, go), "import_file")


def _page(fake, hub, lane, tasks, go):
    return ImportFilePage(ImportFile(fake.desk, hub, lane), tasks, go)


def with_file(scene, file):
    """A file dropped, its shop chosen."""
    drop(scene, file)
    scene.do(lambda: scene.page.files.shop_chosen.emit("TM1"))
    return scene


def state(scene):
    return scene.page.presenter.state


def drop(scene, *files):
    scene.do(lambda: scene.shell.go("import_file", {"files": "\n".join(map(str, files))}))


def ahead(scene, times=1):
    for _ in range(times):
        scene.press(Qt.Key.Key_Return, CTRL)


def bar(scene):
    """What the action bar offers: code → why it is off."""
    return {each.code: each.reason for each in scene.page.frame.bar._actions}


def at_columns(scene):
    ahead(scene, 2)
    return scene


def column(scene, name):
    """Go to a column of the file."""
    scene.do(lambda: scene.page.columns.table.pick(f"orders.csv/{name}"))


def to_the_run(scene):
    """Through every step to the rows going in."""
    at_columns(scene)
    ahead(scene, 3)


def watch(scene):
    """Look how far the hub is."""
    scene.do(lambda: scene.page.once("watch", scene.page.presenter.watch))
