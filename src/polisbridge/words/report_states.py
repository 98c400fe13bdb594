"""The part of the report that sets the national approaches side by side: a table of all, then state by state."""

from dataclasses import replace

from polisbridge.core.bound import Applied
from polisbridge.core.codes import Evidence, Gate, ProvisionKind
from polisbridge.core.law import Route
from polisbridge.services.approaches import Approach, DutyStanding, GateLaw, TreatyLaw, Way, gate_questions
from polisbridge.services.mechanisms import Found, Mechanism, Standing
from polisbridge.services.report import Block, Cell, Guide, Row, Section, Statement, Table, Tone
from polisbridge.words.citing import Citing, joined

_TONES = {
    DutyStanding.ESTABLISHED: Tone.YES,
    DutyStanding.DOUBTFUL: Tone.OPEN,
    DutyStanding.OPEN: Tone.OPEN,
    DutyStanding.NONE: Tone.FREE,
    DutyStanding.SILENT: Tone.OPEN,
}
_WAY_TONES = {Standing.EXISTS: Tone.YES, Standing.OPEN: Tone.OPEN, Standing.ABSENT: Tone.NO}
METHOD = "report.method.law"


def states_section(citing: Citing, found: tuple[Approach, ...]) -> Section:
    """Return the section of the national approaches: where a duty is on record, then every state."""
    words = citing.words
    own = tuple(_state(citing, one) for one in found)
    blocks = (Guide(words("report.guide.standing")), _glance(citing, found))
    return Section("approaches", words("report.section.approaches"), blocks, own)


def _glance(citing: Citing, found: tuple[Approach, ...]) -> Table:
    words = citing.words
    gates = tuple(gate for gate in Gate if any(one.at(gate) for one in found))
    rows = tuple(
        Row(words(f"gate.{gate.value}"), tuple(_standing(citing, one.at(gate)) for one in found)) for gate in gates
    )
    columns = (words("report.gate"), *(citing.words.state(one.state) for one in found))
    return Table(words("report.caption.duties"), columns, rows, (5, *(4 for _ in found)))


def _standing(citing: Citing, law: GateLaw | None) -> Cell:
    if law is None or law.standing is DutyStanding.SILENT:
        return (citing.computed(citing.words("report.standing.silent"), METHOD, Tone.OPEN),)
    shown = law.duties or gate_questions(law) or law.exemptions
    key = f"report.standing.{law.standing.value}"
    return (citing.said(key, *(one.provision for one in shown), tone=_TONES[law.standing]),)


def _state(citing: Citing, one: Approach) -> Section:
    name = citing.words.state(one.state)
    blocks = tuple(_gate(citing, name, law) for law in one.gates)
    return Section(f"state-{one.state.lower()}", name, blocks)


def _gate(citing: Citing, name: str, law: GateLaw) -> Table:
    """Return what one state says at one gate, row by row; what it is silent on is said too."""
    words = citing.words
    rows = [_row(citing, "report.row.duty", law.duties), _row(citing, "report.row.exempt", law.exemptions)]
    rows += [_way(citing, one) for one in law.ways]
    if not law.ways:
        nothing = citing.computed(words("report.nothing.way"), METHOD, Tone.OPEN)
        rows.append(Row(words("report.row.way"), ((nothing,),)))
    if law.questions:
        rows.append(Row(words("report.row.open"), (tuple(citing.law(one) for one in law.questions),)))
    caption = words("report.caption.gate", state=name, gate=words(f"gate.{law.gate.value}"))
    return Table(caption, (words("report.point"), words("report.law_says")), tuple(rows), (2, 9))


def _row(citing: Citing, key: str, provisions: tuple[Applied, ...]) -> Row:
    words = citing.words
    cell = tuple(citing.law(one) for one in provisions)
    return Row(words(key), (cell or (citing.computed(words(f"{key}.none"), METHOD, Tone.OPEN),),))


def _way(citing: Citing, way: Way) -> Row:
    words, route = citing.words, way.route.provision
    lines = [citing.law(way.route)]
    if isinstance(route, Route) and route.accepts_kinds:
        kinds = ", ".join(words.code("contract_kind", one, citing.book) for one in route.accepts_kinds)
        lines.append(citing.said("report.accepts", route, kinds=kinds))
    lines += [_condition(citing.law(one)) for one in way.requirements]
    if not way.requirements:
        lines.append(citing.computed(words("report.nothing.requirement"), METHOD))
    return Row(words("report.row.way"), (tuple(lines),))


def _condition(one: Statement) -> Statement:
    """Return a requirement as a line below the way that asks it."""
    return replace(one, text=f"· {one.text}")


def treaties_section(citing: Citing, found: tuple[TreatyLaw, ...]) -> Section:
    """Return the treaties in force between the states: who is bound and what they give."""
    words = citing.words
    rows = tuple(Row(words.text(one.treaty.title), _treaty(citing, one)) for one in found)
    columns = tuple(words(f"report.treaty.{name}") for name in ("name", "parties", "gives", "open"))
    table = Table(words("report.caption.treaties"), columns, rows, (4, 3, 5, 5))
    return Section("treaties", words("report.section.treaties"), (Guide(words("report.guide.treaties")), table))


def _treaty(citing: Citing, one: TreatyLaw) -> tuple[Cell, ...]:
    words = citing.words
    gives = tuple(citing.law(law) for law in one.provisions if law.kind is ProvisionKind.EXEMPTION)
    asked = tuple(citing.law(law) for law in one.provisions if law.kind is ProvisionKind.OPEN_QUESTION)
    none = (citing.computed(words("report.treaty.gives.none"), METHOD),)
    return (
        _parties(citing, one),
        gives or none,
        asked or (citing.computed(words("report.treaty.open.none"), METHOD),),
    )


def _parties(citing: Citing, one: TreatyLaw) -> Cell:
    """Return the parties by how well their being bound is established, cited to the text of the treaty."""
    text = min(one.provisions, key=lambda law: law.citation.evidence.rank, default=None)
    if text is None:
        return (citing.computed(citing.states(tuple(party.state for party in one.parties)), METHOD),)
    lines = []
    for level in Evidence:
        states = tuple(party.state for party in one.parties if party.evidence is level)
        if states:
            source = replace(citing.source(text, level), id=one.treaty.id, place="")
            lines.append(Statement(citing.states(states), (source,)))
    return tuple(lines)


def ways_section(
    citing: Citing, found: tuple[Found, ...], before: tuple[Block, ...], after: tuple[Block, ...]
) -> Section:
    """Return which ways exist in which state by the law on record; `before` and `after` are put around the table."""
    words = citing.words
    states = tuple(dict.fromkeys(one.state for one in found))
    cells = {(one.mechanism, one.state): _found(citing, one) for one in found}
    rows = tuple(
        Row(words(f"report.way.{way.value}"), tuple(cells[way, state] for state in states)) for way in Mechanism
    )
    columns = (words("report.row.way"), *(words.state(one) for one in states))
    table = Table(words("report.caption.ways"), columns, rows, (5, *(4 for _ in states)), words("report.method.ways"))
    return Section("ways", words("report.section.ways"), (*before, table, *after))


def _found(citing: Citing, one: Found) -> Cell:
    words, tone = citing.words, _WAY_TONES[one.standing]
    if not one.shown_by:
        return (citing.computed(words("report.way.standing.absent"), "report.method.ways", tone),)
    gates = tuple(gate for _, gates in one.shown_by for gate in gates)
    text = words(f"report.way.standing.{one.standing.value}", gates=citing.gates(gates))
    sources = tuple(dict.fromkeys(citing.source(provision) for provision, _ in one.shown_by))
    return (Statement(joined(text), sources, words("report.method.ways"), tone),)
