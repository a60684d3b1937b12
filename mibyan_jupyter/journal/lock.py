"""A lock that ends with its process: tells the journal of a living kernel from a dead one's.

A forked child does not inherit it.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT = 1 << 40  # a byte behind all text: Windows keeps readers away from what is locked
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def hold(descriptor: int) -> None:
        """Lock the open file until it is closed; raises OSError where another process holds it."""
        os.lseek(descriptor, _AT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def hold(descriptor: int) -> None:
        """Lock the open file until it is closed; raises OSError where another process holds it."""
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _AT)


def is_held(path: Path) -> bool:
    """Whether another process holds the file; where that cannot be told (no locks), it does not.

    Never ask for a file that this process holds: closing it here would let it go.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        hold(descriptor)
    except OSError as error:
        return error.errno in _HELD
    finally:
        os.close(descriptor)
    return False
