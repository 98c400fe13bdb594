"""The contract is of one of the kinds that the law names."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class ContractKind(CodeOneOf):
    """The contract is of one of the kinds that the law names."""

    name = "contract_kind"
    family = Family.INSURER
    field = "contract_kind"
    lever = Lever.ISSUER
