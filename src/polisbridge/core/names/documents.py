"""Whether two numbers of identity documents are one."""

from enum import StrEnum

from polisbridge.core.names.lookalikes import TWINS
from polisbridge.core.names.script import Script


class DocumentRelation(StrEnum):
    """How two document numbers stand to each other."""

    EQUAL = "document_equal"
    UNEQUAL = "document_unequal"
    MISSING = "document_missing"


def compare_documents(one: str, one_state: str, other: str, other_state: str) -> tuple[DocumentRelation, bool]:
    """Return how two numbers stand to each other, and whether they are equal only by letters that look alike.

    Spaces, dashes and case do not matter. Numbers of different states are unequal; a state that is not told fits any.
    """
    plain = [_plain(number) for number in (one, other)]
    if not all(plain):
        return DocumentRelation.MISSING, False
    if one_state and other_state and one_state.upper() != other_state.upper():
        return DocumentRelation.UNEQUAL, False
    if plain[0] == plain[1]:
        return DocumentRelation.EQUAL, False
    twins = ["".join(TWINS[Script.LATIN].get(one, one) for one in number) for number in plain]
    return (DocumentRelation.EQUAL, True) if twins[0] == twins[1] else (DocumentRelation.UNEQUAL, False)


def _plain(number: str) -> str:
    return "".join(one for one in number.casefold() if one.isalnum())
