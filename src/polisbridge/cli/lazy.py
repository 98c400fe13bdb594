"""Commands whose modules are read only when one of them is used, so that the others start fast."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


def lazy(module: str, about: str) -> typer.Typer:
    """Return a noun whose commands are `commands` of the module, read at first use."""

    class Lazy(TyperGroup):
        """The group that stands for the module until then."""

        def _real(self) -> Any:
            return get_group(import_module(module).commands)

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the base class has it
            """Return the names of the module's commands."""
            return list(self._real().commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """Return one of the module's commands."""
            return self._real().get_command(ctx, cmd_name)

    found = typer.Typer(cls=Lazy, help=about, no_args_is_help=True)
    found.callback()(_nothing)
    return found


def _nothing() -> None:
    """Stand in for options of the noun, which has none."""
