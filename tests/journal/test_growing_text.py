"""An answer as it is written down while it grows: soon, in whole words, without secrets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.context.redaction import Secrets, redact
from mibyan_jupyter.journal.growing_text import GrowingText, Piece

SECRET = "hunter2-hunter2-hunter2"
SECRETS = Secrets([SECRET])
LETTERS = st.text("ab \n", max_size=12)


def clean(text: str) -> str:
    return redact(text, SECRETS).text


class Written:
    """What a reader of the pieces has, and everything that was ever written."""

    def __init__(self) -> None:
        self.text = ""
        self.all = ""

    def take(self, piece: Piece | None) -> None:
        if piece is not None:
            offset, text = piece
            assert offset <= len(self.text), "a gap"
            self.text = self.text[:offset] + text
            self.all += f"{text}\n"


def test_a_finished_line_is_written_at_once_and_the_rest_at_the_next_ticks() -> None:
    """Whole words at the first tick, a word that stands there at the second."""
    growing, written = GrowingText(clean), Written()
    written.take(growing.add("one\ntwo thr"))
    assert written.text == "one\n"
    written.take(growing.tick())
    assert written.text == "one\ntwo "
    written.take(growing.tick())
    assert written.text == "one\ntwo thr"
    assert not growing.is_waiting
    assert growing.tick() is None


def test_a_word_that_never_ends_is_written_a_tick_behind() -> None:
    """What one tick saw the next one writes, though the word goes on."""
    growing, written = GrowingText(clean), Written()
    seen = ""
    for _ in range(50):
        growing.add("x" * 30)
        written.take(growing.tick())
        assert written.text == seen
        seen += "x" * 30


@given(st.lists(LETTERS), st.integers(1, 4))
def test_two_ticks_after_the_end_all_is_written(deltas: list[str], every: int) -> None:
    """However the text came, and whenever the ticks fell in between."""
    growing, written = GrowingText(clean), Written()
    for number, delta in enumerate(deltas):
        written.take(growing.add(delta))
        if number % every == 0:
            written.take(growing.tick())
    for _ in range(2):
        written.take(growing.tick())
    assert written.text == growing.text == "".join(deltas)


@given(st.lists(st.integers(0, len(SECRET)), max_size=5), LETTERS, LETTERS)
def test_no_cut_lets_a_secret_through(cuts: list[int], before: str, after: str) -> None:
    """The whole secret is never written, in whatever deltas it came, ticked after each."""
    text = f"{before} {SECRET} {after}"
    ends = [len(before) + 1 + cut for cut in sorted(cuts)]
    growing, written = GrowingText(clean), Written()
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        written.take(growing.add(text[start:end]))
    for _ in range(2):
        written.take(growing.tick())
    assert SECRET not in written.all
    assert written.text == clean(text)


def test_a_very_long_line_is_not_written_again_and_again() -> None:
    """It settles at a word, so that each tick writes a few thousand characters at most."""
    growing, written = GrowingText(lambda text: text), Written()
    for _ in range(2_000):
        written.take(growing.add("ten words. " * 10))
        piece = growing.tick()
        assert piece is None or len(piece[1]) <= 4_200
        written.take(piece)
    assert written.text == growing.text == "ten words. " * 20_000
