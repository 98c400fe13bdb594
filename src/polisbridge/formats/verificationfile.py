"""Certificates and verifications as plain JSON values: the shape of `--json` and of the API."""

from datetime import timedelta
from typing import Any

from polisbridge.core.certificate import Certificate
from polisbridge.core.law import LawBook
from polisbridge.core.verification import Verification
from polisbridge.formats.decisionfile import write_decision


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """Return what a certificate says of itself, its holder and its cover."""
    contract = certificate.contract
    own = contract.person(certificate.person)
    cover = contract.cover(own)
    return {
        "issuer_state": certificate.issuer_state,
        "key_id": certificate.key_id.hex(),
        "issued": certificate.issued.isoformat(),
        "expires": certificate.expires.isoformat(),
        "status": {"list": certificate.status.number, "index": certificate.status.index},
        "holder": {
            "name": certificate.holder.name,
            "original_name": certificate.holder.original_name,
            "document_tail": certificate.holder.document_tail,
        },
        "number": contract.number,
        "person": certificate.person,
        "role": own.role.value,
        "born": own.born.isoformat() if own.born else None,
        "period": {
            "from": cover.first.isoformat() if cover.first else None,
            "to": cover.last.isoformat() if cover.last else None,
        },
        "insurer": certificate.insurer_name,
        "assistance_phone": certificate.assistance_phone,
        "omitted": [one.value for one in certificate.omitted],
    }


def verification_json(book: LawBook, found: Verification) -> dict[str, Any]:
    """Return the answer, reasons, ages in seconds, and what a good signature stands for."""
    told: dict[str, Any] = {
        "answer": found.answer.value,
        "reasons": [one.value for one in found.reasons],
        "trust_reasons": [one.value for one in found.trust_reasons],
        "trust_age": _seconds(found.trust_age),
        "status_age": _seconds(found.status_age),
    }
    if found.detail:
        told["detail"] = found.detail
    if found.status is not None:
        told["status"] = found.status.name.lower()
    if found.insurer is not None and found.certificate is not None:
        insurer = found.insurer
        told["insurer"] = {"id": insurer.insurer, "name": insurer.name, "state": insurer.state}
        told["certificate"] = certificate_json(found.certificate)
    if found.assessment is not None:
        told["decision"] = write_decision(book.hash, found.assessment)
    return told


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())
