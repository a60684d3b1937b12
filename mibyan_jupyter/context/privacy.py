"""The privacy dial: how much of a live object's content may leave the machine."""

from __future__ import annotations

import enum

from mibyan_jupyter.errors import ConfigurationError

RARE = 5
"""Below `Privacy.ROWS` a distinct value is named only if it occurs at least this often."""


class Privacy(enum.IntEnum):
    """Four levels, each of which lets out what the one before it does, and a little more.

    * `NAMES`: the variable's name and type.
    * `SCHEMA`: shapes, sizes, and the names and types of columns; titles and labels of figures.
    * `STATS`: null shares, ranges and means of numbers and dates, how long texts are, the values
      of small numbers, the string keys of small dicts, and a distinct value only where it occurs
      at least five times in what was looked at. No rows, and no text that occurs once.
    * `ROWS`: a few rows or elements, and the beginnings of texts.
    """

    NAMES = 0
    SCHEMA = 1
    STATS = 2
    ROWS = 3

    @classmethod
    def from_name(cls, name: str) -> Privacy:
        """The level that a user means by this word; raises ConfigurationError."""
        try:
            return cls[name.strip().upper()]
        except KeyError:
            words = ", ".join(level.name.lower() for level in cls)
            raise ConfigurationError(
                f"{name[:40]!r} is no level of privacy.", f"Levels: {words}."
            ) from None
