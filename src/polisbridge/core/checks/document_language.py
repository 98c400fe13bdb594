"""The document, or a translation that comes with it, is in an accepted language (DOC_LANGUAGE)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Condition, Field, IsTrue, Overlaps
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change, Lever


@dataclass(frozen=True)
class DocumentLanguage(Check):
    """One of `any_of` is among the languages of the document and its translations (ISO 639 codes).

    With `certified` an attached translation must also be certified.
    """

    name = "document_language"
    family = Family.DOCUMENT
    any_of: tuple[str, ...]
    certified: bool = False

    def condition(self, setting: Setting) -> Condition:
        readable = Overlaps(Field("document_languages"), frozenset(self.any_of))
        return And((readable, IsTrue(Field("translation_certified")))) if self.certified else readable

    def asks(self) -> tuple[Ask, ...]:
        certified = (Ask("translation_certified", Relation.YES),) if self.certified else ()
        return (Ask("document_languages", Relation.ANY_OF, self.any_of), *certified)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        held, changes = facts.document_languages or frozenset(), []
        if not held & set(self.any_of):
            changes.append(Change("document_languages", Action.ADD, frozenset({self.any_of[0]}), Lever.DOCUMENT))
        if self.certified and facts.translation_certified is not True:
            changes.append(Change("translation_certified", Action.SET, True, Lever.DOCUMENT))  # noqa: FBT003
        return tuple(changes)

    def faults(self) -> tuple[str, ...]:
        return () if self.any_of else ("any_of is empty",)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return set(self.any_of) <= set(other.any_of) and self.certified >= other.certified
