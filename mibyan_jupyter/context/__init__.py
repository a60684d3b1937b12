"""What the notebook knows, gathered for one question: live, bounded, private, and shown."""

from __future__ import annotations
