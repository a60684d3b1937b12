"""CPU and memory of `%load_ext mibyan_jupyter` against `import httpx`, each in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys

from tests.benchmarks.table import Row

REPETITIONS = 9
_MEASURE = """
import re, time
{before}
def rss():  # not getrusage's, which begins with what the parent process had
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])
memory, began = rss(), time.process_time()
{statement}
print(time.process_time() - began, rss() - memory)
"""
_SHELL = "from IPython.core.interactiveshell import InteractiveShell as S; shell = S.instance()"
_STATEMENTS = {
    "load_ext": (_SHELL, "shell.run_line_magic('load_ext', 'mibyan_jupyter')"),
    "httpx": ("", "import httpx"),
}


def measure() -> list[Row]:
    """CPU seconds (median) of both, their ratio, and the memory that loading adds."""
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in _STATEMENTS}
    for _ in range(REPETITIONS):
        for name, (before, statement) in _STATEMENTS.items():
            samples[name].append(_once(before, statement))
    cpu = {name: statistics.median(cpu for cpu, _ in taken) for name, taken in samples.items()}
    memory = statistics.median(kilobytes for _, kilobytes in samples["load_ext"]) / 1024
    ratio = cpu["load_ext"] / cpu["httpx"]
    detail = f"{cpu['load_ext'] * 1000:.0f} ms of {cpu['httpx'] * 1000:.0f} ms CPU"
    return [
        Row("%load_ext / import httpx", f"{ratio:.2f}", "≤ 0.25", ok=ratio <= 0.25, detail=detail),
        Row("%load_ext memory", f"{memory:.1f} MB", "≤ 3 MB", ok=memory <= 3),
    ]


def _once(before: str, statement: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(before=before, statement=statement)],
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, kilobytes = done.stdout.split()
    return float(cpu), float(kilobytes)
