"""The rule of retention of a node (`retention.yaml` in its folder): how long data of persons are kept, and on what basis.

No state's term is built in: the operator sets it and says by which act.
"""

from typing import Annotated

from msgspec import Meta, Struct

from polisbridge.core.registry import RetentionRule
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document


class RetentionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Days after the last day of cover, and the act that says so."""

    days_after_cover: Annotated[int, Meta(ge=0, le=36_500)]
    basis: Annotated[str, Meta(min_length=3, max_length=500)]


def read_retention(document: Document) -> RetentionRule:
    """Return the rule. Raises InputFaults with every fault."""
    return convert(document, RetentionFile, lambda raw: RetentionRule(raw.days_after_cover, raw.basis))
