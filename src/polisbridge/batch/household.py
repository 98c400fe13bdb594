"""The persons of synthetic contracts: families, ages, citizenships, who works and as what."""

from dataclasses import dataclass

import polars as pl

from polisbridge.batch.draws import Choices, Draws
from polisbridge.batch.figuresfile import span
from polisbridge.batch.layout import ABSENT_CODE, item_type
from polisbridge.batch.months import age
from polisbridge.batch.synthetic import Figures
from polisbridge.core.codes import Role
from polisbridge.core.facts import CoveredPerson

_YEAR = 365.25
ADULT = round(18 * _YEAR)  # days
_NEWBORN = 60  # days
_PARENT = (round(20 * _YEAR), round(35 * _YEAR))  # older than the worker by
_COUPLE = round(8 * _YEAR)  # apart by at most
_LATER = 60  # days by which the cover of members who join later begins later

OWN, OTHER, BOTH, NONE = range(4)  # whose citizen a person is: columns citizenship_0 … of the offers


@dataclass(frozen=True)
class Household:
    """What persons are drawn from; choices are by group where a comment says so."""

    families: pl.Series  # members of every family
    labels: pl.Series  # and how they are named on the contract
    family: Choices  # group 0: at occasions of the worker alone; 1: at all others
    bands: pl.Series
    band: Choices
    citizenship: Choices
    worker_class: Choices  # by place
    purpose: Choices  # group 0: workers, 1: others

    @classmethod
    def of(cls, figures: Figures) -> "Household":
        """Return what the figures say of persons."""
        people, places = figures.file.people, figures.file.places
        weights = {at: family.weight for at, family in enumerate(people.families)}
        own = people.citizenship
        return cls(
            pl.Series([[member.value for member in family.members] for family in people.families]),
            pl.Series([_labels(family.members) for family in people.families]),
            Choices([{0: 1}, weights], pl.UInt32()),
            pl.Series([[int(one) for one in band.split("-")] for band in people.ages]),
            Choices([dict(enumerate(people.ages.values()))], pl.UInt32()),
            Choices([{OWN: own.home, OTHER: own.state, BOTH: own.both, NONE: own.stateless}], pl.UInt8()),
            Choices([place.worker_classes for place in places]),
            Choices([people.purposes.worker, people.purposes.other]),
        )


def _labels(members: list[Role]) -> list[str]:
    """Return a name for each member, numbered where there are several of the role."""
    return [
        f"{member.value}-{members[: at + 1].count(member)}" if members.count(member) > 1 else member.value
        for at, member in enumerate(members)
    ]


def drawn_persons(contracts: pl.DataFrame, household: Household, figures: Figures, draws: Draws) -> pl.DataFrame:
    """Return one row per insured person: who they are and their days of cover.

    `contracts` has `family`, `place`, `as_of`, `first_day`, `last_day` and the sets of citizenship; `of` is the place of
    the person's contract in it. The worker is the first of every family.
    """
    people = figures.file.people
    rows = contracts.select(
        pl.row_index("of"),
        *("place", "as_of", "first_day", "last_day"),
        *(f"citizenship_{at}" for at in range(4)),
        household.families.gather(contracts["family"]).alias("role"),
        household.labels.gather(contracts["family"]).alias("person"),
        _worker_age(household, draws, len(contracts)).alias("days"),
    ).explode("role", "person")
    count = len(rows)
    is_worker = rows["role"] == Role.WORKER.value
    rows = rows.with_columns(days=_days_old(rows, draws))
    adult = rows["role"].is_in([Role.SPOUSE.value, Role.PARENT.value])
    working = is_worker | (adult & draws.happens(count, people.works))
    told = ~(adult & draws.happens(count, figures.file.unknown.get("works", 0)))
    worker_class = draws.pick(household.worker_class, rows["place"], count)
    kind = draws.pick(household.citizenship, 0, count)
    later = draws.happens(count, people.joins_later) & ~is_worker
    return (
        rows.with_columns(
            works=pl.when(pl.lit(told)).then(pl.lit(working)),
            purpose=draws.pick(household.purpose, (~is_worker).cast(pl.UInt64), count),
            citizenship=pl.coalesce(pl.when(pl.lit(kind) == at).then(f"citizenship_{at}") for at in range(4)),
            birth_day=pl.col("as_of") - pl.duration(days="days"),
            begins_after=draws.between(count, 1, _LATER) * later,
            known_birth=~draws.happens(count, figures.file.unknown.get("birth_day", 0)),
            known_citizenship=~draws.happens(count, figures.file.unknown.get("citizenship", 0)),
            months=draws.between(count, *span(people.contribution_months)).cast(pl.Int32),
            known_months=~draws.happens(count, figures.file.unknown.get("contribution_months", 0)),
            known_document=~draws.happens(count, figures.file.unknown.get("matches_document", 0)),
            name_differs=draws.happens(count, people.name_differs),
            in_scheme=draws.numbers(count),
        )
        .with_columns(
            worker_class=pl.when("works")
            .then(pl.when(pl.lit(is_worker)).then(pl.lit(worker_class)).otherwise(pl.lit("employee")))
            .when(~pl.col("works"))
            .then(pl.lit(ABSENT_CODE)),
            first_day=_first_day(),
            contribution_months=pl.when(pl.col("works") & pl.col("known_months")).then("months"),
            birth_day=pl.when("known_birth").then("birth_day"),
            citizenship=pl.when("known_citizenship").then("citizenship"),
        )
        .with_columns(age("birth_day", "as_of"))
    )


def _first_day() -> pl.Expr:
    """Return the first day of a person's own cover: not before they are born, and within the contract."""
    joined = pl.col("first_day") + pl.duration(days="begins_after")
    own = pl.when(pl.col("role") == Role.NEWBORN.value).then(pl.max_horizontal(joined, "birth_day")).otherwise(joined)
    return pl.when(pl.col("first_day").is_not_null()).then(pl.min_horizontal(own, pl.coalesce("last_day", own)))


def _worker_age(household: Household, draws: Draws, count: int) -> pl.Series:
    """Return the workers' ages in days."""
    band = household.bands.gather(draws.pick(household.band, 0, count))
    first = (band.list.get(0) * _YEAR).ceil().cast(pl.Int64)
    last = ((band.list.get(1) + 1) * _YEAR).floor().cast(pl.Int64) - 1
    return draws.between(count, first, last)


def _days_old(rows: pl.DataFrame, draws: Draws) -> pl.Series:
    """Return the ages in days, from the worker's in `days`."""
    worker, count = rows["days"], len(rows)
    grown = (worker - ADULT).clip(_NEWBORN + 1, ADULT - 1)
    by_role = {
        Role.SPOUSE: (worker + draws.between(count, -_COUPLE, _COUPLE)).clip(ADULT),
        Role.CHILD: draws.between(count, _NEWBORN + 1, grown),
        Role.NEWBORN: draws.between(count, 0, _NEWBORN),
        Role.PARENT: worker + draws.between(count, *_PARENT),
    }
    whens = (pl.when(pl.lit(rows["role"]) == role.value).then(pl.lit(days)) for role, days in by_role.items())
    return pl.select(pl.coalesce(*whens, pl.lit(worker))).to_series()


def family_of(persons: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """Return one row per contract: all its persons as the others see them, and the worker."""
    worker = persons.filter(pl.col("role") == Role.WORKER.value).select(
        family_worker_citizenship="citizenship", family_worker_works="works", family_worker_class="worker_class"
    )
    listed = persons.select(
        "of",
        pl.struct(
            "role", "age", sets["codes"].gather(persons["citizenship"]).alias("citizenship"), "first_day", "last_day"
        ).alias("persons"),
    )
    together = listed.group_by("of", maintain_order=True).agg("persons")
    return worker.hstack([together["persons"].cast(pl.List(item_type(CoveredPerson)))])
