"""Facts: the narrow waist. One flat record per insured person and occasion, every field nullable.

A field holds a value, `ABSENT` (the document states that there is none) or None (nobody has told us).
Sets state absence by being empty and flags by being False, so only numbers, days and codes use `ABSENT`.
Amounts are minor units of the currency in the field `<name>_currency`; days are whole days since
1970-01-01; percentages are hundredths of a percent (basis points).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeAlias, get_type_hints


class Absent(Enum):
    """The one value that says: the document states that there is none."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent.ABSENT


class FieldType(Enum):
    """What a field holds; decides which conditions may read it and how every back end stores it."""

    WHOLE = "whole number"
    MINOR = "amount in minor units"
    DAY = "day"
    CODE = "code"
    CODES = "set of codes"
    FLAG = "yes or no"
    LINES = "benefit lines"
    PERSONS = "insured persons"


Whole: TypeAlias = Annotated[int | Absent | None, FieldType.WHOLE]
Minor: TypeAlias = Annotated[int | Absent | None, FieldType.MINOR]
Day: TypeAlias = Annotated[int | Absent | None, FieldType.DAY]
Code: TypeAlias = Annotated[str | Absent | None, FieldType.CODE]
Codes: TypeAlias = Annotated[frozenset[str] | None, FieldType.CODES]
Flag: TypeAlias = Annotated[bool | None, FieldType.FLAG]


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One line of the benefit table: what is paid for, where, up to how much, and what is deducted."""

    benefit: Code = None
    settings: Codes = None  # inpatient, outpatient, day
    causes: Codes = None  # illness, accident, work_accident, …
    territory: Codes = None  # absent from the contract file = the contract's own territory
    limit: Minor = None
    limit_currency: Code = None
    limit_per: Code = None
    unlimited: Flag = None
    count: Whole = None
    count_per: Code = None
    deductible: Minor = None
    deductible_currency: Code = None
    copay_percent: Whole = None
    copay_cap: Minor = None
    copay_cap_currency: Code = None
    copay_cap_per: Code = None
    waiting_days: Whole = None
    direct_settlement: Flag = None
    preauthorisation: Flag = None


@dataclass(frozen=True, slots=True)
class CoveredPerson:
    """One person on the contract, as the others see them: for rules about the family as a whole."""

    role: Code = None
    age: Whole = None
    citizenship: Codes = None
    first_day: Day = None
    last_day: Day = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a condition may read about one insured person, their contract and one occasion."""

    # the occasion
    state: Code = None
    region: Code = None
    gate: Code = None
    as_of: Day = None
    stay_first: Day = None
    stay_last: Day = None
    stay_days: Whole = None
    stay_months: Whole = None
    visa_first: Day = None
    visa_last: Day = None
    permit_first: Day = None
    permit_last: Day = None
    employment_first: Day = None
    employment_last: Day = None
    entry_day: Day = None
    purpose: Code = None  # work, family, study, visit, transit, business, treatment
    care_form: Code = None  # emergency, urgent, planned
    # the person
    role: Code = None
    age: Whole = None
    birth_day: Day = None
    citizenship: Codes = None
    residence_status: Code = None
    works: Flag = None
    worker_class: Code = None
    official_capacity: Code = None
    transport: Code = None
    contribution_months: Whole = None
    monthly_income: Minor = None
    monthly_income_currency: Code = None
    local_schemes: Codes = None
    family_worker_citizenship: Codes = None
    family_worker_works: Flag = None
    family_worker_class: Code = None
    lives_with_family_worker: Flag = None
    household_categories: Codes = None
    home_registers: Codes = None
    # the contract and who stands behind it
    contract_kind: Code = None
    model_contract: Code = None
    home_state: Code = None
    concluded: Day = None
    first_day: Day = None
    last_day: Day = None
    term_days: Whole = None
    term_months: Whole = None
    max_trip_days: Whole = None
    gap_days: Whole = None
    ends_with: Codes = None
    suspended_abroad: Flag = None
    insurer: Code = None
    insurer_state: Code = None
    insurer_licensed_in: Codes = None
    insurer_registers: Codes = None
    distributor_state: Code = None
    claims_payable_in: Codes = None
    assistance_in: Codes = None
    guarantors: Codes = None
    clinic_regions: Codes = None
    clinics: Whole = None
    territory: Codes = None
    territory_except: Codes = None
    # sums and cost sharing
    sum_insured: Minor = None
    sum_insured_currency: Code = None
    sum_insured_per: Code = None
    sum_unlimited: Flag = None
    deductible: Minor = None
    deductible_currency: Code = None
    copay_percent: Whole = None
    first_part_in_full: Minor = None
    first_part_in_full_currency: Code = None
    worker_share_percent: Whole = None
    worker_share_months: Whole = None
    # benefits, waiting, exclusions
    benefits: Annotated[tuple[BenefitLine, ...] | None, FieldType.LINES] = None
    exclusions: Codes = None
    waiting_days: Whole = None
    no_preauthorisation: Codes = None
    accommodation: Code = None
    price_basis: Code = None
    direct_settlement: Flag = None
    # persons on the contract
    persons: Annotated[tuple[CoveredPerson, ...] | None, FieldType.PERSONS] = None
    insured_from_birth_days: Whole = None
    matches_document: Codes = None
    # premium
    premium: Minor = None
    premium_currency: Code = None
    premium_paid: Flag = None
    premium_arrears: Whole = None
    premium_payer: Code = None
    premium_from_wage: Flag = None
    premium_refundable: Flag = None
    # document and service
    document_shows: Codes = None
    document_languages: Codes = None
    document_form: Code = None
    document_features: Codes = None
    translation_certified: Flag = None
    verifiable_by: Codes = None
    registered_in: Codes = None
    registered_hours: Whole = None
    hotline_hours: Code = None
    hotline_languages: Codes = None
    preauthorisation_minutes: Whole = None
    payment_days: Whole = None
    late_penalty: Minor = None
    late_penalty_currency: Code = None
    late_interest_percent: Whole = None


ITEM_TYPES: dict[FieldType, type] = {FieldType.LINES: BenefitLine, FieldType.PERSONS: CoveredPerson}


def field_types(record: type) -> dict[str, FieldType]:
    """Return the type of every field of Facts, BenefitLine or CoveredPerson, in order of declaration."""
    return _FIELD_TYPES[record]


def _declared(record: type) -> dict[str, FieldType]:
    hints: dict[str, Any] = get_type_hints(record, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


_FIELD_TYPES: dict[type, dict[str, FieldType]] = {
    record: _declared(record) for record in (Facts, BenefitLine, CoveredPerson)
}
