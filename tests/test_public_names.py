"""The small public surface, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mibyan_jupyter

NAMES = [
    "APIConnectionError",
    "APIError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "Answer",
    "AuthenticationError",
    "BadRequestError",
    "ChatPanel",
    "CommandError",
    "ConfigurationError",
    "ContextItem",
    "ContextProvider",
    "IncompleteAnswerError",
    "InternalServerError",
    "MibyanError",
    "MissingKeyError",
    "NestedLoopsError",
    "NotFoundError",
    "PaymentError",
    "RateLimitError",
    "Receipt",
    "Session",
    "SessionBusyError",
    "Stopped",
    "StoppedAwait",
    "Turn",
    "allow_nested_loops",
    "get_session",
    "register_context",
]
HEAVY = "httpx ipywidgets anywidget markdown_it mdit_py_plugins nh3 pygments markdown nest_asyncio"


def test_the_public_names_are_these() -> None:
    """Nothing is public by accident, and each name is there."""
    assert sorted(mibyan_jupyter.__all__) == NAMES
    assert all(getattr(mibyan_jupyter, name).__name__ == name for name in NAMES)
    assert set(NAMES) <= set(dir(mibyan_jupyter))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """`hasattr` and `from … import` behave."""
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = mibyan_jupyter.nope


def test_every_error_is_drawn_in_the_tree() -> None:
    """The docstring of `errors` draws each class under its parent."""
    from mibyan_jupyter import errors

    drawn = {
        line.split("──")[-1].split()[0]: line.index(line.split("──")[-1].split()[0])
        for line in (errors.__doc__ or "").splitlines()
        if line.startswith("    ") and line.strip()
    }
    classes = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    assert set(drawn) == set(classes)
    for name, each in classes.items():
        parent = each.__bases__[0].__name__
        assert parent not in drawn or drawn[parent] == drawn[name] - 4, name


@pytest.mark.parametrize(
    "statement",
    [
        "import mibyan_jupyter",
        "InteractiveShell.instance().run_line_magic('load_ext', 'mibyan_jupyter')",
    ],
    ids=["import", "load_ext"],
)
def test_loading_imports_nothing_heavy(statement: str) -> None:
    """In a fresh process neither the import nor `%load_ext` brings in a heavy library."""
    code = (
        f"import sys; from IPython.core.interactiveshell import InteractiveShell; "
        f"before = set(sys.modules); {statement}; "
        f"print(sorted(set('{HEAVY}'.split()) & (set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
