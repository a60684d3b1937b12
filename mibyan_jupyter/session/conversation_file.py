"""A conversation in a JSON file: saved, it is loaded as it was.

The file holds each message that was sent once; the turns name them by number. `version` is 1.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import CommandError, ConfigurationError
from mibyan_jupyter.export.files import absolute, check_place, shown, write_whole
from mibyan_jupyter.session.turn_json import turn_as_json, turn_from_json

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from mibyan_jupyter.session.turns import Turn

FORMAT, VERSION = "mibyan-jupyter conversation", 1


def save_conversation(
    history: Sequence[Turn], path: str | os.PathLike[str], *, force: bool = False
) -> Path:
    """Write the ended turns to `path`; an existing file is replaced with `force` only.

    Returns the absolute path. Raises CommandError and ConfigurationError.
    """
    target = absolute(path)
    check_place(target, force=force)
    write_whole(target, as_text([turn for turn in history if turn.ended]))
    return target


def load_conversation(path: str | os.PathLike[str]) -> tuple[Turn, ...]:
    """The turns that the file holds; raises CommandError or ConfigurationError."""
    source = absolute(path)
    try:
        text = source.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise _damaged(source) from None
    except ValueError:  # a null byte in the name
        raise CommandError(f"There is no file {shown(source)}.", "Check its name.") from None
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise CommandError(
            f"{shown(source)} could not be read: {why}.", "Check its name and its folder."
        ) from None
    try:
        return from_text(text)
    except (ValueError, RecursionError):
        raise _damaged(source) from None


def as_text(turns: Sequence[Turn]) -> str:
    """The file's text."""
    numbers: dict[tuple[str, str], int] = {}
    values = []
    for turn in turns:
        value = turn_as_json(turn)
        sent = [(message["role"], message["content"]) for message in value["sent"]]
        values.append(value | {"sent": [numbers.setdefault(each, len(numbers)) for each in sent]})
    messages = [{"role": role, "content": content} for role, content in numbers]
    whole = {"format": FORMAT, "version": VERSION, "messages": messages, "turns": values}
    return json.dumps(whole, indent=1) + "\n"


def from_text(text: str) -> tuple[Turn, ...]:
    """The turns of a file's text; raises ValueError, ConfigurationError for another version."""
    whole = json.loads(text)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError("another format")
    if whole.get("version") != VERSION:
        raise ConfigurationError(
            f"This conversation was saved in format version {str(whole.get('version'))[:20]}.",
            f"This mibyan-jupyter reads version {VERSION}: use the one that saved it.",
        )
    try:
        turns = tuple(_turn(value, whole["messages"]) for value in whole["turns"])
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None
    if len({turn.id for turn in turns}) < len(turns) or not all(turn.ended for turn in turns):
        raise ValueError("turns that no conversation has")
    return turns


def _turn(value: dict[str, Any], messages: list[Any]) -> Turn:
    sent = [messages[number] for number in value.get("sent", ())]
    return turn_from_json({**value, "sent": sent})


def _damaged(source: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{shown(source)} is no saved conversation, or is damaged.",
        "Name a file that %mibyan save has written.",
    )
