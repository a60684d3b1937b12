"""`make bench`: every measurement, as one table."""

from __future__ import annotations

import os
import sys

from tests.benchmarks import bench_context, bench_interrupt, bench_load_ext
from tests.benchmarks.table import as_text

rows = [
    row for bench in (bench_load_ext, bench_interrupt, bench_context) for row in bench.measure()
]
sys.stdout.write(f"{as_text(rows)}\n\nload of this machine: {os.getloadavg()[0]:.1f}\n")
sys.exit(not all(row.ok for row in rows))
