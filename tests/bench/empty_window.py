"""The least a window takes: Python, Qt, nothing in it; one line of JSON, milliseconds to its paint."""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtWidgets import QApplication, QWidget

app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1400, 900)
window.show()
window.repaint()
sys.stdout.write(
    json.dumps(round((time.monotonic() - float(os.environ["DOCKET_BENCH_BEGAN_S"])) * 1e3, 1)) + "\n"
)
