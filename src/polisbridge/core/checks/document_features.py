"""The blank bears these security features."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class DocumentFeatures(SetIncludes):
    """The blank bears these security features."""

    name = "document_features"
    family = Family.DOCUMENT
    field = "document_features"
    lever = Lever.DOCUMENT
