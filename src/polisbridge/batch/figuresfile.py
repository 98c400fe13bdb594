"""The form of the file of figures that synthetic portfolios are drawn from: `synthetic.yaml` beside this one."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from polisbridge.core.codes import Gate, Role
from polisbridge.formats.contractfile import DecimalText

State = Annotated[str, Meta(min_length=2, max_length=2)]
Weight = Annotated[int, Meta(ge=0)]
PerThousand = Annotated[int, Meta(ge=0, le=1000)]
Range = Annotated[str, Meta(pattern=r"^-?\d{1,5}\.\.-?\d{1,5}$", description="two whole numbers, such as -14..0")]
AgeBand = Annotated[str, Meta(pattern=r"^\d{1,2}-\d{1,2}$", description="two ages, such as 18-24")]
Days = Annotated[str, Meta(pattern=r"^\d{1,4}$", description="a number of days")]


class _Sourced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    figures: list[str] = []
    assumed: str = ""


class CorridorFile(_Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Persons who live in one state and work in another."""

    home: State
    state: State
    persons: Weight


class PlaceFile(_Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens in a state of work, to persons from some home states or from any."""

    state: State
    gates: dict[Gate, Weight]
    worker_classes: dict[str, Weight]
    homes: list[State] = []
    regions: dict[str, Weight] = {}
    no_region: Weight = 1
    schemes: dict[str, PerThousand] = {}


class FamilyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is on one contract; the worker first."""

    weight: Weight
    members: Annotated[list[Role], Meta(min_length=1)]


class CitizenshipFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose citizens the persons are."""

    home: Weight
    state: Weight
    both: Weight
    stateless: Weight


class PurposesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Purposes of workers and of the others."""

    worker: dict[str, Weight]
    other: dict[str, Weight]


class PeopleFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Who the persons are."""

    ages: dict[AgeBand, Weight]
    alone_at: list[Gate]
    families: Annotated[list[FamilyFile], Meta(min_length=1)]
    citizenship: CitizenshipFile
    works: PerThousand
    joins_later: PerThousand
    name_differs: PerThousand
    purposes: PurposesFile
    residence_statuses: dict[str, Weight]
    capacities: dict[str, Weight]
    transports: dict[str, Weight]
    care_forms: dict[str, Weight]
    contribution_months: Range


class StayRangeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """When a stay begins, in days from the day assessed, and how many days it lasts."""

    begins: Range
    lasts: dict[Days, Weight]


class CoverFile(Struct, frozen=True, forbid_unknown_fields=True):
    """How the days of cover lie to those of the stay."""

    weight: Weight
    starts: Range
    ends: Range
    what: str = ""


class SoldFile(Struct, frozen=True, forbid_unknown_fields=True):
    """To whom a product is sold: from where, to where, for what; left out is any."""

    weight: Weight
    homes: list[State] = []
    states: list[State] = []
    gates: list[Gate] = []


class PriceFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"low": "from", "high": "to"}):
    """What a year costs, from the cheapest to the dearest."""

    low: DecimalText
    high: DecimalText
    currency: str


class VariantFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A variant of a product: what it states in place of the product."""

    weight: Weight
    what: str = ""
    contract: dict[str, Any] = {}


class ProductFile(_Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product, in the form of a contract file without number, period and persons."""

    id: str
    title: str
    sold: list[SoldFile]
    contract: dict[str, Any]
    variants: list[VariantFile] = field(default_factory=lambda: [VariantFile(1)])
    insurers: Annotated[int, Meta(ge=1, le=99)] = 1
    price: PriceFile | UnsetType = UNSET


class FiguresFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All figures."""

    note: str
    at_least: Weight
    corridors: Annotated[list[CorridorFile], Meta(min_length=1)]
    places: Annotated[list[PlaceFile], Meta(min_length=1)]
    people: PeopleFile
    stays: dict[Gate, StayRangeFile]
    cover: Annotated[list[CoverFile], Meta(min_length=1)]
    concluded: Range
    paid: PerThousand
    unknown: dict[str, PerThousand]
    stated_none: dict[str, PerThousand]
    products: Annotated[list[ProductFile], Meta(min_length=1)]


def span(text: str) -> tuple[int, int]:
    """Return the two numbers of a range.

    >>> span("-14..0")
    (-14, 0)
    """
    first, last = text.split("..")
    return int(first), int(last)
