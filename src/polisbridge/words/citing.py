"""Points of law and established facts as cited statements of a report, in one language."""

from polisbridge.core.bound import Applied
from polisbridge.core.codes import Evidence, Gate, Verdict
from polisbridge.core.law import Citation, LawBook, OpenQuestion, Provision
from polisbridge.formats.initiativefile import InitiativeFact
from polisbridge.services.report import Source, Statement, Tone
from polisbridge.words import Words

TONES = {
    Verdict.RECOGNISED: Tone.YES,
    Verdict.NOT_REQUIRED: Tone.FREE,
    Verdict.NOT_RECOGNISED: Tone.NO,
    Verdict.UNDETERMINED: Tone.OPEN,
}


class Citing:
    """Makes statements of one language, by one LawBook."""

    def __init__(self, words: Words, book: LawBook) -> None:
        self.words, self.book = words, book

    def source(self, provision: Provision, evidence: Evidence | None = None) -> Source:
        """Return where a provision stands; `evidence` where that of a treaty's membership is weaker."""
        return self._source(provision.id, provision.citation, evidence)

    def _source(self, of: str, cited: Citation, evidence: Evidence | None) -> Source:
        urls = tuple(url for url in (cited.url, *cited.also) if url)
        place = self.words.text(cited.provision)
        return Source(of, self.words.text(cited.act), evidence or cited.evidence, cited.checked, place, urls)

    def law(self, one: Applied | Provision, tone: Tone = Tone.PLAIN) -> Statement:
        """Return the title of a provision as a statement with its source; a question is marked as open."""
        provision = one.provision if isinstance(one, Applied) else one
        evidence = one.evidence if isinstance(one, Applied) else provision.citation.evidence
        asked = isinstance(provision, OpenQuestion) or evidence is Evidence.UNCONFIRMED
        shown = Tone.OPEN if asked and tone is Tone.PLAIN else tone
        return Statement(self.words.text(provision.title), (self.source(provision, evidence),), tone=shown)

    def said(self, key: str, *provisions: Provision, tone: Tone = Tone.PLAIN, **values: object) -> Statement:
        """Return words of the catalogue about provisions, citing each of them."""
        sources = dict.fromkeys(self.source(one) for one in provisions)
        return Statement(self.words(key, **values), tuple(sources), tone=tone)

    def fact(self, one: InitiativeFact) -> Statement:
        """Return an established fact of the initiative, or what nobody has established."""
        source = Source(one.id, self.words.text(one.act), one.evidence, one.checked, "", one.urls)
        tone = Tone.OPEN if one.evidence is Evidence.UNCONFIRMED else Tone.PLAIN
        return Statement(self.words.text(one.text), (source,), tone=tone)

    def computed(self, text: str, method: str, tone: Tone = Tone.PLAIN) -> Statement:
        """Return what was computed, with the method by the key of its words."""
        return Statement(text, method=self.words(method), tone=tone)

    def gates(self, gates: tuple[Gate, ...]) -> str:
        """Return the names of gates, in the order of Gate."""
        return ", ".join(self.words(f"gate.{gate.value}") for gate in Gate if gate in gates)

    def states(self, states: tuple[str, ...]) -> str:
        """Return the names of states, in the order given."""
        return ", ".join(self.words.state(one) for one in states)

    def verdict(self, verdict: Verdict) -> str:
        """Return the name of a verdict."""
        return self.words(f"verdict.{verdict.value}")


def joined(text: str) -> str:
    """Return text with its first letter large, as a sentence begins."""
    return text[:1].upper() + text[1:]
