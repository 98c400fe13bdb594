"""The contract follows one of the model contracts that the state has set."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class ModelContract(CodeOneOf):
    """The contract follows one of the model contracts that the state has set."""

    name = "model_contract"
    family = Family.INSURER
    field = "model_contract"
    lever = Lever.ISSUER
