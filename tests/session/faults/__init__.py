"""Every fault of the wire, and what has to become of it: one row each.

`full` is a complete turn, `kept` one that is cut off with its text, `none` a failed one without.
"""

from __future__ import annotations

from tests.session.faults.answers import BROKEN, NO_ANSWER, REASONS
from tests.session.faults.connections import NETWORK
from tests.session.faults.events import TOLERATED
from tests.session.faults.fault import KEY, Fault
from tests.session.faults.pieces import BYTES, SILENCE, SIZES
from tests.session.faults.statuses import REFUSED, RETRIED

__all__ = ["FAULTS", "KEY", "SILENCE", "Fault"]

FAULTS: tuple[Fault, ...] = (
    *(*NETWORK, *REFUSED, *RETRIED, *NO_ANSWER, *BROKEN),
    *(*REASONS, *TOLERATED, *SILENCE, *BYTES, *SIZES),
)
