"""Hospital accommodation is of one of the classes (ACCOMMODATION)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family


@dataclass(frozen=True)
class Accommodation(CodeOneOf):
    """Hospital accommodation is of one of the classes (ACCOMMODATION)."""

    name = "accommodation"
    family = Family.BENEFITS
    field = "accommodation"
