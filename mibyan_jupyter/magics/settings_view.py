"""Traits that are a view on the session's settings: `%config MibyanMagics.model = "…"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from traitlets import TraitType

if TYPE_CHECKING:
    from mibyan_jupyter.config import Settings


class HasSettings(Protocol):
    """What the traits look through."""

    @property
    def settings(self) -> Settings: ...

    def set_setting(self, name: str, value: Any) -> None: ...


class Setting(TraitType[Any, Any]):
    """A trait without a value of its own: it reads and writes the setting of its name."""

    def get(self, obj: Any, cls: type[Any] | None = None) -> Any:  # noqa: ARG002 - traitlets' signature
        return getattr(obj.settings, str(self.name))

    def set(self, obj: Any, value: Any) -> None:
        obj.set_setting(str(self.name), value)
