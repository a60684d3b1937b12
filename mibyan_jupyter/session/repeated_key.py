"""Takes the key out of what a server writes, should it repeat the one that it was sent. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mibyan_jupyter.keys import Key

_PUBLIC = 6  # characters that a key begins with and that tell nothing, such as "mb-"


class RepeatedKey:
    """`add` a text in pieces, cut anywhere, then its `rest`; both return what may be told.

    Nothing is hidden of a key that could be a word, such as a local server's `none`.
    """

    def __init__(self, key: Key | None) -> None:
        self._key = None if key is None or key.could_be_a_word else key
        self._begun = ""  # of the key, perhaps: what follows will tell

    def hide(self, text: str) -> str:
        """A whole text without the key, of which it may hold only the beginning, at its end."""
        if self._key is None:
            return text
        text = self._key.hidden_in(text)
        begun = self._key.begun_at_end_of(text)
        return text if begun <= _PUBLIC else text[:-begun] + str(self._key)

    def add(self, piece: str) -> str:
        """The piece, and what was held back, but for an end that the key may begin with."""
        if self._key is None:
            return piece
        text = self._key.hidden_in(self._begun + piece)
        told = len(text) - self._key.begun_at_end_of(text)
        self._begun = text[told:]
        return text[:told]

    def rest(self) -> str:
        """What was held back, now that nothing follows it."""
        begun, self._begun = self._begun, ""
        return self.hide(begun)
