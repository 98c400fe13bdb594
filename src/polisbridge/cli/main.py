"""The command line: options that all commands share, and the commands by noun."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from polisbridge.cli import contract, decision, law, schema
from polisbridge.cli.desk import Desk
from polisbridge.cli.lazy import lazy
from polisbridge.services.ports import World
from polisbridge.words import Words, chosen

_HELP = "Does a health insurance contract signed at home count where a person works?"

cli = typer.Typer(
    help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
cli.add_typer(contract.commands, name="contract")
cli.add_typer(law.commands, name="law")
cli.add_typer(decision.commands, name="decision")
cli.add_typer(
    lazy("polisbridge.cli.certificate", "Signed proof of one person's contract, good without a network."),
    name="certificate",
)
cli.add_typer(lazy("polisbridge.cli.card", "Put certificates on paper."), name="card")
cli.add_typer(lazy("polisbridge.cli.status", "Lists that say which certificates ended."), name="status")
cli.add_typer(lazy("polisbridge.cli.trust", "Trust between states: keys, law, rates, status lists."), name="trust")
cli.add_typer(lazy("polisbridge.cli.portfolio", "Decide many insured persons at once."), name="portfolio")
cli.add_typer(lazy("polisbridge.cli.report", "Documents in HTML and PDF, with every source."), name="report")
cli.add_typer(lazy("polisbridge.cli.compare", "How the states' approaches differ."), name="compare")
cli.add_typer(lazy("polisbridge.cli.node", "A national node: its database, registry and site."), name="node")
cli.add_typer(lazy("polisbridge.cli.person", "What a node holds about a person: export, erase."), name="person")
cli.add_typer(lazy("polisbridge.cli.name", "Names of persons across scripts."), name="name")
cli.command("schema")(schema.schema)

Language = Annotated[
    str, typer.Option("--lang", help="Language of the answers, such as en, ru, uz-Latn; else the environment's.")
]
LawFolder = Annotated[
    Path | None, typer.Option("--law", help="Folder of law files; else the law that came with the program.")
]


@cli.callback()
def shared(context: typer.Context, lang: Language = "", law: LawFolder = None) -> None:
    """Take the options that stand before the command."""
    world: World = context.obj
    spoken = lang or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    context.obj = Desk(world, Words(chosen(spoken)), law, Console(highlight=False, soft_wrap=False))


def run(world: World) -> None:
    """Run the command line against a world."""
    cli(obj=world)
