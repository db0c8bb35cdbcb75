"""The settings in their window over a fake desk, with one section in front."""

from __future__ import annotations

from page_scene import Scene

from app.boot.settings import settings_page, settings_sections
from app.presenters.settings import Settings


def settings_scene(qtbot, aio, fake, section=""):
    """Open the settings; with a section its page is in front and has the keys."""
    sections = settings_sections(fake.desk, "")
    args = {"section": section} if section else None
    scene = Scene(
        qtbot,
        aio,
        lambda tasks, go: settings_page(Settings(fake.desk), sections, tasks, go),
        "settings",
        args,
    )
    if section:
        scene.do(scene.page.section().focus_first)
    return scene
