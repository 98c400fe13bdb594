"""Which words a field may hold: the group of the law's vocabulary, or a public code list.

Groups that begin with `@` are public lists (ISO 3166-1 and -2, ISO 639, ISO 4217); all others are data
in `law/vocabulary.yaml`, so that a new jurisdiction brings its own words without touching the program.
"""

from polisbridge.core.facts import BenefitLine, CoveredPerson, Facts

STATELESS = "stateless"
WORLD = "WORLD"

FIELD_GROUPS: dict[str, str] = {
    "state": "@state", "region": "@region", "gate": "@gate", "purpose": "purposes", "care_form": "care_forms",
    "role": "@role", "citizenship": "@citizenship", "residence_status": "residence_statuses",
    "worker_class": "worker_classes", "official_capacity": "official_capacities", "transport": "transports",
    "local_schemes": "schemes", "family_worker_citizenship": "@citizenship", "family_worker_class": "worker_classes",
    "household_categories": "household_categories", "home_registers": "home_registers",
    "contract_kind": "contract_kinds", "model_contract": "model_contracts", "home_state": "@state",
    "ends_with": "events", "insurer": "@free", "insurer_state": "@state", "insurer_licensed_in": "@state",
    "insurer_registers": "insurer_registers", "distributor_state": "@state", "claims_payable_in": "@territory",
    "assistance_in": "@territory", "guarantors": "guarantors", "clinic_regions": "@region",
    "territory": "@territory", "territory_except": "@territory", "sum_insured_per": "@scope",
    "exclusions": "exclusions", "no_preauthorisation": "care_forms", "accommodation": "accommodations",
    "price_basis": "price_bases", "matches_document": "identity_fields", "premium_payer": "premium_payers",
    "document_shows": "document_fields", "document_languages": "@language", "document_form": "document_forms",
    "document_features": "document_features", "verifiable_by": "verifications", "registered_in": "contract_registers",
    "hotline_hours": "hotline_hours", "hotline_languages": "@language", "benefit": "benefits", "benefits": "benefits",
    "settings": "settings", "causes": "causes", "limit_per": "@scope", "count_per": "count_periods",
    "copay_cap_per": "count_periods",
}  # fmt: skip


def group_of(field: str) -> str:
    """Return the vocabulary group of a code field; currencies are recognised by their name.

    >>> group_of("deductible_currency")
    '@currency'
    """
    return "@currency" if field.endswith("_currency") else FIELD_GROUPS[field]


RECORDS: tuple[type, ...] = (Facts, BenefitLine, CoveredPerson)
