"""Answers for paper: what the page says, in the visitor's language and in one that the other side reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from litestar import Response

from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.verification import Answer
from polisbridge.web.answers import Answer as PersonAnswer
from polisbridge.web.answers import OnOccasion
from polisbridge.web.verify import Verified
from polisbridge.words import Words
from polisbridge.words.telling import Told, ToldFinding

OFFICE = "ru"  # the language that offices of the region share
_OF_STATE = {"AM": "hy", "BY": "be", "KG": "ky", "KZ": "kk", "TJ": "tg", "UZ": "uz_Latn"}
_TONES = {
    Verdict.RECOGNISED: "good",
    Verdict.NOT_REQUIRED: "free",
    Verdict.NOT_RECOGNISED: "bad",
    Verdict.UNDETERMINED: "open",
    Answer.ACCEPT: "good",
    Answer.REFUSE: "bad",
}
_SIGNS = {"good": "✓", "free": "✓", "bad": "✗", "open": "?"}
_OUTCOMES = {Outcome.MET: "✓", Outcome.NOT_MET: "✗", Outcome.UNDETERMINED: "?"}


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """The answer for one person: `tone` is the colour, `sign` the same without colour."""

    who: str
    tone: str
    sign: str
    plain: str
    lines: tuple[str, ...]
    todo: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """One point of law with its outcome."""

    sign: str
    outcome: str
    title: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperReasons:
    """What an answer rests on."""

    title: str
    lines: tuple[str, ...]
    findings: tuple[PaperFinding, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperOccasion:
    """One occasion with its answers."""

    title: str
    small: str
    answers: tuple[PaperAnswer, ...]
    reasons: tuple[PaperReasons, ...]


@dataclass(frozen=True, slots=True)
class PaperPart:
    """The whole answer in one language."""

    lang: str
    title: str
    intro: tuple[str, ...]
    occasions: tuple[PaperOccasion, ...]
    sources: str
    note: str


def languages_for(words: Words, state: str) -> tuple[str, ...]:
    """Return the visitor's language and a second: Russian, or to one who reads it the language of the state of stay."""
    second = OFFICE if words.language != OFFICE else _OF_STATE.get(state, OFFICE)
    return tuple(dict.fromkeys((words.language, second)))


def decided_part(occasions: Sequence[OnOccasion], words: Words, *, certificates: bool) -> PaperPart:
    """Return decisions in words for paper."""
    return PaperPart(
        lang=_tag(words),
        title=words("web.answer.title"),
        intro=(words("web.answer.not_verified"),) if certificates else (),
        occasions=tuple(_occasion(one, words) for one in occasions),
        sources=words("web.sources"),
        note=words("web.not_advice"),
    )


def verified_part(found: Sequence[Verified], words: Words, occasion: str, at: str) -> PaperPart:
    """Return verifications in words for paper, with the age of the data."""
    answers = tuple(_verified(one, words) for one in found)
    reasons = tuple(_reasons(words("web.verified.why"), one.told, words) for one in found if one.told)
    asked = (words("web.verified.occasion", occasion=occasion),) if occasion else ()
    return PaperPart(
        lang=_tag(words),
        title=words("web.verified.title"),
        intro=(*asked, words("web.verified.at", at=at)),
        occasions=(PaperOccasion("", "", answers, reasons),),
        sources=words("web.sources"),
        note=words("web.not_advice"),
    )


def as_plain(parts: Sequence[PaperPart], footer: str) -> dict[str, Any]:
    """Return parts as plain values for the printer; the first one gives the file its title."""
    return {"title": parts[0].title, "footer": footer, "parts": [_plain(one) for one in parts]}


def _plain(value: Any) -> Any:
    """Return a value of these classes as mappings, lists and plain text; a text of the law is text like any other."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return (
        str(value) if isinstance(value, str) else {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    )


def pdf(data: bytes, name: str) -> Response[bytes]:
    """Answer with a PDF file that nobody on the way may keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(data, status_code=200, media_type="application/pdf", headers=headers)


def _occasion(one: OnOccasion, words: Words) -> PaperOccasion:
    small = " · ".join(part for part in (words("web.answer.as_of", day=one.day), one.stay) if part)
    return PaperOccasion(
        title=f"{one.state}: {one.gate}",
        small=small,
        answers=tuple(_answer(answer) for answer in one.answers),
        reasons=tuple(_reasons(words("web.answer.why", person=why.persons), why.told, words) for why in one.reasons),
    )


def _answer(one: PersonAnswer) -> PaperAnswer:
    tone = _TONES[one.verdict]
    ends = (one.told.top_up_ends,) if one.told.top_up_ends else ()
    after = tuple(said for said in (*ends, one.by_when, one.until) if said)
    return PaperAnswer(one.person, tone, _SIGNS[tone], one.plain, (), one.told.top_up, after)


def _verified(one: Verified, words: Words) -> PaperAnswer:
    tone = _TONES.get(one.answer, "open")
    fields = [f"{field.number.value}. {field.label}: {field.value}" for field in one.fields]
    number = [f"{words('web.verified.number')}: {one.number}"] if one.number else []
    lines = (
        one.said or words(f"web.verified.{one.answer.value}"),
        *(f"{reason.text}. {reason.advice}".rstrip(" .") + "." for reason in one.reasons),
        *one.because,
        *(said for said in (one.holder, one.insurer, *number, *fields, one.trust_age, one.status_age) if said),
    )
    return PaperAnswer("", tone, _SIGNS[tone], words(f"answer_word.{one.answer.value}"), lines, (), ())


def _reasons(title: str, told: Told, words: Words) -> PaperReasons:
    route = told.route
    lines = [told.sentence, told.supposed]
    if route is not None:
        lines += [
            f"{words('answer.route')}: {route.title}",
            route.how,
            route.no_condition if not route.findings else "",
        ]
    lines += [f"{words('answer.needs')}: {told.needs}" if told.needs else "", told.hangs_on]
    lines += [f"{words('answer.questions')}: {one.title}" for one in told.blocking]
    lines += [f"{words('answer.assumed')}: {told.assumed}" if told.assumed else "", *told.rates]
    found = [*told.basis, *([route.ended] if route and route.ended else []), *(route.findings if route else ())]
    return PaperReasons(
        title=f"{title}: {told.verdict_word}",
        lines=tuple(one for one in lines if one),
        findings=tuple(_findings(found, words)),
        sources=tuple(str(one) for one in told.sources),
    )


def _findings(found: Iterable[ToldFinding], words: Words) -> Iterable[PaperFinding]:
    for one in found:
        cited = (f"[{one.source}]",) if one.source else ()
        details = (*one.compared, one.unconfirmed, one.reading, *one.remedies)
        sign = _OUTCOMES.get(one.shown, "–")
        title = " ".join((one.title, *cited))
        yield PaperFinding(sign, words(f"outcome.{one.shown.value}"), title, tuple(line for line in details if line))


def _tag(words: Words) -> str:
    return words.language.split("_")[0]
