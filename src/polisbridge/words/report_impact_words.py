"""What all parts of a report on an impact say alike: figures, provisions, corridors, charts."""

from polisbridge.core.law import LawBook, Provision
from polisbridge.services.impact import Impact
from polisbridge.services.report import Cell, Chart, ChartKind, Series, Statement, Tone
from polisbridge.words import Words
from polisbridge.words.citing import Citing

METHOD = "report.method.impact"
MOST_BARS = 8  # pairs of corridors, or requirements, in a chart; the table below it has all
MOST_ROWS = 40  # groups, findings or needs in a table; what is left out is told


class SaidOfImpact:
    """Says parts of one impact in one language.

    `laws` hold the provisions: the law, and the scenario's where it is at hand.
    """

    def __init__(self, found: Impact, words: Words, laws: tuple[LawBook, ...]) -> None:
        self.found, self.words, self.laws = found, words, laws
        self.citing = Citing(words, laws[0])

    def computed(self, text: str, tone: Tone = Tone.PLAIN) -> Statement:
        """Return a statement that was reckoned over the portfolio."""
        return self.citing.computed(text, METHOD, tone)

    def number(self, value: int, tone: Tone = Tone.PLAIN) -> Cell:
        """Return a number of persons as a cell; a tone is for what there is any of."""
        return (self.computed(self.words.number(value), tone if value else Tone.PLAIN),)

    def provision(self, name: str) -> Statement:
        """Return a provision's title with its source; its id where no law at hand holds it."""
        found: Provision | None = next((one for law in self.laws if (one := law.get(name)) is not None), None)
        return self.computed(name) if found is None else self.citing.law(found)

    def chart(
        self, caption: str, kind: ChartKind, names: tuple[str, ...], series: tuple[Series, ...], alt: str
    ) -> Chart:
        """Return a chart that counts insured persons; `caption` is the key of its words."""
        words = self.words
        return Chart(words(caption), kind, words("report.unit.rows"), names, series, alt, words(METHOD))

    def corridor(self, key: tuple[str, ...]) -> str:
        """Return a corridor in words, from the state of the contract to the state of stay."""
        return " → ".join(self.words.state(one) if one else self.words("report.unknown") for one in key)
