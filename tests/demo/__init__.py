"""Tests of the offline demo endpoint."""

from __future__ import annotations
