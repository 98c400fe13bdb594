"""Whether two records mean one person: a grade and its reasons. Only `same` may be used without a person looking."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from polisbridge.core.names.compare import Level, compare
from polisbridge.core.names.documents import DocumentRelation, compare_documents
from polisbridge.core.names.reasons import NameReason


class Grade(StrEnum):
    """How surely two records mean one person. A contradiction is a document that two persons cannot share."""

    SAME = "same"
    LIKELY = "likely"
    POSSIBLE = "possible"
    DIFFERENT = "different"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Person:
    """What a record says of a person. Empty text and None: not told.

    `name` and `original_name` are one name in two scripts. `document_state` (ISO 3166-1) says who issued the document.
    """

    name: str
    original_name: str = ""
    born: date | None = None
    document: str = ""
    document_state: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are told."""
        return tuple(one for one in (self.name, self.original_name) if one.strip())


@dataclass(frozen=True, slots=True)
class Match:
    """The grade of two records with every reason for it, in a fixed order."""

    grade: Grade
    reasons: tuple[NameReason, ...]

    @property
    def settled(self) -> bool:
        """Whether a program may go on without a person looking: for `same` alone."""
        return self.grade is Grade.SAME


class BirthRelation(StrEnum):
    """How two birth dates stand to each other."""

    EQUAL = "birth_date_equal"
    SWAPPED = "birth_day_month_swapped"
    DIFFERS = "birth_date_differs"
    MISSING = "birth_date_missing"


_SAME, _LIKELY, _POSSIBLE, _DIFFERENT, _CONTRADICTION = Grade
_D, _B = DocumentRelation, BirthRelation
# for names: compatible, near, partly, different, not readable
GRADES: dict[tuple[DocumentRelation, BirthRelation], tuple[Grade, Grade, Grade, Grade, Grade]] = {
    (_D.EQUAL, _B.EQUAL): (_SAME, _LIKELY, _POSSIBLE, _CONTRADICTION, _POSSIBLE),
    (_D.EQUAL, _B.SWAPPED): (_POSSIBLE, _POSSIBLE, _POSSIBLE, _CONTRADICTION, _POSSIBLE),
    (_D.EQUAL, _B.MISSING): (_LIKELY, _POSSIBLE, _POSSIBLE, _CONTRADICTION, _POSSIBLE),
    (_D.EQUAL, _B.DIFFERS): (_CONTRADICTION, _CONTRADICTION, _CONTRADICTION, _CONTRADICTION, _CONTRADICTION),
    (_D.MISSING, _B.EQUAL): (_LIKELY, _POSSIBLE, _POSSIBLE, _DIFFERENT, _POSSIBLE),
    (_D.MISSING, _B.SWAPPED): (_POSSIBLE, _POSSIBLE, _DIFFERENT, _DIFFERENT, _POSSIBLE),
    (_D.MISSING, _B.MISSING): (_POSSIBLE, _POSSIBLE, _DIFFERENT, _DIFFERENT, _POSSIBLE),
    (_D.MISSING, _B.DIFFERS): (_DIFFERENT, _DIFFERENT, _DIFFERENT, _DIFFERENT, _DIFFERENT),
    (_D.UNEQUAL, _B.EQUAL): (_POSSIBLE, _POSSIBLE, _DIFFERENT, _DIFFERENT, _POSSIBLE),
    (_D.UNEQUAL, _B.SWAPPED): (_POSSIBLE, _DIFFERENT, _DIFFERENT, _DIFFERENT, _POSSIBLE),
    (_D.UNEQUAL, _B.MISSING): (_POSSIBLE, _DIFFERENT, _DIFFERENT, _DIFFERENT, _POSSIBLE),
    (_D.UNEQUAL, _B.DIFFERS): (_DIFFERENT, _DIFFERENT, _DIFFERENT, _DIFFERENT, _DIFFERENT),
}


def match(one: Person, other: Person) -> Match:
    """Return how surely two records mean one person, and why. The order of the two does not matter.

    Records with equal documents and another birth date contradict each other. A renewed document makes at most
    `possible`; so does a birth date whose day and month are exchanged.
    """
    document, lookalikes = compare_documents(one.document, one.document_state, other.document, other.document_state)
    birth = _births(one.born, other.born)
    names = compare(one.names, other.names)
    level = Level.NEAR if lookalikes and names.level is Level.COMPATIBLE else names.level
    reasons = {NameReason(document.value), NameReason(birth.value), *names.reasons}
    reasons |= {NameReason.DOCUMENT_LOOKALIKES} if lookalikes else set()
    return Match(GRADES[document, birth][level], tuple(code for code in NameReason if code in reasons))


def _births(one: date | None, other: date | None) -> BirthRelation:
    if one is None or other is None:
        return BirthRelation.MISSING
    if one == other:
        return BirthRelation.EQUAL
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return BirthRelation.SWAPPED if swapped else BirthRelation.DIFFERS
