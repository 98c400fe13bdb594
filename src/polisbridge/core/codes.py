"""The closed sets of codes that the whole house speaks: gates, verdicts, outcomes, evidence, roles.

Open sets (benefits, exclusions, document fields, registers …) are data: `law/vocabulary.yaml`.
"""

from enum import StrEnum


class Gate(StrEnum):
    """The legal occasion on which a state asks for insurance."""

    VISA = "visa"
    ENTRY = "entry"
    WORK_PERMIT = "work_permit"
    HIRING = "hiring"
    RESIDENCE = "residence"
    CLINIC_ATTACHMENT = "clinic_attachment"
    CARE = "care"


class Verdict(StrEnum):
    """What a Decision says of one insured person on one occasion."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    NOT_REQUIRED = "not_required"
    UNDETERMINED = "undetermined"


class Outcome(StrEnum):
    """What one provision says of one occasion. Undetermined means a fact is missing, never a guess."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"
    NOT_IN_FORCE = "not_in_force"


class Evidence(StrEnum):
    """How well a point of law is established; the order is from best to worst.

    `supposed` is no law at all: what a scenario adds. It decides as if it were law, and says so; law files may not
    use it.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SUPPOSED = "supposed"
    UNCONFIRMED = "unconfirmed"

    @property
    def rank(self) -> int:
        """0 for primary (official text read), 1 for secondary (reported), 2 for supposed, 3 for unconfirmed."""
        return list(Evidence).index(self)


class ProvisionKind(StrEnum):
    """What a provision does in a decision (design, section 4)."""

    DUTY = "duty"
    EXEMPTION = "exemption"
    ROUTE = "route"
    REQUIREMENT = "requirement"
    OPEN_QUESTION = "open_question"


class Bearing(StrEnum):
    """Whether an open question holds a verdict back (`blocks`) or is only shown with it (`informs`)."""

    BLOCKS = "blocks"
    INFORMS = "informs"


class Scope(StrEnum):
    """What one sum insured is available for."""

    PERSON = "person"
    POLICY = "policy"
    EVENT = "event"
    YEAR = "year"


class RateDay(StrEnum):
    """Which day's official exchange rate converts a limit: the day assessed or the day of conclusion."""

    ASSESSED = "assessed"
    CONCLUDED = "concluded"


class Role(StrEnum):
    """The part an insured person plays in the family; the worker is the anchor of the others."""

    WORKER = "worker"
    SPOUSE = "spouse"
    CHILD = "child"
    NEWBORN = "newborn"
    PARENT = "parent"
    OTHER = "other"
