"""Requirement kinds: one per file. `KINDS` is the closed list that law files may name."""

from polisbridge.core.checks.accommodation import Accommodation
from polisbridge.core.checks.age_within import AgeWithin
from polisbridge.core.checks.assistance_in import AssistanceIn
from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.checks.benefit_limit_at_least import BenefitLimitAtLeast
from polisbridge.core.checks.claims_payable_in import ClaimsPayableIn
from polisbridge.core.checks.clinic_in_region import ClinicInRegion
from polisbridge.core.checks.clinics_at_least import ClinicsAtLeast
from polisbridge.core.checks.coinsurance_at_most import CoinsuranceAtMost
from polisbridge.core.checks.continuous import Continuous
from polisbridge.core.checks.contract_kind import ContractKind
from polisbridge.core.checks.copay_cap_at_most import CopayCapAtMost
from polisbridge.core.checks.count_at_least import CountAtLeast
from polisbridge.core.checks.covers_benefits import CoversBenefits
from polisbridge.core.checks.deductible_at_most import DeductibleAtMost
from polisbridge.core.checks.direct_settlement import DirectSettlement
from polisbridge.core.checks.distributor_in import DistributorIn
from polisbridge.core.checks.document_features import DocumentFeatures
from polisbridge.core.checks.document_form import DocumentForm
from polisbridge.core.checks.document_language import DocumentLanguage
from polisbridge.core.checks.document_shows import DocumentShows
from polisbridge.core.checks.does_not_exclude import DoesNotExclude
from polisbridge.core.checks.ends_with import EndsWith
from polisbridge.core.checks.every_limit_at_least import EveryLimitAtLeast
from polisbridge.core.checks.exclusions_within import ExclusionsWithin
from polisbridge.core.checks.first_part_in_full import FirstPartInFull
from polisbridge.core.checks.guaranteed_by import GuaranteedBy
from polisbridge.core.checks.hotline import Hotline
from polisbridge.core.checks.identity_matches import IdentityMatches
from polisbridge.core.checks.income_at_most import IncomeAtMost
from polisbridge.core.checks.insurer_created_in import InsurerCreatedIn
from polisbridge.core.checks.insurer_in_register import InsurerInRegister
from polisbridge.core.checks.insurer_licensed_in import InsurerLicensedIn
from polisbridge.core.checks.late_interest_at_least import LateInterestAtLeast
from polisbridge.core.checks.late_penalty_at_least import LatePenaltyAtLeast
from polisbridge.core.checks.model_contract import ModelContract
from polisbridge.core.checks.newborn_within import NewbornWithin
from polisbridge.core.checks.no_copay_for import NoCopayFor
from polisbridge.core.checks.no_preauthorisation_for import NoPreauthorisationFor
from polisbridge.core.checks.not_suspended_abroad import NotSuspendedAbroad
from polisbridge.core.checks.pays_within import PaysWithin
from polisbridge.core.checks.period_covers import PeriodCovers
from polisbridge.core.checks.person_class import PersonClass
from polisbridge.core.checks.persons_count import PersonsCount
from polisbridge.core.checks.preauthorisation_within import PreauthorisationWithin
from polisbridge.core.checks.premium_at_most import PremiumAtMost
from polisbridge.core.checks.premium_not_from_wage import PremiumNotFromWage
from polisbridge.core.checks.premium_paid import PremiumPaid
from polisbridge.core.checks.premium_paid_by import PremiumPaidBy
from polisbridge.core.checks.premium_refundable import PremiumRefundable
from polisbridge.core.checks.price_basis import PriceBasis
from polisbridge.core.checks.registered_in import RegisteredIn
from polisbridge.core.checks.scheme_member import SchemeMember
from polisbridge.core.checks.starts_within import StartsWithin
from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.checks.term_at_least import TermAtLeast
from polisbridge.core.checks.territory_includes import TerritoryIncludes
from polisbridge.core.checks.trips_cover_stay import TripsCoverStay
from polisbridge.core.checks.verifiable_by import VerifiableBy
from polisbridge.core.checks.waiting_at_most import WaitingAtMost
from polisbridge.core.checks.worker_share_at_most import WorkerShareAtMost

KINDS: dict[str, type[Check]] = {
    kind.name: kind
    for kind in (
        Accommodation,
        AgeWithin,
        AssistanceIn,
        BenefitLimitAtLeast,
        ClaimsPayableIn,
        ClinicInRegion,
        ClinicsAtLeast,
        CoinsuranceAtMost,
        Continuous,
        ContractKind,
        CopayCapAtMost,
        CountAtLeast,
        CoversBenefits,
        DeductibleAtMost,
        DirectSettlement,
        DistributorIn,
        DocumentFeatures,
        DocumentForm,
        DocumentLanguage,
        DocumentShows,
        DoesNotExclude,
        EndsWith,
        EveryLimitAtLeast,
        ExclusionsWithin,
        FirstPartInFull,
        GuaranteedBy,
        Hotline,
        IdentityMatches,
        IncomeAtMost,
        InsurerCreatedIn,
        InsurerInRegister,
        InsurerLicensedIn,
        LateInterestAtLeast,
        LatePenaltyAtLeast,
        ModelContract,
        NewbornWithin,
        NoCopayFor,
        NoPreauthorisationFor,
        NotSuspendedAbroad,
        PaysWithin,
        PeriodCovers,
        PersonClass,
        PersonsCount,
        PreauthorisationWithin,
        PremiumAtMost,
        PremiumNotFromWage,
        PremiumPaid,
        PremiumPaidBy,
        PremiumRefundable,
        PriceBasis,
        RegisteredIn,
        SchemeMember,
        StartsWithin,
        SumInsuredAtLeast,
        TermAtLeast,
        TerritoryIncludes,
        TripsCoverStay,
        VerifiableBy,
        WaitingAtMost,
        WorkerShareAtMost,
    )
}

__all__ = ["KINDS", "Ask", "Check", "Family", "Relation", "Setting"]
