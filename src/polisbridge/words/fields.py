"""What a certificate says, as numbered fields in two languages, for paper and screen.

The number of a field never changes, so that who reads neither language can still find "1, valid until" by a table of
numbers in their own. Days are DD.MM.YYYY and amounts carry their ISO 4217 code, the same in every language; words
stand in the person's language first, then in that of the state of stay, once when they agree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from polisbridge.core.certificate import Certificate
from polisbridge.core.contract import Insured
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, BenefitLine
from polisbridge.core.law import LawBook
from polisbridge.core.money import from_minor
from polisbridge.words import Words

DASH = "–"  # stands where a benefit line states nothing
_SPACE = "\N{NO-BREAK SPACE}"
_FEW = 4  # states whose names still fit on a card


class FieldNumber(IntEnum):
    """The numbers printed beside the fields. Published: never given to another field."""

    VALID_UNTIL = 1
    HOLDER = 2
    BORN = 3
    CITIZENSHIP = 4
    ROLE = 5
    INSURER = 6
    POLICY = 7
    PERIOD = 8
    TERRITORY = 9
    SUM_INSURED = 10
    BENEFITS = 11
    OWN_SHARE = 12
    WAITING = 13
    EXCLUSIONS = 14
    DOCUMENT = 15
    ASSISTANCE = 16
    CERTIFICATE = 17
    LEFT_OUT = 18


@dataclass(frozen=True, slots=True)
class Field:
    """One numbered field: its label and its value, as printed."""

    number: FieldNumber
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """One line of the benefit table, as printed; `DASH` where the contract states nothing."""

    name: str
    limit: str
    deductible: str
    copay: str
    waiting: str  # whole days


class CertificateWords:
    """Says a certificate in two languages, which may be the same."""

    def __init__(self, certificate: Certificate, book: LawBook, words: Words, host: Words) -> None:
        self._certificate, self._book, self._speakers = certificate, book, (words, host)
        self._facts = certificate.contract.facts
        self._person = _person_of(certificate)

    def fields(self) -> tuple[Field, ...]:
        """Return all numbered fields in order of number; field 11 is in full in `benefits`."""
        return tuple(
            Field(number, self.say(f"card.{number.name.lower()}"), self._value(number)) for number in FieldNumber
        )

    def benefits(self) -> tuple[BenefitRow, ...]:
        """Return the benefit table in the order of the contract."""
        return tuple(self._benefit(line) for line in self._certificate.contract.benefits or ())

    def say(self, key: str, apart: str = " / ", **values: object) -> str:
        """Return the words for a key in both languages, with `apart` between them."""
        return self._both(lambda words: words(key, **values), apart)

    def valid_until(self) -> date:
        """Return the last day on which contract and certificate both hold."""
        last = self._certificate.contract.cover(self._person).last
        expires = self._certificate.expires.date()
        return min(last, expires) if last else expires

    def _value(self, number: FieldNumber) -> str:
        say: dict[FieldNumber, Callable[[], str]] = {
            FieldNumber.VALID_UNTIL: lambda: _day(self.valid_until()),
            FieldNumber.HOLDER: self._holder,
            FieldNumber.BORN: lambda: _day(self._person.born) if self._person.born else self._unknown(),
            FieldNumber.CITIZENSHIP: lambda: self._places("citizenship", self._person.citizenship),
            FieldNumber.ROLE: lambda: self.say(f"role.{self._person.role.value}"),
            FieldNumber.INSURER: self._insurer,
            FieldNumber.POLICY: lambda: self._certificate.contract.number,
            FieldNumber.PERIOD: self._period,
            FieldNumber.TERRITORY: self._territory,
            FieldNumber.SUM_INSURED: self._sum_insured,
            FieldNumber.BENEFITS: self._benefit_names,
            FieldNumber.OWN_SHARE: lambda: self._share(self._facts.get) or self._unknown(),
            FieldNumber.WAITING: lambda: self._days(self._facts.get("waiting_days")),
            FieldNumber.EXCLUSIONS: lambda: self._codes("exclusions", self._facts.get("exclusions")),
            FieldNumber.DOCUMENT: lambda: _tail(self._certificate.holder.document_tail) or self._unknown(),
            FieldNumber.ASSISTANCE: lambda: self._certificate.assistance_phone or self._unknown(),
            FieldNumber.CERTIFICATE: self._numbers,
            FieldNumber.LEFT_OUT: self._left_out,
        }
        return say[number]()

    def _holder(self) -> str:
        holder = self._certificate.holder
        return "\n".join(filter(None, (holder.name, holder.original_name)))

    def _insurer(self) -> str:
        state = self._certificate.issuer_state
        code = self._facts.get("insurer")
        name = self._certificate.insurer_name or (code if isinstance(code, str) else "")
        place = f"{state} {self._both(lambda words: words.state(state))}"
        return f"{name}\n{place}" if name else place

    def _period(self) -> str:
        own, whole = self._person.period, self._certificate.contract.period
        first, last = own.first or whole.first, own.last or whole.last
        return f"{_day(first) if first else '…'} {DASH} {_day(last) if last else '…'}"

    def _territory(self) -> str:
        inside = self._places("territory", self._facts.get("territory"))
        outside = self._facts.get("territory_except")
        return f"{inside} ({self.say('card.except')}: {self._places('territory', outside)})" if outside else inside

    def territory_in_short(self) -> str:
        """Return the territory for a small place: more than a few states by their codes alone."""
        inside, outside = self._facts.get("territory"), self._facts.get("territory_except")
        if not isinstance(inside, frozenset) or len(inside) <= _FEW:
            return self._territory()
        except_for = (
            f" ({self.say('card.except')}: {' '.join(sorted(outside))})"
            if isinstance(outside, frozenset) and outside
            else ""
        )
        return f"{' '.join(sorted(inside))}{except_for}"

    def _sum_insured(self) -> str:
        return self._limit("sum_insured", "sum_unlimited", self._facts.get) or self._unknown()

    def _benefit_names(self) -> str:
        lines = self._certificate.contract.benefits
        if lines is None:
            return self._unknown()
        names = [self._both(lambda words, line=line: self._said(words, "benefit", line.benefit)) for line in lines]  # type: ignore[misc]
        return "; ".join(names) or self.say("value.nothing")

    def _numbers(self) -> str:
        own = self._certificate
        status = f"{own.status.number}/{own.status.index}"
        key = f"{own.issuer_state}-{own.key_id.hex()}"
        return f"{key}\n{_day(own.issued.date())} {DASH} {_day(own.expires.date())} · {status}"

    def _left_out(self) -> str:
        return "; ".join(self.say(f"card.omitted.{one.value}") for one in self._certificate.omitted)

    def _benefit(self, line: BenefitLine) -> BenefitRow:
        def fact(name: str) -> object:
            return getattr(line, name)

        limit = "; ".join(filter(None, (self._limit("limit", "unlimited", fact), self._count(line))))
        copay = " ".join(filter(None, (_percent(line.copay_percent), self._cap(fact))))
        waiting = 0 if line.waiting_days is ABSENT else line.waiting_days
        return BenefitRow(
            self._benefit_name(line, fact),
            limit or DASH,
            self._amount("deductible", fact) or DASH,
            copay or DASH,
            DASH if waiting is None else str(waiting),
        )

    def _benefit_name(self, line: BenefitLine, fact: Callable[[str], object]) -> str:
        """Return the benefit with all that narrows it: settings, causes, states, approval."""
        name = self._both(lambda words: self._said(words, "benefit", line.benefit))
        narrower = [self._codes(field, fact(field)) for field in ("settings", "causes") if fact(field)]
        narrower += [" ".join(sorted(line.territory))] if line.territory else []
        narrower += [self.say("card.preauthorisation")] if line.preauthorisation else []
        return f"{name} ({'; '.join(narrower)})" if narrower else name

    def _limit(self, field: str, unlimited: str, fact: Callable[[str], object]) -> str:
        """Return a sum and what it is available for; empty when nothing is stated."""
        if fact(unlimited):
            return self.say("card.unlimited")
        amount = self._amount(field, fact)
        per = fact(f"{field}_per")
        return (
            f"{amount} {self.say(f'scope.{per}')}"
            if amount and isinstance(per, str) and fact(field) is not ABSENT
            else amount
        )

    def _share(self, fact: Callable[[str], object]) -> str:
        """Return what the person pays: the deductible, then the percentage and its cap; empty when not stated."""
        parts = []
        if deductible := self._amount("deductible", fact):
            parts.append(f"{self.say('card.deductible')} {deductible}")
        if percent := _percent(fact("copay_percent")):
            parts.append(f"{self.say('card.copay')} {percent}")
        return "; ".join(filter(None, (*parts, self._cap(fact))))

    def _cap(self, fact: Callable[[str], object]) -> str:
        cap = "" if fact("copay_cap") is ABSENT else self._amount("copay_cap", fact)
        return f"≤{_SPACE}{cap}" if cap else ""

    def _amount(self, field: str, fact: Callable[[str], object]) -> str:
        value, currency = fact(field), fact(f"{field}_currency")
        if value is ABSENT:
            return self.say("value.absent")
        return _money(value, currency) if isinstance(value, int) and isinstance(currency, str) else ""

    def _count(self, line: BenefitLine) -> str:
        if not isinstance(line.count, int):
            return ""
        return f"{line.count} × {self._both(lambda words: self._said(words, 'count_per', line.count_per))}".rstrip(" ×")

    def _days(self, value: object) -> str:
        if value is None:
            return self._unknown()
        return self.say("value.absent") if value is ABSENT or value == 0 else self.say("card.days", number=value)

    def _places(self, field: str, codes: object) -> str:
        """Return states by code and name: `RU Россия / Russia`; a zone by its name alone."""
        if not isinstance(codes, frozenset):
            return self._unknown()
        return ", ".join(self._place(field, code) for code in sorted(codes)) or self.say("value.nothing")

    def _place(self, field: str, code: str) -> str:
        names = self._both(lambda words: words.code(field, code, self._book))
        return f"{code}{_SPACE}{names}" if len(code) == len("RU") and names != code else names

    def _codes(self, field: str, codes: object) -> str:
        if not isinstance(codes, frozenset):
            return self._unknown()
        said = (self._both(lambda words, code=code: self._said(words, field, code)) for code in sorted(codes))  # type: ignore[misc]
        return "; ".join(said) or self.say("value.nothing")

    def _said(self, words: Words, field: str, code: object) -> str:
        return words.code(field, code, self._book) if isinstance(code, str) else ""

    def _unknown(self) -> str:
        return self.say("value.unknown")

    def _both(self, say: Callable[[Words], str], apart: str = " / ") -> str:
        return apart.join(_once(say(words) for words in self._speakers))


def _person_of(certificate: Certificate) -> Insured:
    for person in certificate.contract.insured:
        if person.id == certificate.person:
            return person
    raise PolisbridgeError(ErrorCode.UNKNOWN_PERSON, "the certificate's person is not on its contract")


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(texts)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _tail(tail: str) -> str:
    return f"…{tail}" if tail else ""


def _percent(value: object) -> str:
    """Return hundredths of a percent as a percentage; empty when not stated."""
    if value is ABSENT:
        return f"0{_SPACE}%"
    return f"{value / 100:g}{_SPACE}%" if isinstance(value, int) else ""


def _money(minor: int, currency: str) -> str:
    """Return an amount with its code: thousands apart by a no-break space, no decimals when there are none."""
    amount = from_minor(minor, currency)
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,}"
    return f"{text.replace(',', _SPACE)}{_SPACE}{currency}"
