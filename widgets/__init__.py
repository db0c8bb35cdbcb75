"""The desk on screen: Qt widgets that draw what presenters say."""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401 - brings in what is told below

# WORKAROUND: after every import PySide reads the source of the module through, to see whether it names
# PySide, in case somebody switches snake_case names on; all of it stays in memory. Nobody does so here: it is
# a fifth of the time to load the desk, and 10 MB.
# https://doc.qt.io/qtforpython-6/developer/feature-motivation.html
_feature = sys.modules.get("shibokensupport.feature")
if _feature is not None and hasattr(_feature, "_mod_uses_pyside"):
    vars(_feature)["_mod_uses_pyside"] = lambda _module: False
