"""The measurements that the issues ask for. Ratios of one run; medians of several repetitions."""

from __future__ import annotations
