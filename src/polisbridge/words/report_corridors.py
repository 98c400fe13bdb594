"""The part of the report that tells what blocks recognition in each corridor, by deciding the model contract."""

from collections.abc import Iterable

from polisbridge.core.codes import Gate, Verdict
from polisbridge.services.corridors import Case, Corridors
from polisbridge.services.report import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Guide,
    Paragraph,
    Row,
    Section,
    Series,
    Statement,
    Table,
    Tone,
)
from polisbridge.words.citing import TONES, Citing, joined

METHOD = "report.method.corridors"
_ORDER = (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, Verdict.NOT_REQUIRED, Verdict.RECOGNISED)


def corridors_section(citing: Citing, found: Corridors, model: Table) -> Section:
    """Return the section: the stated model contract, the corridors at a glance, and every state of stay."""
    words = citing.words
    blocks: tuple[Block, ...] = (
        Guide(words("report.guide.corridors")),
        model,
        totals(citing, found),
        counts_chart(citing, found, "report.chart.hosts"),
        _matrix(citing, found),
    )
    hosts = tuple(_host(citing, found, host) for host in found.states)
    return Section("corridors", words("report.section.corridors"), blocks, hosts)


def totals(citing: Citing, found: Corridors) -> Paragraph:
    """Return how many cases have each verdict, over all corridors."""
    words, counts = citing.words, found.count(found.cases)
    said = {verdict.value: words.number(counts[verdict]) for verdict in Verdict}
    text = words("report.corridor.totals", cases=words.number(len(found.cases)), **said)
    return Paragraph((citing.computed(text, METHOD),))


def counts_chart(citing: Citing, found: Corridors, caption: str) -> Chart:
    """Return the verdicts per state of stay as stacked bars."""
    words = citing.words
    series = tuple(
        Series(
            citing.verdict(verdict),
            tuple(found.count(one for one in found.cases if one.host == host)[verdict] for host in found.states),
            TONES[verdict],
        )
        for verdict in _ORDER
    )
    names = tuple(words.state(host) for host in found.states)
    alt = "; ".join(
        f"{name}: " + ", ".join(f"{one.name.lower()} {one.values[at]}" for one in series if one.values[at])
        for at, name in enumerate(names)
    )
    return Chart(words(caption), ChartKind.STACKED, words("report.unit.cases"), names, series, alt, words(METHOD))


def _matrix(citing: Citing, found: Corridors) -> Table:
    words = citing.words
    rows = tuple(
        Row(words.state(home), tuple(_cell(citing, found.between(home, host)) for host in found.states))
        for home in found.states
    )
    columns = (words("report.corridor.from_to"), *(words.state(host) for host in found.states))
    caption = words("report.caption.matrix")
    return Table(caption, columns, rows, (5, *(4 for _ in found.states)), words(METHOD))


def _cell(citing: Citing, cases: tuple[Case, ...]) -> Cell:
    """Return the verdicts of the worker, by how many gates have each; the family stands in the tables per state."""
    worker = [one.verdict for one in cases if one.person == "worker"]
    return tuple(
        citing.computed(
            f"{citing.words(f'report.short.{verdict.value}')}: {worker.count(verdict)}", METHOD, TONES[verdict]
        )
        for verdict in _ORDER
        if verdict in worker
    )


def _host(citing: Citing, found: Corridors, host: str) -> Section:
    words = citing.words
    gates = tuple(gate for gate in Gate if any(one.host == host and one.gate is gate for one in found.cases))
    tables = tuple(_gate(citing, found, host, gate) for gate in gates)
    return Section(f"into-{host.lower()}", words("report.corridor.into", state=words.state(host)), tables)


def _gate(citing: Citing, found: Corridors, host: str, gate: Gate) -> Table:
    """Return the outcomes at one gate; homes and persons with the same outcome and reasons share a row."""
    words = citing.words
    groups: dict[tuple[object, ...], list[Case]] = {}
    for one in found.cases:
        if one.host == host and one.gate is gate:
            key = (one.verdict, tuple(reason.id for reason in one.reasons), one.needs, one.if_confirmed)
            groups.setdefault(key, []).append(one)
    ordered = sorted(groups.values(), key=lambda cases: _ORDER.index(cases[0].verdict))
    rows = tuple(
        Row(_who(citing, cases), (_outcome(citing, cases[0]), _reasons(citing, cases[0]))) for cases in ordered
    )
    caption = words("report.caption.into", state=words.state(host), gate=words(f"gate.{gate.value}"))
    columns = tuple(words(f"report.corridor.{name}") for name in ("who", "outcome", "rests_on"))
    return Table(caption, columns, rows, (3, 3, 7), words(METHOD))


def _who(citing: Citing, cases: list[Case]) -> str:
    """Return the homes and persons of a group: persons first where they are not all."""
    words = citing.words
    homes: dict[str, list[str]] = {}
    for one in cases:
        homes.setdefault(one.home, []).append(one.person)
    by_persons: dict[tuple[str, ...], list[str]] = {}
    for home, persons in homes.items():
        by_persons.setdefault(tuple(persons), []).append(home)
    parts = []
    for who, states in by_persons.items():
        names = ", ".join(words(f"role.{person}") for person in who)
        whole = len(who) == 3  # noqa: PLR2004 - worker, spouse and child
        parts.append(f"{', '.join(words.state(one) for one in states)}" + ("" if whole else f" ({names})"))
    return "; ".join(parts)


def _outcome(citing: Citing, case: Case) -> Cell:
    words = citing.words
    lines = [citing.computed(citing.verdict(case.verdict), METHOD, TONES[case.verdict])]
    if case.verdict is Verdict.UNDETERMINED and case.if_confirmed is not Verdict.UNDETERMINED:
        said = words("report.corridor.if_confirmed", verdict=citing.verdict(case.if_confirmed).lower())
        lines.append(citing.computed(said, METHOD, TONES[case.if_confirmed]))
    if case.needs:
        names = "; ".join(words.field(name) for name in case.needs)
        lines.append(citing.computed(words("report.corridor.needs", facts=names), METHOD, Tone.OPEN))
    return tuple(lines)


def _reasons(citing: Citing, case: Case) -> Cell:
    """Return the provisions that the outcome rests on; where no duty concerns the person, the duties that do not."""
    words = citing.words
    duty = case.verdict is Verdict.NOT_REQUIRED and all(one.kind.value == "duty" for one in case.reasons)
    found: Iterable[Statement] = (citing.law(one) for one in case.reasons)
    if duty and case.reasons:
        found = (citing.said("report.corridor.not_concerned", one, duty=words.text(one.title)) for one in case.reasons)
    return tuple(found) or (citing.computed(joined(words("report.corridor.no_reason")), METHOD, Tone.OPEN),)
