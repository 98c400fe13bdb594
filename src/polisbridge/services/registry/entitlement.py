"""What an insured person is entitled to at a hospital: told from a certificate that was shown, or from the register."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.contract import Contract, Period
from polisbridge.core.facts import BenefitLine
from polisbridge.services.registry.onrecord import RecordAnswer

_EVERYWHERE = "WORLD"
_TAIL = 4  # characters of a document's number that are shown


@dataclass(frozen=True, slots=True)
class PaidFor:
    """One benefit on a day: whether it is paid for by now. `first` is the day from which, None when nothing says so."""

    line: BenefitLine
    first: date | None
    begun: bool | None


def paid_for(contract: Contract, person: str, on: date) -> tuple[PaidFor, ...]:
    """Return the benefits in the order of the contract, each with the day on which its waiting days are over."""
    cover = contract.cover(contract.person(person))
    usual = contract.facts.get("waiting_days")
    return tuple(_line(one, cover, usual, on) for one in contract.benefits or ())


def _line(line: BenefitLine, cover: Period, usual: object, on: date) -> PaidFor:
    waits = line.waiting_days if isinstance(line.waiting_days, int) else usual
    days = waits if isinstance(waits, int) else 0
    first = cover.first + timedelta(days=days) if cover.first is not None else None
    return PaidFor(line, first, None if first is None else first <= on)


def pays_here(contract: Contract, state: str) -> bool | None:
    """Return whether the contract pays in the state; None when it does not say where, or only in a part of it."""
    inside, outside = (contract.facts.get(name) for name in ("territory", "territory_except"))
    if not isinstance(inside, frozenset):
        return None
    if isinstance(outside, frozenset) and state in outside:
        return False
    if inside & {state, _EVERYWHERE}:
        return True
    return None if any(one.startswith(f"{state}-") for one in inside) else False


def as_certificate(found: RecordAnswer, title: str, at: datetime) -> Certificate | None:
    """Return what the register says in the form of a certificate, to be told in the same words; it is never signed.

    None when nothing is on record any more. `title` is the insurer's in the reader's language.
    """
    if found.contract is None or found.seller is None or found.identity is None:
        return None
    identity, last = found.identity, found.cover.last or date.max
    tail = identity.document.number[-_TAIL:] if identity.document else ""
    return Certificate(
        issuer_state=found.seller.state,
        key_id=b"",
        issued=at,
        expires=datetime.combine(last, time.max, UTC),
        status=StatusReference(0, 0),
        holder=Holder(identity.name, identity.original_name, tail),
        contract=found.contract,
        person=found.found.code,
        insurer_name=title,
        assistance_phone=found.seller.phone,
    )
