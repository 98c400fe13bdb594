"""`polisbridge law certlogic`: the law of one state, gate and day, for verifiers that run CertLogic."""

import json
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.services.applied_laws import AppliedLaws

Home = Annotated[
    str, typer.Option("--home", help="State of the contract: its bank's rates where the host's are silent.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else standard output.")]


def certlogic(
    context: typer.Context,
    state: options.State = "",
    gate: options.AGate | None = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    home: Home = "",
    out: Out = None,
) -> None:
    """Write the rules of a state, gate and day as CertLogic JSON, for offline verifiers (docs/spec/certlogic.md)."""
    from polisbridge.services.export_certlogic import export_certlogic  # only wanted here  # noqa: PLC0415

    desk: Desk = context.obj
    if not state or gate is None:
        raise typer.BadParameter("name --state and --gate")
    with desk.errors():
        day = as_of.date() if as_of else desk.today()
        text = export_certlogic(AppliedLaws(desk.book(), desk.rates(rates or [])), state, gate, day, home or None)
        if out is None:
            print(text, end="")
            return
        desk.world.write(out, text.encode())
    provisions, size = len(json.loads(text)["findings"]), (len(text.encode()) + 500) // 1000
    desk.out.print(desk.words("law.certlogic.written", file=out, provisions=provisions, size=size), markup=False)
