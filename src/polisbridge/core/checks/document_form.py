"""The proof has one of these forms (EVIDENCE_FORM)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class DocumentForm(CodeOneOf):
    """The proof has one of these forms (EVIDENCE_FORM)."""

    name = "document_form"
    family = Family.DOCUMENT
    field = "document_form"
    lever = Lever.DOCUMENT
