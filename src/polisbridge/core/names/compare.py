"""How far two names agree: their words are paired, and what is left over is told."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import product

from polisbridge.core.names.reasons import NameReason
from polisbridge.core.names.words import NameWord, ReadName, WordRelation, read_name, relation


class Level(IntEnum):
    """How far names agree. Compatible: by spelling alone, so that one document and birth date settle it."""

    COMPATIBLE = 0
    NEAR = 1
    PARTLY = 2
    DIFFERENT = 3
    NOT_READ = 4


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How far names agree, and why."""

    level: Level
    reasons: frozenset[NameReason]


_TOLD = {
    WordRelation.EQUAL: NameReason.EQUAL,
    WordRelation.TRANSLITERATED: NameReason.TRANSLITERATED,
    WordRelation.ALIKE: NameReason.ALIKE,
    WordRelation.NATIONAL_FORM: NameReason.NATIONAL_FORM,
    WordRelation.FEMININE: NameReason.FEMININE,
    WordRelation.ONE_APART: NameReason.ONE_APART,
}
_BY_SPELLING = WordRelation.ALIKE  # and closer


def compare(one: tuple[str, ...], other: tuple[str, ...]) -> NameComparison:
    """Return how far two persons' names agree, each told in one or two scripts: the closest pair of names decides.

    Where both are told in both scripts and one pair has nothing in common, no more than a part is taken to agree.
    """
    if not one or not other:
        return NameComparison(Level.NOT_READ, frozenset({NameReason.NAME_MISSING}))
    found = {(left, right): compare_names(left, right) for left, right in product(one, other)}
    best = min(found.values(), key=lambda each: (each.level, sorted(each.reasons)))
    beside = [found[pair] for pair in zip(one, other, strict=True)] if len(one) == len(other) else []
    if best.level < Level.PARTLY and any(each.level is Level.DIFFERENT for each in beside):
        return NameComparison(Level.PARTLY, best.reasons | {NameReason.DISAGREE})
    return best


def compare_names(one: str, other: str) -> NameComparison:
    """Return how far two names agree. What is equal only once odd characters are taken away is no more than near."""
    left, right = read_name(one), read_name(other)
    oddities = _oddities(left, right)
    if one == other and left.words:
        return NameComparison(Level.COMPATIBLE, frozenset({NameReason.EQUAL, *oddities}))
    if not (left.readable and right.readable):
        why = NameReason.NAME_TOO_LONG if left.too_long or right.too_long else NameReason.NAME_NOT_READ
        return NameComparison(Level.NOT_READ, frozenset({why, *oddities}))
    found = _joined(left, right) or _compare_words(left.words, right.words)
    level = Level.NEAR if oddities and found.level is Level.COMPATIBLE else found.level
    return NameComparison(level, found.reasons | oddities)


def _oddities(one: ReadName, other: ReadName) -> frozenset[NameReason]:
    found = {NameReason.MIXED_SCRIPT} if one.mixed or other.mixed else set()
    return frozenset(found | ({NameReason.HIDDEN} if one.hidden or other.hidden else set()))


def _joined(one: ReadName, other: ReadName) -> NameComparison | None:
    """Return that names agree once nothing parts their words (Abdul-Aziz, Abdulaziz), or None."""
    if len(one.words) == len(other.words):
        return None
    close = relation(one.in_one, other.in_one)
    if close > _BY_SPELLING:
        return None
    return NameComparison(Level.COMPATIBLE, frozenset({_TOLD[close], NameReason.JOINED}))


def _compare_words(one: tuple[NameWord, ...], other: tuple[NameWord, ...]) -> NameComparison:
    pairs = _paired(one, other)
    left = [word for at, word in enumerate(one) if at not in {first for first, _, _ in pairs}]
    right = [word for at, word in enumerate(other) if at not in {second for _, second, _ in pairs}]
    if not pairs:
        return NameComparison(Level.DIFFERENT, frozenset({NameReason.DIFFERENT}))
    level, reasons = _level_of(one, other, pairs)
    over, why = _left_over(left, right, [one[first] for first, _, _ in pairs])
    order = [second for _, second, _ in sorted(pairs)]
    if order != sorted(order):
        reasons.add(NameReason.ORDER_SWAPPED)
        level = max(level, Level.DIFFERENT if NameReason.SURNAME_ENDING in reasons else Level.COMPATIBLE)
    return NameComparison(max(level, over), frozenset(reasons | why))


def _paired(one: tuple[NameWord, ...], other: tuple[NameWord, ...]) -> list[tuple[int, int, WordRelation]]:
    """Return which words go together, closest first; among equals those nearest in place."""
    found = [
        (relation(left, right), abs(at - place), at + place, at, place)
        for (at, left), (place, right) in product(enumerate(one), enumerate(other))
    ]
    pairs = list[tuple[int, int, WordRelation]]()
    for close, _, _, at, place in sorted(found):
        free = all(at != first and place != second for first, second, _ in pairs)
        if free and close is not WordRelation.NONE:
            pairs.append((at, place, close))
    return pairs


def _level_of(
    one: tuple[NameWord, ...], other: tuple[NameWord, ...], pairs: list[tuple[int, int, WordRelation]]
) -> tuple[Level, set[NameReason]]:
    reasons = set[NameReason]()
    for at, place, close in pairs:
        patronymic = one[at].patronymic or other[place].patronymic
        ending = NameReason.PATRONYMIC_FORM if patronymic else NameReason.SURNAME_ENDING
        reasons.add(_TOLD.get(close, ending))
    apart = sum(close is WordRelation.ONE_APART for _, _, close in pairs)
    near = any(close > _BY_SPELLING for _, _, close in pairs)
    level = Level.PARTLY if apart > 1 or apart == len(pairs) else Level.NEAR if near else Level.COMPATIBLE
    return level, reasons


def _left_over(left: list[NameWord], right: list[NameWord], paired: list[NameWord]) -> tuple[Level, set[NameReason]]:
    """Return how far names can agree that have these words left over on either side, and why."""
    if not left and not right:
        return Level.COMPATIBLE, set()
    over, enough = left or right, len(paired) > 1
    if not (left and right):
        if all(word.patronymic for word in over):
            return Level.COMPATIBLE if enough else Level.PARTLY, {NameReason.PATRONYMIC_MISSING}
        return Level.NEAR if enough and len(over) == 1 else Level.PARTLY, {NameReason.PART_MISSING}
    if all(word.patronymic for word in left + right):
        return Level.PARTLY, {NameReason.PATRONYMIC_DIFFERS}
    rest = [[word for word in side if not word.patronymic] for side in (left, right)]
    if max(map(len, rest)) > 1:
        return Level.DIFFERENT, {NameReason.DIFFERENT}
    if any(word.surname for word in paired) and not all(word.surname for side in rest for word in side):
        return Level.DIFFERENT, {NameReason.GIVEN_DIFFERS}
    return Level.PARTLY, {NameReason.SURNAME_DIFFERS}
