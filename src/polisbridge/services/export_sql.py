"""Print the law of one state, gate and day as SQL for analysts, and say which rows it is for."""

from dataclasses import dataclass
from datetime import date

from polisbridge.core.codes import Gate
from polisbridge.formats.sql import Chosen, TextReader, law_sql
from polisbridge.formats.sql_dialect import DialectName
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import known_state


@dataclass(frozen=True, slots=True)
class AskedLaw:
    """Which law to print. Home state and day of conclusion are named where exchange rates depend on them."""

    state: str
    gate: Gate
    as_of: date
    home_state: str | None = None
    concluded: date | None = None


def export_sql(
    laws: AppliedLaws, asked: AskedLaw, dialect: DialectName, folder: str = ".", read: TextReader | None = None
) -> str:
    """Return SQL over the portfolio in the folder, for the rows that this law decides and no others.

    Raises PolisbridgeError when the book does not know the state.
    """
    known_state(laws.book, asked.state)
    law = laws.at(asked.state, asked.gate, asked.as_of, asked.home_state, asked.concluded)
    return law_sql(laws.book.hash, law, chosen_rows(laws, asked), dialect, folder, read)


def chosen_rows(laws: AppliedLaws, asked: AskedLaw) -> Chosen:
    """Return which rows the law is for: those for which home state and conclusion make no difference to it, or these."""
    state, gate, as_of = asked.state, asked.gate, asked.as_of
    law = laws.at(state, gate, as_of, asked.home_state, asked.concluded)
    banks = sorted({table.state for table in laws.rates.tables if table.state})
    others = tuple(
        bank
        for bank in banks
        if bank != asked.home_state and laws.at(state, gate, as_of, bank, asked.concluded).conditions != law.conditions
    )
    own_day = laws.occasion(state, gate, as_of, None, as_of)[4] is not None
    return Chosen(asked.home_state, others, asked.concluded if own_day else None, own_day)
