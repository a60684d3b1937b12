"""The budget of a whole request: context, envelope and marks of redaction together."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mibyan_jupyter.config import Settings
from mibyan_jupyter.context.items import ContextItem, Gathered, Rank
from mibyan_jupyter.context.redaction import Secrets
from mibyan_jupyter.session.composing import compose
from mibyan_jupyter.session.turns import Turn, TurnRequest
from mibyan_jupyter.tokens import estimate_tokens

SECRET = "q7Zr-19x"
TEXTS = st.lists(
    st.sampled_from(["word ", "سطر ", "漢字", SECRET, f"{SECRET}\n", "\n"]), max_size=600
).map("".join)
ITEMS = st.lists(
    st.builds(ContextItem, source=st.text(max_size=60), text=TEXTS, rank=st.sampled_from(Rank)),
    max_size=6,
).map(tuple)


@settings(deadline=None, max_examples=150)
@example((ContextItem("cell", f"{SECRET}\n" * 500),), 1_000)
@given(ITEMS, st.integers(200, 2_000))
def test_what_goes_along_never_exceeds_the_budget(
    items: tuple[ContextItem, ...], budget: int
) -> None:
    """With the lines around it, the names of what was left out, and marks longer than secrets."""
    turn = Turn("t", TurnRequest("Why?"), model="m")
    chosen = Settings().with_changes(context_tokens=budget)
    composed = compose(
        (), turn, chosen, Gathered(items), secrets=Secrets([SECRET]), boundary="0" * 16
    )
    message = composed.messages[-1].content
    assert SECRET not in message
    assert message.endswith("Why?")
    assert estimate_tokens(message) - estimate_tokens("Why?") <= budget


def test_the_receipt_holds_no_secret() -> None:
    """What a provider calls its items and notes is its own text, too."""
    item = ContextItem(f"row {SECRET}", "text", notes=(f"cut at {SECRET}",))
    turn = Turn("t", TurnRequest("Why?"), model="m")
    gathered = Gathered((item,), notes=(f"not read: {SECRET}",))
    composed = compose((), turn, Settings(), gathered, secrets=Secrets([SECRET]), boundary="0" * 16)
    assert "row «redacted" in composed.receipt.items[0].source
    assert SECRET not in str(composed.receipt.as_json())
