"""What a patient is entitled to, in words: today or not, who pays, the patient's own share, benefits, exclusions."""

from dataclasses import dataclass, replace
from datetime import date

from polisbridge.core.certificate import Certificate
from polisbridge.core.law import LawBook
from polisbridge.core.verification import Answer
from polisbridge.services.registry.entitlement import paid_for, pays_here
from polisbridge.web.verify import Verified
from polisbridge.words import Words
from polisbridge.words.fields import BenefitRow, CertificateWords, Field, FieldNumber

_SHOWN = (
    FieldNumber.HOLDER,
    FieldNumber.BORN,
    FieldNumber.DOCUMENT,
    FieldNumber.POLICY,
    FieldNumber.PERIOD,
    FieldNumber.TERRITORY,
    FieldNumber.SUM_INSURED,
    FieldNumber.OWN_SHARE,
    FieldNumber.EXCLUSIONS,
)


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit as told at a desk: the row, and from when it is paid for; `open` says whether by now (None: unknown)."""

    row: BenefitRow
    since: str
    open: bool | None


@dataclass(frozen=True, slots=True)
class Entitled:
    """What a desk needs on one screen. `payer` and `phone` say who pays and whom to call; `here` where it pays."""

    verified: Verified
    state: str
    here: bool | None
    payer: str
    phone: str
    fields: tuple[Field, ...]
    benefits: tuple[Benefit, ...]


def entitled(certificate: Certificate, told: Verified, state: str, on: date, words: Words, book: LawBook) -> Entitled:
    """Return what the holder is entitled to in the state on the day; refused where the contract does not pay there.

    Whether the law of the state asks for insurance there is another question, and not told.
    """
    said = CertificateWords(certificate, book, words, words)
    here = pays_here(certificate.contract, state)
    lines = paid_for(certificate.contract, certificate.person, on)
    answer = Answer.REFUSE if here is False else told.answer
    return Entitled(
        verified=replace(
            told,
            answer=answer,
            said=words(f"web.hospital.{answer.value}"),
            word=words(f"web.hospital.word.{answer.value}"),
            holder="",
            insurer="",
            fields=(),
            number="",
        ),
        state=words.state(state),
        here=here,
        payer=certificate.insurer_name or words("value.unknown"),
        phone=certificate.assistance_phone,
        fields=tuple(one for one in said.fields() if one.number in _SHOWN),
        benefits=tuple(
            Benefit(row, words.day(one.first) if one.first else "–", one.begun)
            for row, one in zip(said.benefits(), lines, strict=True)
        ),
    )
