"""kill -9 loses nothing that was shown a second before. `make soak` kills 200 writers."""

from __future__ import annotations

from pathlib import Path

from tests.journal.kills import kill_writers


def test_a_killed_writer_has_kept_what_was_shown(tmp_path: Path) -> None:
    """Eight at random moments, two of them while the file is written anew."""
    kept = kill_writers(8, tmp_path)
    assert [each.lost for each in kept if each.lost] == []
    assert all(each.damaged <= 1 for each in kept)
    assert sum(each.shown for each in kept) > 100
    assert any(each.mid_rotation for each in kept)
