"""Synthetic portfolios: realistic rows drawn from published figures and a seed, made in columns, part by part.

The same seed, figures and number of rows give the same rows, byte for byte. What a row holds is what
`core.contract.facts_of` would make of such a contract, person and stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from polisbridge.batch.draws import Choices, Draws
from polisbridge.batch.figuresfile import span
from polisbridge.batch.household import Household, drawn_persons, family_of
from polisbridge.batch.layout import ROW, ROW_SCHEMA, absent_value, row_of
from polisbridge.batch.months import days_and_months
from polisbridge.batch.portfolio import PortfolioWriter, whole_folder
from polisbridge.batch.synthetic import Figures, Offer
from polisbridge.core.codes import Gate
from polisbridge.core.contract import OWN_PERIOD
from polisbridge.core.facts import Facts, field_types
from polisbridge.core.vocabulary import STATELESS
from polisbridge.services.portfolio import Progress
from polisbridge.services.portfolio_make import SyntheticOrder

PART = 1_000_000  # rows made at once

_KINDS = field_types(Facts)
_OF_PERSONS = {"birth_day", "citizenship", "works", "contribution_months", "matches_document"}  # drawn in household
_TOGETHER = {
    "sum_insured": ("sum_insured_currency", "sum_insured_per", "sum_unlimited"),
    "premium": ("premium_currency",),
    "deductible": ("deductible_currency",),
}
_INSIDE = (Gate.HIRING, Gate.RESIDENCE, Gate.CLINIC_ATTACHMENT, Gate.CARE)
_TRAVELLING = (Gate.VISA, Gate.ENTRY)
_SCHEME_POLICY = "compulsory"
_GATES = {gate: at for at, gate in enumerate(Gate)}


def generate_portfolio(
    order: SyntheticOrder, figures: Figures, into: Path, said: Mapping[str, Any], progress: Progress
) -> None:
    """Write a synthetic portfolio; `said` is what else the manifest is to say of it.

    Raises PolisbridgeError when the folder is there already or cannot be written; nothing is kept then.
    """
    with whole_folder(into) as folder:
        writer = PortfolioWriter(folder)
        makers = _Makers(figures, order, writer)
        for part, first in enumerate(range(0, order.rows, PART)):
            count = min(PART, order.rows - first)
            writer.write(makers.part(f"{order.seed}/{part}", first, count))
            progress(first + count, order.rows)
        days = {"from": order.first_day.isoformat(), "to": order.last_day.isoformat()}
        writer.finish(synthetic=True, note=figures.file.note, seed=order.seed, as_of=days, **said)


@dataclass
class _Makers:
    """Everything that is the same for all parts."""

    figures: Figures
    order: SyntheticOrder
    writer: PortfolioWriter
    offers: pl.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        self.offers = pl.DataFrame([self._offer(one) for one in self.figures.offers], infer_schema_length=None)
        kinds = {name: kind for name, kind in ROW_SCHEMA.items() if name in self.offers.columns}
        self.offers = self.offers.cast(kinds)  # type: ignore[arg-type]
        self.household = Household.of(self.figures)
        self.no_scheme = self._set()
        self.matching = [self._set("birth_date", "document"), self._set("birth_date", "document", "name")]

    def _offer(self, offer: Offer) -> dict[str, Any]:
        """Return an offer as the columns of its rows, and what else is drawn by."""
        given = {"state": offer.state, "gate": offer.gate.value, "benefits": offer.contract.benefits}
        place = self.figures.file.places[offer.place]
        own, other = offer.home, offer.state
        scheme, share = next(iter(place.schemes.items()), (None, 0))
        citizenships = ({own}, {other}, {own, other}, {STATELESS})
        low, high, currency = offer.price or (None, None, None)
        return {
            **row_of(Facts(**{**offer.contract.facts, **given}), self.writer.lists),  # type: ignore[arg-type]
            "product": offer.product.id,
            "weight": offer.weight,
            "gate_at": _GATES[offer.gate],
            "place": offer.place,
            "insurers": offer.product.insurers,
            "price_low": low,
            "price_high": high,
            "premium_currency": currency,
            "scheme": self._set(scheme) if scheme else None,
            "scheme_share": share,
            **{f"citizenship_{at}": self._set(*codes) for at, codes in enumerate(citizenships)},
        }

    def _set(self, *codes: str) -> int:
        return self.writer.lists.set_number(frozenset(codes))

    @cached_property
    def sets(self) -> pl.DataFrame:
        """All sets by number; no row brings another."""
        return self.writer.lists.sets_frame()

    @cached_property
    def offer(self) -> Choices:
        """Which offer, by weight."""
        return Choices([dict(enumerate(self.offers["weight"]))], pl.UInt32())

    @cached_property
    def lasts(self) -> Choices:
        """How many days stays last, by gate."""
        stays = self.figures.file.stays
        return Choices(
            [
                {int(days): weight for days, weight in stays[gate].lasts.items()} if gate in stays else {1: 1}
                for gate in Gate
            ],
            pl.Int64(),
        )

    @cached_property
    def begins(self) -> tuple[pl.Series, pl.Series]:
        """When stays begin, by gate: at first and at last."""
        stays = self.figures.file.stays
        spans = [span(stays[gate].begins) if gate in stays else (0, 0) for gate in Gate]
        return pl.Series([low for low, _ in spans]), pl.Series([high for _, high in spans])

    @cached_property
    def regions(self) -> Choices:
        """Regions by place, or none."""
        return Choices([{**place.regions, None: place.no_region} for place in self.figures.file.places], pl.String())

    def part(self, seed: str, first: int, count: int) -> pl.DataFrame:
        """Return the rows of one part, numbered from `first`."""
        draws = Draws(seed)
        contracts = self._contracts(draws, count)
        contracts = self._forgotten(self._priced(self._covered(self._staying(contracts, draws), draws), draws), draws)
        persons = drawn_persons(contracts, self.household, self.figures, draws)
        family = family_of(persons, self.sets)
        own = persons.drop([name for name in persons.columns if name in contracts.columns and name != "first_day"])
        starts = persons.select(pl.col("of").is_first_distinct().arg_true()).to_series()
        numbered = contracts.drop("first_day").with_columns(
            contract=pl.format("SYN-{}", pl.lit(starts, dtype=pl.Int64) + first)
        )
        rows = own.hstack(numbered.hstack(family)[own["of"]])
        return self._finished(rows.with_row_index(ROW, first))

    def _contracts(self, draws: Draws, count: int) -> pl.DataFrame:
        """Return contracts with so many persons together; the last ones are of workers alone, to fill up."""
        drawn = self.offers[draws.pick(self.offer, 0, count)]
        alone = [_GATES[gate] for gate in self.figures.file.people.alone_at]
        family = draws.pick(self.household.family, (~drawn["gate_at"].is_in(alone)).cast(pl.UInt64), count)
        sizes = self.household.families.list.len().gather(family).cum_sum()
        whole = int((sizes <= count).sum())
        fill = count - (int(sizes[whole - 1]) if whole else 0)
        chosen = pl.concat([family.head(whole), pl.zeros(fill, dtype=pl.UInt32, eager=True)])
        return drawn.head(whole + fill).with_columns(chosen.alias("family"))

    def _staying(self, contracts: pl.DataFrame, draws: Draws) -> pl.DataFrame:
        """Add the day assessed, the stay, where it is and as what."""
        count, people = len(contracts), self.figures.file.people
        days = (self.order.last_day - self.order.first_day).days
        gate, place = contracts["gate_at"], contracts["place"]
        low, high = (one.gather(gate) for one in self.begins)
        picked = {
            "residence_status": (people.residence_statuses, _INSIDE),
            "transport": (people.transports, _TRAVELLING),
            "care_form": (people.care_forms, (Gate.CARE,)),
            "official_capacity": (people.capacities, tuple(Gate)),
        }
        columns = {
            name: pl.when(pl.lit(gate).is_in([_GATES[one] for one in gates])).then(
                pl.lit(draws.pick(Choices([weights]), 0, count))
            )
            for name, (weights, gates) in picked.items()
        }
        return contracts.with_columns(
            **columns,
            as_of=self.order.first_day + pl.duration(days=pl.lit(draws.between(count, 0, days))),
            begins=draws.between(count, low, high),
            lasts=draws.pick(self.lasts, gate, count),
            region=draws.pick(self.regions, place, count),
        ).with_columns(
            residence_status=pl.col("residence_status").fill_null("temporary_stay"),
            stay_first=pl.col("as_of") + pl.duration(days="begins"),
            stay_last=pl.col("as_of") + pl.duration(days=pl.col("begins") + pl.col("lasts") - 1),
        )

    def _covered(self, contracts: pl.DataFrame, draws: Draws) -> pl.DataFrame:
        """Add the days of cover and of conclusion."""
        count, cover = len(contracts), self.figures.file.cover
        kind = draws.pick(Choices([{at: one.weight for at, one in enumerate(cover)}], pl.UInt32()), 0, count)
        starts, ends = (
            pl.Series([span(text) for text in texts], dtype=pl.List(pl.Int64)).gather(kind)
            for texts in ([one.starts for one in cover], [one.ends for one in cover])
        )
        before = draws.between(count, starts.list.get(0), starts.list.get(1))
        after = draws.between(count, ends.list.get(0), ends.list.get(1))
        concluded = draws.between(count, *span(self.figures.file.concluded))
        return (
            contracts.with_columns(
                first_day=pl.col("stay_first") + pl.duration(days=pl.lit(before)),
                last_day=pl.col("stay_last") + pl.duration(days=pl.lit(after)),
            )
            .with_columns(last_day=pl.max_horizontal("first_day", "last_day"))
            .with_columns(concluded=pl.col("first_day") - pl.duration(days=pl.lit(concluded)))
        )

    def _priced(self, contracts: pl.DataFrame, draws: Draws) -> pl.DataFrame:
        """Add the insurer and the premium: the price of a year, by days, in whole units of the currency."""
        count = len(contracts)
        year = draws.between(count, contracts["price_low"].fill_null(0), contracts["price_high"].fill_null(0))
        days = (pl.col("last_day") - pl.col("first_day")).dt.total_days() + 1
        whole = (pl.lit(year) * days // 365 // 100 + 1) * 100
        number = draws.between(count, 1, contracts["insurers"])
        return contracts.with_columns(
            insurer=pl.format("{}-{}", "insurer_state", pl.lit(number)),
            premium=pl.when(pl.col("price_low").is_not_null()).then(whole),
            premium_paid=draws.happens(count, self.figures.file.paid),
        )

    def _forgotten(self, contracts: pl.DataFrame, draws: Draws) -> pl.DataFrame:
        """State some missing things to be missing, and forget others."""
        count, file = len(contracts), self.figures.file
        missing = {name: ROW_SCHEMA[name] for name in file.stated_none if name not in contracts.columns}
        contracts = contracts.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in missing.items())
        contracts = contracts.with_columns(
            pl.when(pl.col(name).is_null() & pl.lit(draws.happens(count, often)))
            .then(absent_value(_KINDS[name]))
            .otherwise(name)
            .alias(name)
            for name, often in file.stated_none.items()
        )
        for name, often in file.unknown.items():
            if name in contracts.columns and name not in _OF_PERSONS:
                known = ~draws.happens(count, often)
                both = [one for one in (name, *_TOGETHER.get(name, ())) if one in contracts.columns]
                contracts = contracts.with_columns(pl.when(pl.lit(known)).then(one).alias(one) for one in both)
        return contracts

    def _finished(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add what follows from the rest, and return the columns of the layout."""
        in_scheme = pl.col("works").fill_null(value=False) & (
            pl.col("in_scheme") < pl.col("scheme_share").cast(pl.UInt64) * (1 << 32) // 1000
        )
        nothing_known = pl.col("contract_kind") == _SCHEME_POLICY
        own_days = [
            pl.when(pl.col("gate") == gate.value).then(f"stay_{end}").alias(f"{name}_{end}")
            for gate, name in OWN_PERIOD.items()
            for end in ("first", "last")
        ]
        rows = rows.with_columns(
            *days_and_months("first_day", "last_day", "term"),
            *days_and_months("stay_first", "stay_last", "stay"),
            *own_days,
            contribution_months=pl.when(pl.col("gate") == Gate.CARE.value).then("contribution_months"),
            matches_document=pl.when("known_document").then(
                pl.when("name_differs").then(self.matching[0]).otherwise(self.matching[1])
            ),
            local_schemes=pl.when(in_scheme & pl.col("scheme").is_not_null())
            .then("scheme")
            .when(~nothing_known | nothing_known.is_null())
            .then(self.no_scheme),
        )
        wanted = {name: kind for name, kind in ROW_SCHEMA.items() if name in rows.columns}
        return rows.select(pl.col(name).cast(kind) for name, kind in wanted.items())
