"""`make bench`: every measurement, as one table."""

from __future__ import annotations

import os
import sys

from tests.benchmarks import (
    bench_context,
    bench_interrupt,
    bench_journal,
    bench_load_ext,
    bench_panel,
)
from tests.benchmarks.table import as_text

benches = (bench_load_ext, bench_interrupt, bench_journal, bench_context, bench_panel)
rows = [row for bench in benches for row in bench.measure()]
sys.stdout.write(f"{as_text(rows)}\n\nload of this machine: {os.getloadavg()[0]:.1f}\n")
sys.exit(not all(row.ok for row in rows))
