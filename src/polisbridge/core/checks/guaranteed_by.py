"""One of the named bodies guarantees payment when the insurer fails (GUARANTOR)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes


@dataclass(frozen=True)
class GuaranteedBy(SetIncludes):
    """One of the named bodies guarantees payment when the insurer fails (GUARANTOR)."""

    name = "guaranteed_by"
    family = Family.INSURER
    field = "guarantors"
