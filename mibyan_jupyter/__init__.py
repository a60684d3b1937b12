"""Ask Mibyan in a notebook cell; answers stream in as live, safe Markdown.

    %load_ext mibyan_jupyter

    %%mibyan
    Why is the median of a skewed sample below its mean?

Public names load on first use, so that `%load_ext` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mibyan_jupyter._version import __version__ as __version__

if TYPE_CHECKING:
    from mibyan_jupyter.context.items import ContextItem as ContextItem
    from mibyan_jupyter.context.items import Receipt as Receipt
    from mibyan_jupyter.context.provider import ContextProvider as ContextProvider
    from mibyan_jupyter.context.provider import register_context as register_context
    from mibyan_jupyter.errors import APIConnectionError as APIConnectionError
    from mibyan_jupyter.errors import APIError as APIError
    from mibyan_jupyter.errors import MibyanError as MibyanError
    from mibyan_jupyter.errors import Stopped as Stopped
    from mibyan_jupyter.kernel.nested_loops import allow_nested_loops as allow_nested_loops
    from mibyan_jupyter.panel.chat_panel import ChatPanel as ChatPanel
    from mibyan_jupyter.session.default import get_session as get_session
    from mibyan_jupyter.session.session import Session as Session
    from mibyan_jupyter.session.turns import Answer as Answer
    from mibyan_jupyter.session.turns import Turn as Turn

_HOMES = {
    "Answer": "session.turns",
    "ChatPanel": "panel.chat_panel",
    "ContextItem": "context.items",
    "ContextProvider": "context.provider",
    "Receipt": "context.items",
    "register_context": "context.provider",
    "Session": "session.session",
    "Turn": "session.turns",
    "allow_nested_loops": "kernel.nested_loops",
    "get_session": "session.default",
} | dict.fromkeys(
    (
        "APIConnectionError",
        "APIError",
        "APIResponseError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "CommandError",
        "ConfigurationError",
        "IncompleteAnswerError",
        "InternalServerError",
        "MibyanError",
        "MissingKeyError",
        "NestedLoopsError",
        "NotFoundError",
        "PaymentError",
        "RateLimitError",
        "SessionBusyError",
        "Stopped",
        "StoppedAwait",
    ),
    "errors",
)

__all__ = sorted(_HOMES)  # one list, checked by a test


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext mibyan_jupyter`; loading again changes nothing."""
    from mibyan_jupyter.link.kernel_link import open_link
    from mibyan_jupyter.magics.load import load

    load(shell)
    open_link(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext mibyan_jupyter`; leaves nothing behind."""
    from mibyan_jupyter.link.kernel_link import close_link
    from mibyan_jupyter.magics.load import unload

    close_link(shell)
    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where `jupyter labextension develop` finds the chat panel's bundle."""
    return [{"src": "labextension", "dest": "mibyan-jupyter"}]
