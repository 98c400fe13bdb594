"""Verify a certificate offline, from a synchronised kit: authentic, by whom, in force, and enough here.

The steps, each ending in reason codes:

1. the text is a certificate (formats.certificate). With numbers that this verifier is too old to know it goes on as
   far as step 5, which may still refuse it, and is never accepted;
2. there is trust data, the clock is not behind the newest signed time seen, the data is not stale;
3. the key is known by state and key id, not removed, and was in use when the certificate was issued;
4. the signature is the key's, and the certificate has not expired;
5. the status list says it is neither revoked nor suspended, and is not stale;
6. the law of the state of stay, from the same kit, decides for the occasion. Of what the certificate says about
   its insurer's licences only what the admitting state can vouch for counts; anything beyond is unknown.

What the verifier does not know gives undetermined: never "valid", and never "revoked".
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from polisbridge.core.certificate import Certificate
from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Contract, Stay
from polisbridge.core.status import Freshness, ListName, Status, StatusList, Unreadable, freshness, status_at
from polisbridge.core.trust import CLOCK_TOLERANCE, InsurerKey, TrustReason, TrustState, TrustView
from polisbridge.core.verification import UNKNOWING, Reason, Verification
from polisbridge.formats import cose
from polisbridge.formats.certificate import CertificateError, NewerFormat, Opened, decode
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with

_VERDICTS = {
    Verdict.RECOGNISED: Reason.RECOGNISED,
    Verdict.NOT_REQUIRED: Reason.NOT_REQUIRED,
    Verdict.NOT_RECOGNISED: Reason.NOT_RECOGNISED,
    Verdict.UNDETERMINED: Reason.NOT_DECIDED,
}
_STATUSES = {Status.REVOKED: Reason.REVOKED, Status.SUSPENDED: Reason.SUSPENDED}
_OLD = {Freshness.AGING: Reason.STATUS_OLD, Freshness.EXPIRED: Reason.STATUS_OLD}
_TOO_OLD = {
    Freshness.STALE: Reason.STATUS_STALE,
    Freshness.OLDER: Reason.STATUS_STALE,
    Freshness.NOT_YET: Reason.CLOCK_BEHIND,
}
_EASTERNMOST = timedelta(hours=14)
_DECIDABLE = {Reason.TRUST_OLD, Reason.STATUS_OLD}


class HeldLists(Protocol):
    """Status lists at hand, and the newest moment of issue ever seen of each."""

    def held(self, name: ListName) -> StatusList | Unreadable | None:
        """Return a list; None when it was never fetched."""

    def newest(self, name: ListName) -> datetime | None:
        """Return the newest moment of issue ever seen of the list."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a verifier holds: trust, status lists, and the law and rates to decide by, applied once per occasion."""

    trust: TrustView | None
    lists: HeldLists | None
    laws: AppliedLaws | None


def verify(text: str, kit: Kit, stay: Stay | None, now: datetime) -> Verification:
    """Return what can be said of a certificate text at the instant; with a stay, whether it is enough there."""
    try:
        opened = decode(text)
    except NewerFormat as exc:
        return replace(_with(_stands(exc.opened, kit, now), Reason.NEWER_FORMAT), certificate=None)
    except CertificateError as exc:
        return Verification((Reason.NOT_A_CERTIFICATE,), detail=exc.fault.value)
    found = _stands(opened, kit, now)
    if not set(found.reasons) <= _DECIDABLE:
        return found
    if stay is None:
        return _with(found, Reason.COVER_NOT_BEGUN if _begins_later(opened.certificate, now) else Reason.IN_FORCE)
    return _decided(found, opened.certificate, kit, stay)


def _stands(opened: Opened, kit: Kit, now: datetime) -> Verification:
    """Take steps 2 to 5, which need nothing of the contract."""
    return _in_force(_authentic(opened, kit.trust, now), opened.certificate, kit, now)


def _begins_later(certificate: Certificate, now: datetime) -> bool:
    """Say whether cover has begun nowhere on earth yet, or nobody knows when it does."""
    contract = certificate.contract
    first = contract.cover(contract.person(certificate.person)).first
    return first is None or first > (now + _EASTERNMOST).date()


def _authentic(opened: Opened, trust: TrustView | None, now: datetime) -> Verification:
    """Take steps 2 to 4."""
    certificate = opened.certificate
    found = Verification((), certificate=certificate)
    if trust is None:
        return _with(found, Reason.NO_TRUST_DATA)
    age = trust.freshness(now, certificate.issuer_state)
    found = replace(found, trust_age=age.age, trust_reasons=age.reasons)
    found = _with(found, *_trust_reasons(age.state, age.reasons))
    key = trust.insurer_key(certificate.issuer_state, certificate.key_id)
    if key is None:
        return _with(found, Reason.UNKNOWN_KEY)
    if not cose.verified(opened.envelope, key.spki):
        return _with(found, Reason.SIGNATURE_WRONG)
    found = replace(found, insurer=key)
    if key.removed:
        return _with(found, Reason.KEY_REMOVED)
    return found if UNKNOWING & set(found.reasons) else _with(found, *_times(certificate, key, now))


def _trust_reasons(state: TrustState, reasons: tuple[TrustReason, ...]) -> tuple[Reason, ...]:
    if state is TrustState.FRESH:
        return ()
    if state is TrustState.WARN:
        return (Reason.TRUST_OLD,)
    if TrustReason.CLOCK_BEHIND in reasons:
        return (Reason.CLOCK_BEHIND,)
    return (Reason.TRUST_STALE,) if state is TrustState.STALE else (Reason.NO_TRUST_DATA,)


def _times(certificate: Certificate, key: InsurerKey, now: datetime) -> list[Reason]:
    if now + CLOCK_TOLERANCE < certificate.issued:
        return [Reason.CLOCK_BEHIND]
    reasons = []
    if not key.may_have_signed(certificate.issued) or not key.accepted(now):
        reasons.append(Reason.KEY_NOT_IN_USE)
    if now > certificate.expires:
        reasons.append(Reason.EXPIRED)
    return reasons


def _in_force(found: Verification, certificate: Certificate, kit: Kit, now: datetime) -> Verification:
    """Take step 5; only for a certificate known to be genuine, by trust data that counts."""
    if found.insurer is None or set(found.reasons) & {*UNKNOWING, Reason.KEY_REMOVED}:
        return found
    name = ListName(certificate.issuer_state, certificate.status.number)
    held = None if kit.lists is None else kit.lists.held(name)
    if kit.lists is None or held is None:
        return _with(found, Reason.STATUS_NOT_FETCHED)
    reading = status_at(held, certificate.status.index)
    if reading.status is None or isinstance(held, Unreadable):
        return _with(found, Reason.STATUS_UNREADABLE)
    age = freshness(held, max(now, min(held.issued, now + CLOCK_TOLERANCE)), kit.lists.newest(name))
    found = replace(found, status_age=now - held.issued)
    if age in _TOO_OLD:  # what it says is not told as the truth of today, not even "revoked"
        return _with(found, _TOO_OLD[age])
    found = replace(found, status=reading.status)
    return _with(found, *[reason for reason in (_OLD.get(age), _STATUSES.get(reading.status)) if reason])


def _decided(found: Verification, certificate: Certificate, kit: Kit, stay: Stay) -> Verification:
    """Take step 6."""
    if kit.laws is None or stay.state not in kit.laws.book.states():
        return _with(found, Reason.NOT_DECIDED)
    contract = _vouched(certificate.contract, certificate.issuer_state)
    assessment = assess_with(kit.laws, contract, stay, [certificate.person])[0]
    return replace(_with(found, _VERDICTS[assessment.decision.verdict]), assessment=assessment)


def _vouched(contract: Contract, state: str) -> Contract:
    """Return the contract without what it says of its insurer that the admitting state cannot vouch for."""
    facts = dict(contract.facts)
    licensed, registers = facts.get("insurer_licensed_in"), facts.get("insurer_registers")
    if isinstance(licensed, frozenset) and licensed - {state}:
        del facts["insurer_licensed_in"]
    if isinstance(registers, frozenset) and not all(one.startswith(f"{state.lower()}_") for one in registers):
        del facts["insurer_registers"]
    if facts.get("insurer_state") not in (None, state):
        del facts["insurer_state"]
    return replace(contract, facts=facts)


def _with(found: Verification, *more: Reason) -> Verification:
    return replace(found, reasons=tuple(dict.fromkeys([*found.reasons, *more])))
