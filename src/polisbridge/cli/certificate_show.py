"""Certificates and verifications in words and as JSON."""

from datetime import timedelta

from rich.padding import Padding
from rich.text import Text

from polisbridge.cli.desk import Desk
from polisbridge.cli.show import Shower
from polisbridge.core.certificate import Certificate
from polisbridge.core.law import LawBook
from polisbridge.core.verification import ACCEPTING, Answer, Verification
from polisbridge.words.fields import CertificateWords

_COLOURS = {Answer.ACCEPT: "bold green", Answer.REFUSE: "bold red", Answer.UNDETERMINED: "bold yellow"}
_HOUR = timedelta(hours=1)


class CertificateShower:
    """Prints certificates and what became of their verification."""

    def __init__(self, desk: Desk, book: LawBook) -> None:
        self._out, self._words, self._book = desk.out, desk.words, book

    def certificate(self, certificate: Certificate) -> None:
        """Print every field by its number, and that nothing was checked."""
        self._line(self._words("certificate.not_checked"), 0, "bold yellow")
        for field in CertificateWords(certificate, self._book, self._words, self._words).fields():
            self._line(f"{field.number.value}. {field.label}: {field.value}", 2)

    def verification(self, found: Verification) -> None:
        """Print the answer first, then reasons with advice, who vouches, how old the data is, the decision."""
        words = self._words
        head = Text(words(f"answer_word.{found.answer.value}").upper(), style=_COLOURS[found.answer])
        if found.certificate is not None:
            head.append(f"  {found.certificate.contract.number}/{found.certificate.person}", style="default not bold")
        self._out.print(head)
        for reason in found.reasons:
            self._line(f"{words(f'reason.{reason.value}')}{f' ({found.detail})' if found.detail else ''}", 2)
            advice = f"advice.{reason.value}"
            if reason not in ACCEPTING and words.has(advice):
                self._line(f"→ {words(advice)}", 4, "dim")
        for why in found.trust_reasons:
            self._line(f"– {words(f'trust.reason.{why.value}')}", 4, "dim")
        self._who(found)
        self._ages(found)
        if found.assessment is not None:
            Shower(self._out, words, self._book).assessment(found.assessment)
        else:
            self._out.print()

    def _who(self, found: Verification) -> None:
        """Print holder and insurer, for a certificate whose signature is good; the rest nobody stands for."""
        words, certificate, insurer = self._words, found.certificate, found.insurer
        if certificate is None or insurer is None:
            return
        holder = certificate.holder
        self._line(words("certificate.holder", name=holder.name, tail=holder.document_tail or "–"), 2)
        self._line(
            words("certificate.insurer", name=insurer.name, state=words.state(insurer.state), licence=insurer.licence),
            2,
        )

    def _ages(self, found: Verification) -> None:
        words = self._words
        if found.trust_age is not None:
            self._line(words("certificate.trust_age", hours=_hours(found.trust_age)), 2, "dim")
        if found.status is not None and found.status_age is not None:
            status = words(f"status.{found.status.name.lower()}")
            self._line(words("certificate.status_age", status=status, hours=_hours(found.status_age)), 2, "dim")

    def _line(self, text: str, left: int, style: str = "") -> None:
        self._out.print(Padding(Text(text, style=style), (0, 0, 0, left)))


def _hours(age: timedelta) -> int:
    return max(0, age // _HOUR)
