"""The document shows these data (DOC_FIELDS)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class DocumentShows(SetIncludes):
    """The document shows these data (DOC_FIELDS)."""

    name = "document_shows"
    family = Family.DOCUMENT
    field = "document_shows"
    lever = Lever.DOCUMENT
