"""`polisbridge compare cheapest`: the cheapest contract that all chosen states recognise, as a contract file."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.compare_json import cheapest_json
from polisbridge.cli.compare_show import Comparer
from polisbridge.cli.contract import stay_of
from polisbridge.cli.desk import Desk, Exit
from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Insured, Stay
from polisbridge.core.days import day_number
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import LawBook
from polisbridge.formats.codelists import states as iso_states
from polisbridge.formats.contractwriter import write_contract
from polisbridge.formats.decisionfile import to_text
from polisbridge.services.compare.cheapest import Cheapest, Found, find_cheapest
from polisbridge.services.compare.offer import Wish
from polisbridge.services.compare.places import Place, places_of
from polisbridge.services.suppose import suppose_treaties
from polisbridge.words import Words

Wanted = Annotated[
    list[str],
    typer.Option("--state", help="A state, such as RU, or with its occasions, RU:work_permit,entry; repeat it."),
]
Gates = Annotated[list[Gate] | None, typer.Option("--gate", help="A legal occasion of every state; repeat it.")]
Home = Annotated[str, typer.Option(help="State where the contract is made, ISO 3166-1.")]
Citizenship = Annotated[str, typer.Option(help="Citizenship of the person; that of the home state when left out.")]
Born = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date of the person.")]
ARole = Annotated[Role, typer.Option(help="The person's part in the family.")]
WorkerClass = Annotated[str | None, typer.Option(help="employee, highly_qualified, household …")]
Regions = Annotated[list[str] | None, typer.Option("--region", help="Region of a stay, such as RU-MOW; repeat it.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Kind of contract that will do: voluntary, travel …")]
Currency = Annotated[str, typer.Option(help="Currency in which costs are compared.")]
IfConfirmed = Annotated[
    bool, typer.Option("--if-confirmed", help="Suppose that open points of law turn out as written; never law.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File for the contract; the first of several.")]


def cheapest(
    context: typer.Context,
    states: Wanted,
    home: Home,
    gates: Gates = None,
    citizenship: Citizenship = "",
    born: Born = None,
    role: ARole = Role.WORKER,
    worker_class: WorkerClass = None,
    status: options.Status = None,
    purpose: options.Purpose = None,
    regions: Regions = None,
    first: options.From = None,
    last: options.To = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    kinds: Kinds = None,
    currency: Currency = "EUR",
    suppose: options.Suppose = None,
    if_confirmed: IfConfirmed = False,
    out: Out = None,
    json: options.Json = False,
) -> None:
    """Find the cheapest contract that all chosen states recognise, or the most states that one can serve.

    The days from --from to --to are those of stay, visa, permit and job alike. Exit 0 when one contract serves all,
    1 when none does, 3 when only open law turning out as written would make it so.
    """
    desk: Desk = context.obj
    with desk.errors():
        book, supposed = suppose_treaties(desk.book(), tuple(suppose or ()))
        day = as_of.date() if as_of else desk.today()
        said = {"residence_status": status, "purpose": purpose, "care_form": None}
        _checked(book, home, citizenship, worker_class, tuple(kinds or ()))
        places = places_of(book, states, gates or ())
        stays = tuple(_stay(book, place, regions or [], first, last, day, said) for place in places)
        facts: dict[str, object] = {"worker_class": worker_class} if worker_class else {}
        citizens = frozenset({citizenship or home})
        person = Insured("person", role, born=born.date() if born else None, citizenship=citizens, facts=facts)
        wish = Wish(person, home, stays, tuple(kinds or ["voluntary"]), currency, if_confirmed, supposed)
        found = find_cheapest(book, wish, desk.rates(rates or []))
        if out is not None and found.found:
            desk.world.write(out, _file(desk.words, found, found.found[0], day).encode())
    if json:
        print(to_text(cheapest_json(found)), end="")
    else:
        _print(desk, book, found, out)
    raise typer.Exit(Exit.NO if not found.complete else Exit.UNDETERMINED if if_confirmed else Exit.YES)


def _stay(
    book: LawBook,
    place: Place,
    regions: list[str],
    first: datetime | None,
    last: datetime | None,
    day: date,
    said: dict[str, str | None],
) -> Stay:
    """Return the stay at a place; its days are those of the job too."""
    region = next((one for one in regions if one.startswith(f"{place.state}-")), None)
    stay = stay_of(book, place.state, place.gate, region, first, last, day, said)
    days = {"first": stay.period.first, "last": stay.period.last}
    job = {f"employment_{name}": day_number(one) for name, one in days.items() if one is not None}
    return Stay(stay.state, stay.gate, stay.as_of, stay.region, stay.period, {**job, **stay.facts})


def _checked(book: LawBook, home: str, citizenship: str, worker_class: str | None, kinds: tuple[str, ...]) -> None:
    """Raise InputFaults for codes that do not exist."""
    asked = [("--home", home, iso_states()), ("--citizenship", citizenship or home, {*iso_states(), "stateless"})]
    asked += [("--kind", kind, set(book.vocabulary["contract_kinds"])) for kind in kinds]
    asked += [("--worker-class", worker_class, set(book.vocabulary["worker_classes"]))] if worker_class else []
    faults = [
        Fault(option, 1, option, FaultCode.UNKNOWN_CODE, code, "a code by ISO 3166-1 or of the law's vocabulary")
        for option, code, known in asked
        if code not in known
    ]
    if faults:
        raise InputFaults(faults)


def _file(words: Words, found: Cheapest, one: Found, day: date) -> str:
    """Return the contract file with a title and a note that say what it is."""
    notes = [words("compare.cheapest.note", day=words.day(day), hash=found.law_hash[:16])]
    if found.wish.supposed:
        notes.insert(0, words("compare.cheapest.supposed", treaties=", ".join(found.wish.supposed)))
    if found.wish.if_confirmed:
        notes.insert(0, words("compare.cheapest.supposition"))
    title = words("compare.cheapest.title", states=", ".join(one.states))
    return write_contract(one.contract, title, " ".join(notes))


def _print(desk: Desk, book: LawBook, found: Cheapest, out: Path | None) -> None:
    Comparer(desk.out, desk.words, book).cheapest(found)
    if found.found and out is not None:
        desk.out.print(desk.words("compare.cheapest.written", file=str(out)), markup=False)
    elif found.found:
        desk.out.print()
        print(found.found[0].text, end="")
