"""`make soak`: each module's `measure(seconds)` gives rows; together they have ten minutes."""

from __future__ import annotations

import os
import sys
import time

from tests.benchmarks.table import as_text
from tests.soak import journal, load

SECONDS = 585.0  # what has begun is ended
soaks = (load, journal)  # the last one takes as many as there is time for

began = time.monotonic()
rows = [row for soak in soaks for row in soak.measure(began + SECONDS - time.monotonic())]
rest = f"{time.monotonic() - began:.0f} s; load of this machine: {os.getloadavg()[0]:.1f}"
sys.stdout.write(f"{as_text(rows)}\n\n{rest}\n")
sys.exit(not all(row.ok for row in rows))
