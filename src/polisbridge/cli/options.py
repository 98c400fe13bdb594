"""Options that several commands take."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.core.codes import Gate

File = Annotated[Path, typer.Argument(help="A contract file, YAML or JSON (see `polisbridge schema contract`).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, in the shape the API uses.")]
State = Annotated[str, typer.Option(help="State of stay, ISO 3166-1, such as RU.")]
AGate = Annotated[Gate, typer.Option(help="The legal occasion.")]
Region = Annotated[str | None, typer.Option(help="Region of the stay, ISO 3166-2, such as RU-MOW.")]
From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the stay, visa, permit or job.")
]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")]
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day to decide for; else today.")]
Person = Annotated[list[str] | None, typer.Option("--person", help="Id of an insured person; all when left out.")]
RatesFiles = Annotated[
    list[Path] | None, typer.Option("--rates", help="File of official exchange rates; may be repeated.")
]
StaysPath = Annotated[
    Path | None, typer.Option("--stays", help="File of stays to decide (see `polisbridge schema stays`).")
]
Purpose = Annotated[str | None, typer.Option(help="Purpose: work, family, study, visit, business, transit, treatment.")]
Status = Annotated[
    str | None, typer.Option(help="Status there: temporary_stay, temporary_residence, permanent_residence …")
]
CareForm = Annotated[str | None, typer.Option(help="At the gate care: emergency, ambulance, urgent, planned.")]
Suppose = Annotated[
    list[str] | None,
    typer.Option(help="A treaty to suppose in force, such as cis_vhi_draft:RU,UZ; a scenario, not law."),
]
