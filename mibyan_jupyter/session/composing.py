"""What a turn sends: history, context and prompt become the request's messages. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.api.models import Message
from mibyan_jupyter.context.choose import choose
from mibyan_jupyter.context.envelope import ENVELOPE_TOKENS, enclose
from mibyan_jupyter.context.items import Receipt
from mibyan_jupyter.context.redaction import redact
from mibyan_jupyter.session.history import as_messages, earlier_turns, fit
from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mibyan_jupyter.config import Settings
    from mibyan_jupyter.context.items import Gathered
    from mibyan_jupyter.context.redaction import Secrets
    from mibyan_jupyter.session.history import History
    from mibyan_jupyter.session.turns import Turn


class Composed(NamedTuple):
    """The messages of one request, exactly as they go out, and the receipt of its context.

    `left_out` earlier turns did not fit.
    """

    messages: tuple[Message, ...]
    receipt: Receipt
    left_out: int = 0


def compose(
    history: History,
    turn: Turn,
    settings: Settings,
    gathered: Gathered,
    *,
    secrets: Secrets,
    boundary: str,
) -> Composed:
    """The request for `turn`; the preview is made by this same function."""
    available = earlier_turns(history, turn)
    sent = fit(available, settings.history_tokens)
    system = settings.system if turn.request.system is None else turn.request.system
    system = "\n\n".join(filter(None, (system, turn.request.instruction)))
    earlier = as_messages(sent, system)
    room = max(settings.context_tokens - ENVELOPE_TOKENS, 0)
    for _ in range(2):
        chosen = choose(gathered.items, room)
        left_out = [item.source for item in chosen.receipt if item.included == "left out"]
        user = Message("user", enclose(chosen.items, boundary, turn.prompt, left_out))
        messages, redactions = redacted(
            (*earlier, user), secrets, personal=settings.redact_personal
        )
        # A mark may be longer than the secret in whose place it stands.
        grown = estimate_tokens(messages[-1].content) - estimate_tokens(user.content)
        used = sum(item.tokens for item in chosen.receipt)
        if used + grown <= room:
            break
        room = max(room - grown, 0)

    receipt = _without_secrets(
        Receipt(chosen.receipt, redactions, settings.privacy, gathered.notes),
        lambda text: redact(text, secrets, personal=settings.redact_personal).text,
    )
    return Composed(messages, receipt, len(available) - len(sent))


def _without_secrets(receipt: Receipt, clean: Callable[[str], str]) -> Receipt:
    """The words in it are the providers' own, which anyone may add."""
    items = tuple(
        item._replace(source=clean(item.source), why=clean(item.why)) for item in receipt.items
    )
    return receipt._replace(items=items, notes=tuple(map(clean, receipt.notes)))


def redacted(
    messages: Iterable[Message], secrets: Secrets, *, personal: bool
) -> tuple[tuple[Message, ...], dict[str, int]]:
    """The messages without secrets (`personal`: and e-mails, phones), and how many, by kind."""
    counts: Counter[str] = Counter()
    clean = []
    for message in messages:
        result = redact(message.content, secrets, personal=personal)
        counts.update(result.counts)
        clean.append(message._replace(content=result.text))
    return tuple(clean), dict(counts)
