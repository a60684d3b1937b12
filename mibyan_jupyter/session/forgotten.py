"""What left the history on purpose and can be brought back. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.session.history import put_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.session.history import History


class Forgotten:
    """The history before the last reset, and before the last deletion or edit since.

    They are apart, since a deletion must not cost what a reset forgot.
    """

    def __init__(self) -> None:
        self._by_reset: History = ()
        self._by_hand: History = ()

    def by_reset(self, history: History) -> None:
        """A reset takes all of `history`."""
        self._by_reset, self._by_hand = history, ()

    def by_hand(self, history: History) -> None:
        """A deletion or an edit takes some of `history`."""
        self._by_hand = history

    def give_back(self) -> History:
        """What the last reset took; once that is back, what was taken by hand; else nothing."""
        if not self._by_reset:
            back, self._by_hand = self._by_hand, ()
            return back
        back, self._by_reset = self._by_reset, ()
        if self._by_hand:  # it was taken from what will follow
            self._by_hand = put_before(back, self._by_hand)
        return back

    def change(self, change: Callable[[History], History]) -> None:
        """What happens to turns of the history happens to them here too."""
        self._by_reset, self._by_hand = change(self._by_reset), change(self._by_hand)
