"""Contract files in YAML or JSON. The types here are the published schema (`polisbridge schema contract`).

A key that is left out is not known; `none` says that the document states there is none.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.core.codes import Role, Scope
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.days import day_number
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import ABSENT, BenefitLine
from polisbridge.core.law import Term
from polisbridge.core.money import to_minor
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.formats.codelists import currencies, expected, fits
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, Path

Codes = list[str] | UnsetType
Flag = bool | UnsetType
Number = Annotated[int, Meta(ge=0)]
Percent = Annotated[
    str,
    Meta(
        pattern=r"^(none|100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$",
        description="a percentage with at most two decimals, or none",
    ),
]
DecimalText = Annotated[
    str, Meta(pattern=r"^\d{1,15}(\.\d{1,4})?$", description="an amount, such as 120000.00; never negative")
]
Stated = Literal["none"]
Code = Annotated[str, Meta(min_length=1)]


class AmountFile(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of money and its currency (ISO 4217)."""

    amount: DecimalText
    currency: Code


class SumFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A sum insured or a limit: how much, and for what it is available once."""

    amount: DecimalText
    currency: Code
    per: Scope


class PeriodFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """First and last day, inclusive."""

    first: date | UnsetType = UNSET
    last: date | UnsetType = UNSET


class BenefitFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the benefit table."""

    benefit: Code
    settings: Codes = UNSET
    causes: Codes = UNSET
    territory: Codes = UNSET
    limit: SumFile | Literal["none", "unlimited"] | UnsetType = UNSET
    count: Number | Stated | UnsetType = UNSET
    count_per: Code | UnsetType = UNSET
    deductible: AmountFile | Stated | UnsetType = UNSET
    copay_percent: Percent | UnsetType = UNSET
    copay_cap: AmountFile | Stated | UnsetType = UNSET
    copay_cap_per: Code | UnsetType = UNSET
    waiting_days: Number | Stated | UnsetType = UNSET
    direct_settlement: Flag = UNSET
    preauthorisation: Flag = UNSET


class InsurerFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Who carries the risk: the state under whose law it was created, its licences and registers."""

    name: str | UnsetType = UNSET
    id: Code | UnsetType = UNSET
    state: Code | UnsetType = UNSET
    licensed_in: Codes = UNSET
    registers: Codes = UNSET
    distributor_state: Code | UnsetType = UNSET
    claims_payable_in: Codes = UNSET
    assistance_in: Codes = UNSET
    guarantors: Codes = UNSET


class CostSharingFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What the person pays, over the contract as a whole."""

    deductible: AmountFile | Stated | UnsetType = UNSET
    copay_percent: Percent | UnsetType = UNSET
    first_part_in_full: AmountFile | Stated | UnsetType = UNSET
    worker_share_percent: Percent | UnsetType = UNSET
    worker_share_months: Number | Stated | UnsetType = UNSET


class PremiumFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The premium and who pays it."""

    amount: DecimalText | UnsetType = UNSET
    currency: Code | UnsetType = UNSET
    paid: Flag = UNSET
    arrears: Number | Stated | UnsetType = UNSET
    payer: Code | UnsetType = UNSET
    from_wage: Flag = UNSET
    refundable: Flag = UNSET


class DocumentFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The paper or electronic document, with translations that come with it."""

    form: Code | UnsetType = UNSET
    languages: Codes = UNSET
    shows: Codes = UNSET
    features: Codes = UNSET
    translation_certified: Flag = UNSET
    verifiable_by: Codes = UNSET
    registered_in: Codes = UNSET
    registered_hours: Number | UnsetType = UNSET


class ServiceFile(Struct, frozen=True, forbid_unknown_fields=True):
    """How the insurer serves: hotline, approval, payment."""

    hotline_hours: Code | Stated | UnsetType = UNSET
    hotline_languages: Codes = UNSET
    no_preauthorisation: Codes = UNSET
    preauthorisation_minutes: Number | Stated | UnsetType = UNSET
    payment_days: Number | Stated | UnsetType = UNSET
    direct_settlement: Flag = UNSET
    late_penalty: AmountFile | Stated | UnsetType = UNSET
    late_interest_percent: Percent | UnsetType = UNSET
    clinics: Number | Stated | UnsetType = UNSET
    clinic_regions: Codes = UNSET
    accommodation: Code | UnsetType = UNSET
    price_basis: Code | UnsetType = UNSET


class PersonFactsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stay or a contract says of one person beyond who they are."""

    residence_status: Code | UnsetType = UNSET
    works: Flag = UNSET
    worker_class: Code | UnsetType = UNSET
    purpose: Code | UnsetType = UNSET
    official_capacity: Code | UnsetType = UNSET
    transport: Code | UnsetType = UNSET
    care_form: Code | UnsetType = UNSET
    contribution_months: Number | Stated | UnsetType = UNSET
    monthly_income: AmountFile | Stated | UnsetType = UNSET
    local_schemes: Codes = UNSET
    family_worker_citizenship: Codes = UNSET
    family_worker_works: Flag = UNSET
    family_worker_class: Code | UnsetType = UNSET
    lives_with_family_worker: Flag = UNSET
    household_categories: Codes = UNSET
    home_registers: Codes = UNSET
    matches_document: Codes = UNSET
    entry_day: date | UnsetType = UNSET


class InsuredFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One insured person."""

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="letters, digits, _ and -")]
    role: Role
    name: str = ""
    born: date | UnsetType = UNSET
    citizenship: Codes = UNSET
    period: PeriodFile = PeriodFile()
    facts: PersonFactsFile = PersonFactsFile()


class ContractFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A health insurance contract with its insured persons."""

    number: Code
    kind: Code
    period: PeriodFile
    insured: Annotated[list[InsuredFile], Meta(min_length=1)]
    title: str = ""
    note: str = ""
    home_state: Code | UnsetType = UNSET
    model_contract: Code | Stated | UnsetType = UNSET
    concluded: date | UnsetType = UNSET
    insurer: InsurerFile = InsurerFile()
    territory: Codes = UNSET
    territory_except: Codes = UNSET
    suspended_abroad: Flag = UNSET
    max_trip_days: Number | Stated | UnsetType = UNSET
    gap_days: Number | Stated | UnsetType = UNSET
    ends_with: Codes = UNSET
    sum_insured: SumFile | Literal["none", "unlimited"] | UnsetType = UNSET
    cost_sharing: CostSharingFile = CostSharingFile()
    benefits: list[BenefitFile] | UnsetType = UNSET
    exclusions: Codes = UNSET
    waiting_days: Number | Stated | UnsetType = UNSET
    insured_from_birth_days: Number | Stated | UnsetType = UNSET
    premium: PremiumFile = PremiumFile()
    document: DocumentFile = DocumentFile()
    service: ServiceFile = ServiceFile()


Vocabulary = Mapping[str, Mapping[str, Term]]

# Where the name in the file is not the name in Facts: (part of the file, key) -> field.
NAMES = {
    ("", "kind"): "contract_kind",
    ("insurer", "id"): "insurer",
    ("insurer", "state"): "insurer_state",
    ("insurer", "licensed_in"): "insurer_licensed_in",
    ("insurer", "registers"): "insurer_registers",
    ("premium", "paid"): "premium_paid",
    ("premium", "arrears"): "premium_arrears",
    ("premium", "payer"): "premium_payer",
    ("premium", "from_wage"): "premium_from_wage",
    ("premium", "refundable"): "premium_refundable",
    ("document", "form"): "document_form",
    ("document", "languages"): "document_languages",
    ("document", "shows"): "document_shows",
    ("document", "features"): "document_features",
}
NOT_FACTS = {
    "": {
        "number",
        "period",
        "insured",
        "title",
        "note",
        "insurer",
        "cost_sharing",
        "benefits",
        "premium",
        "document",
        "service",
    },
    "insurer": {"name"},
    "premium": {"amount", "currency"},
}


def read_contract(document: Document, vocabulary: Vocabulary) -> Contract:
    """Return the contract of a document. Raises InputFaults with every fault."""
    return convert(document, ContractFile, lambda raw: _contract(document, vocabulary, raw))


def _contract(document: Document, vocabulary: Vocabulary, raw: ContractFile) -> Contract:
    reader = FactReader(document, vocabulary)
    contract = Contract(
        number=raw.number,
        period=reader.period(raw.period, ("period",)),
        insured=_insured(reader, raw),
        benefits=None if raw.benefits is UNSET else _benefits(reader, raw.benefits),
        facts=_contract_facts(reader, raw),
    )
    if reader.faults:
        raise InputFaults(reader.faults)
    return contract


def _contract_facts(reader: "FactReader", raw: ContractFile) -> dict[str, object]:
    facts = reader.part(raw, "")
    for name in ("insurer", "cost_sharing", "document", "service"):
        facts |= reader.part(getattr(raw, name), name)
    facts |= reader.part(raw.premium, "premium")
    if raw.premium.amount is not UNSET and raw.premium.currency is not UNSET:
        facts |= reader.amount("premium", AmountFile(raw.premium.amount, raw.premium.currency), ("premium",))
    if raw.territory is not UNSET and raw.territory_except is UNSET:
        facts["territory_except"] = frozenset()
    return facts


def _insured(reader: "FactReader", raw: ContractFile) -> tuple[Insured, ...]:
    found, seen = [], set()
    for index, one in enumerate(raw.insured):
        path: Path = ("insured", index)
        if one.id in seen:
            reader.fault(FaultCode.TWICE, (*path, "id"), one.id, "each insured person once")
        seen.add(one.id)
        citizenship = reader.codes("citizenship", one.citizenship, (*path, "citizenship"))
        facts = reader.part(one.facts, "facts", path)
        period = reader.period(one.period, (*path, "period"))
        outer, inner = raw.period, one.period
        for key, own, whole in (("from", inner.first, outer.first), ("to", inner.last, outer.last)):
            outside = (
                isinstance(own, date) and isinstance(whole, date) and (own < whole if key == "from" else own > whole)
            )
            if outside:
                reader.fault(
                    FaultCode.WRONG_ORDER, (*path, "period", key), own, f"a day within the contract, which has {whole}"
                )
        found.append(
            Insured(one.id, one.role, one.name, None if one.born is UNSET else one.born, citizenship, period, facts)
        )
    return tuple(found)


def _benefits(reader: "FactReader", lines: list[BenefitFile]) -> tuple[BenefitLine, ...]:
    found = []
    for index, line in enumerate(lines):
        values = reader.part(line, "benefits", (), index)
        found.append(replace(BenefitLine(), **values))  # type: ignore[arg-type]
    return tuple(found)


class FactReader:
    """Turns typed parts of a file into facts by name; collects faults and goes on."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document, self._vocabulary = document, vocabulary
        self.faults: list[Fault] = []

    def part(self, raw: Struct, name: str, above: Path = (), index: int | None = None) -> dict[str, object]:
        """Return the facts of one part of a file, under their names in Facts."""
        path: Path = (*above, *([name] if name else []), *([] if index is None else [index]))
        facts: dict[str, object] = {}
        for key in raw.__struct_fields__:
            value = getattr(raw, key)
            if value is UNSET or key in NOT_FACTS.get(name, ()):
                continue
            facts |= self._fact(NAMES.get((name, key), key), value, (*path, key))
        return facts

    def _fact(self, field: str, value: object, path: Path) -> dict[str, object]:
        if isinstance(value, SumFile):
            unlimited = {"sum_insured": "sum_unlimited", "limit": "unlimited"}[field]
            return {**self.amount(field, value, path), f"{field}_per": value.per.value, unlimited: False}
        if field in ("sum_insured", "limit") and value in ("none", "unlimited"):
            unlimited = {"sum_insured": "sum_unlimited", "limit": "unlimited"}[field]
            return {field: ABSENT, f"{field}_per": Scope.EVENT.value, unlimited: value == "unlimited"}
        if isinstance(value, AmountFile):
            return self.amount(field, value, path)
        if value == "none" and field not in FIELD_GROUPS:
            return {field: ABSENT}
        if isinstance(value, list):
            return {field: self.codes(field, value, path)}
        if isinstance(value, date):
            return {field: day_number(value)}
        if isinstance(value, str) and field.endswith("_percent") and value != "none":
            return {field: int(Decimal(value) * 100)}
        if isinstance(value, str) and value != "none":
            return {field: self._code(field, value, path)}
        return {field: ABSENT if value == "none" and field != "official_capacity" else value}

    def amount(self, field: str, value: AmountFile | SumFile, path: Path) -> dict[str, object]:
        """Return an amount and its currency as facts."""
        if value.currency not in currencies():
            self.fault(
                FaultCode.UNKNOWN_CODE, (*path, "currency"), value.currency, "a currency by ISO 4217, such as EUR"
            )
            return {}
        try:
            return {field: to_minor(Decimal(value.amount), value.currency), f"{field}_currency": value.currency}
        except ValueError:
            wanted = f"no finer than the smallest unit of {value.currency}"
            self.fault(FaultCode.WRONG_VALUE, (*path, "amount"), value.amount, wanted)
            return {}

    def codes(self, field: str, values: Codes, path: Path) -> frozenset[str] | None:
        """Return a set of codes, each checked against its list; None when the key is left out."""
        if values is UNSET:
            return None
        return frozenset(self._code(field, code, (*path, index)) for index, code in enumerate(values))

    def _code(self, field: str, code: str, path: Path) -> str:
        group = FIELD_GROUPS.get(field, "@free")
        if not fits(code, group, self._vocabulary):
            self.fault(FaultCode.UNKNOWN_CODE, path, code, expected(field, self._vocabulary))
        return code

    def period(self, raw: PeriodFile, path: Path) -> Period:
        """Return a period whose end is not before its start."""
        first = None if raw.first is UNSET else raw.first
        last = None if raw.last is UNSET else raw.last
        if first and last and last < first:
            self.fault(FaultCode.WRONG_ORDER, (*path, "to"), last, f"a day not before {first}")
        return Period(first, last)

    def fault(self, code: FaultCode, path: Path, found: object, wanted: str) -> None:
        """Note one fault."""
        self.faults.append(self._document.fault(code, path, found, wanted))
