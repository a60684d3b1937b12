"""A wait that knows whether it has to: most reads find their bytes at hand and need no timer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Generator

Result = TypeVar("Result")


class Begun(Generic[Result]):
    """An awaitable that has run up to its first wait.

    Where it `is_done` without any, `result` is there; else `await` it, in the task that began it.
    """

    result: Result

    def __init__(self, awaitable: Awaitable[Result]) -> None:
        self._steps: Any = awaitable.__await__()
        self._is_resumed = False
        self.is_done = False
        try:
            self._first = next(self._steps)
        except StopIteration as end:
            self.is_done, self.result = True, end.value

    def __await__(self) -> Generator[Any, Any, Result]:
        return cast("Generator[Any, Any, Result]", self)  # of which the loop needs these two

    def __next__(self) -> Any:
        """What the loop is to wait for next: at first, what the first step said."""
        if self._is_resumed:
            return next(self._steps)
        self._is_resumed = True
        return self._first

    def throw(self, *error: Any) -> Any:
        """A cancellation, where it waits."""
        return self._steps.throw(*error)
