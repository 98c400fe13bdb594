"""Issue certificates: one per insured person, with its place in a status list, read again before it goes out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from polisbridge.core.certificate import Certificate, IssueOrder, StatusReference
from polisbridge.core.contract import Contract
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Signer
from polisbridge.core.status import ENTRIES, Status
from polisbridge.core.statusbook import Note
from polisbridge.formats import cose
from polisbridge.formats.certificate import CertificateError, decode, encode
from polisbridge.services.status import StatusRegister

_DAY_ENDS = timedelta(hours=36)  # after the last day's begin in UTC it is over in every time zone
_FAR = StatusReference((1 << 16) - 1, ENTRIES - 1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as it was written, its text, and its key in the register."""

    key: str
    text: str
    certificate: Certificate


def register_key(contract: Contract, person: str) -> str:
    """Return the name of a certificate in its issuer's register; it names nobody."""
    return f"{contract.number}/{person}"


def issue(
    contract: Contract,
    persons: Iterable[str],
    order: IssueOrder,
    register: StatusRegister,
    signer: Signer,
    note: Note,
    *,
    key_of: Callable[[Contract, str], str] = register_key,
) -> tuple[Issued, ...]:
    """Return certificates of the persons, all insured ones when none is named; all of them or none.

    A person who has a place in the register keeps it, so a certificate can be issued again; not once it is revoked.
    `key_of` names a person's certificate in the register, where that is not the first one.
    Raises PolisbridgeError naming everything that stands against it.
    """
    wanted = tuple(persons) or tuple(person.id for person in contract.insured)
    faults = tuple(_faults(contract, wanted, order, note.at.date()))
    if faults:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "; ".join(faults), hint="correct the contract or the order")
    drafts = [_certificate(contract, person, order, signer, note.at) for person in wanted]
    for draft in drafts:
        _written(draft, signer)
    places = register.allocate([key_of(contract, person) for person in wanted], note)
    for key in places:
        if register.entry(key).status is Status.REVOKED:
            raise PolisbridgeError(ErrorCode.STATUS_FINAL, f"{key} is revoked", hint="issue under a new number")
    return tuple(_issued(key, draft, places[key], signer) for key, draft in zip(places, drafts, strict=True))


def _faults(contract: Contract, persons: Sequence[str], order: IssueOrder, today: date) -> Iterator[str]:
    insured = {person.id: person for person in contract.insured}
    licensed = contract.facts.get("insurer_licensed_in")
    if isinstance(licensed, frozenset) and order.state not in licensed:
        yield f"the contract's insurer is not licensed in {order.state}"
    for person in persons:
        if person not in insured:
            yield f"{person} is not insured by {contract.number}"
            continue
        if person not in order.holders:
            yield f"the order does not name {person}"
        last = contract.cover(insured[person]).last
        if last is None:
            yield f"the last day of cover of {person} is not told"
        elif last < today:
            yield f"cover of {person} ended on {last.isoformat()}"


def _certificate(contract: Contract, person: str, order: IssueOrder, signer: Signer, now: datetime) -> Certificate:
    last = contract.cover(contract.person(person)).last or now.date()
    return Certificate(
        issuer_state=order.state,
        key_id=signer.key_id,
        issued=now.astimezone(UTC).replace(microsecond=0),
        expires=datetime.combine(last, time(), UTC) + _DAY_ENDS,
        status=_FAR,
        holder=order.holders[person],
        contract=contract,
        person=person,
        insurer_name=order.insurer_name,
        assistance_phone=order.assistance_phone,
    )


def _issued(key: str, draft: Certificate, place: StatusReference, signer: Signer) -> Issued:
    text, written = _written(replace(draft, status=place), signer)
    opened = decode(text)
    if opened.certificate.status != place or not cose.verified(opened.envelope, signer.public_key):
        raise PolisbridgeError(ErrorCode.NOT_READABLE, "the key made a certificate that does not verify")
    return Issued(key, text, written)


def _written(certificate: Certificate, signer: Signer) -> tuple[str, Certificate]:
    try:
        return encode(certificate, signer)
    except CertificateError as exc:
        hint = "fewer benefit lines, exclusions or persons on one certificate"
        raise PolisbridgeError(ErrorCode.TOO_LARGE, f"{certificate.person}: {exc}", hint=hint) from exc
