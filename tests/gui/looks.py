"""What tests of painted parts share: a widget on screen, and how much of a colour it shows."""

from __future__ import annotations

from widgets import theme


def shown(qtbot, widget, wide=640, high=400):
    qtbot.addWidget(widget)
    widget.resize(wide, high)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def pixels(widget, role):
    """How many pixels of a widget have exactly a colour of the theme."""
    image, wanted = widget.grab().toImage(), theme.current().color(role).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))
