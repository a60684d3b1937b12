"""Tests of what panels share."""
