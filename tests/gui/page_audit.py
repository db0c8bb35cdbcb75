"""What every page owes to those who do not see it: a name for all that takes keys or clicks."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
)

INTERACTIVE = (QAbstractButton, QLineEdit, QAbstractItemView, QComboBox, QAbstractSpinBox)


def unnamed(page):
    """The visible controls of a page without an object name of this page or without a spoken name."""
    inside = [part for kind in INTERACTIVE for part in page.findChildren(kind)]
    own = [part for part in inside if part.isVisible() and not isinstance(part, QHeaderView)]
    own = [part for part in own if not isinstance(part.parent(), QAbstractSpinBox)]  # its box has the name
    return [
        (type(part).__name__, part.objectName(), part.accessibleName())
        for part in own
        if not part.accessibleName() or "/" not in part.objectName()
    ]
