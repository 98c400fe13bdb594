"""Decisions for a page: per occasion one answer for each person, and the overview of all states and occasions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.contract import Stay
from polisbridge.core.law import LawBook
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.web.documents import Brought
from polisbridge.words import Words
from polisbridge.words.plain import by_when, covered_until, plain_words
from polisbridge.words.telling import Teller, Told

WORST_FIRST = (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, Verdict.RECOGNISED, Verdict.NOT_REQUIRED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one person on one occasion: in plain words, and all that it rests on."""

    person: str
    verdict: Verdict
    plain: str
    until: str
    by_when: str
    told: Told


@dataclass(frozen=True, slots=True)
class Why:
    """What an answer rests on, for all persons for whom it is the same."""

    persons: str
    told: Told


@dataclass(frozen=True, slots=True)
class OnOccasion:
    """One occasion with the answers for all persons; `anchor` is where it stands on the page."""

    anchor: str
    place: str
    state: str
    gate: str
    stay: str
    day: str
    answers: tuple[Answer, ...]
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the overview: the worst verdict of all persons; None where the law says nothing of the gate."""

    place: str
    gate: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Row:
    """One state of the overview; `comparator` for one that is there to compare with."""

    state: str
    comparator: bool
    cells: tuple[Cell, ...]


def decided(laws: AppliedLaws, brought: Iterable[Brought], stay: Stay) -> list[Assessment]:
    """Return one assessment for each person asked about."""
    return [one for each in brought for one in assess_with(laws, each.contract, stay, each.persons)]


def on_occasion(stay: Stay, found: Sequence[Assessment], words: Words, book: LawBook, today: date) -> OnOccasion:
    """Return the answers for one occasion."""
    teller = Teller(words, book)
    answers = tuple(_answer(one, teller.told(one), words, today) for one in found)
    place = f"{stay.state}:{stay.gate.value}"
    return OnOccasion(
        anchor=place.replace(":", "-"),
        place=place,
        state=words.state(stay.state),
        gate=words(f"gate.{stay.gate.value}"),
        stay=answers[0].told.stay if answers else "",
        day=words.day(stay.as_of),
        answers=answers,
        reasons=_reasons(answers),
    )


def _reasons(answers: Iterable[Answer]) -> tuple[Why, ...]:
    """Return the reasons, those of several persons together where they do not differ."""
    found: dict[Told, list[str]] = {}
    for one in answers:
        found.setdefault(replace(one.told, headline=""), []).append(one.person)
    return tuple(Why(", ".join(persons), told) for told, persons in found.items())


def _answer(found: Assessment, told: Told, words: Words, today: date) -> Answer:
    no = found.decision.verdict is Verdict.NOT_RECOGNISED and bool(told.top_up)
    return Answer(
        person=_person(found, words),
        verdict=found.decision.verdict,
        plain=plain_words(found, words),
        until=covered_until(found, words) if found.decision.verdict is Verdict.RECOGNISED else "",
        by_when=by_when(found, words, today) if no else "",
        told=told,
    )


def _person(found: Assessment, words: Words) -> str:
    """Return who the answer is for, by role; with their id in the contract where it says more."""
    role = words(f"role.{found.facts.role}")
    return role if found.person in (found.facts.role, "person") else f"{role} ({found.person})"


def overview(found: Mapping[tuple[str, Gate], Sequence[Assessment]], words: Words, book: LawBook) -> list[Row]:
    """Return all states and occasions at a glance, states to compare with last."""
    comparators = {one.state for one in book.jurisdictions.values() if one.comparator}
    states = sorted({state for state, _ in found}, key=lambda one: (one in comparators, words.state(one)))
    return [
        Row(words.state(one), one in comparators, tuple(_cell(found, one, gate, words) for gate in Gate))
        for one in states
    ]


def _cell(found: Mapping[tuple[str, Gate], Sequence[Assessment]], state: str, gate: Gate, words: Words) -> Cell:
    verdicts = [one.decision.verdict for one in found.get((state, gate), ())]
    worst = min(verdicts, key=WORST_FIRST.index) if verdicts else None
    return Cell(f"{state}:{gate.value}", words(f"gate.{gate.value}"), worst)
