"""The report that the round table asked for, in the words of one language: all sections in their order."""

from collections.abc import Iterator

from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Contract
from polisbridge.core.facts import ABSENT
from polisbridge.services.approaches import DutyStanding
from polisbridge.services.mechanisms import Mechanism, Standing
from polisbridge.services.report import (
    Banner,
    Bullets,
    Chart,
    ChartKind,
    Guide,
    Report,
    Row,
    Section,
    Series,
    Statement,
    Table,
)
from polisbridge.services.round_table import RoundTable, counted
from polisbridge.words import Words
from polisbridge.words.citing import TONES, Citing
from polisbridge.words.report_comparison import comparison_sections
from polisbridge.words.report_corridors import METHOD as BY_CORRIDORS
from polisbridge.words.report_corridors import corridors_section
from polisbridge.words.report_impact import impact_section
from polisbridge.words.report_initiative import initiative_section, precedents, questions_section
from polisbridge.words.report_states import METHOD as BY_LAW
from polisbridge.words.report_states import states_section, treaties_section, ways_section

_SHOWN = (Verdict.RECOGNISED, Verdict.NOT_REQUIRED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED)


def approaches_report(found: RoundTable, words: Words) -> Report:
    """Return the whole report. Every statement is cited or says how it was computed."""
    citing = Citing(words, found.book)
    sections = (
        Section("reading", words("report.section.reading"), tuple(_reading(words))),
        Section("brief", words("report.section.brief"), (_brief(citing, found),)),
        initiative_section(citing, found),
        states_section(citing, found.approaches),
        treaties_section(citing, found.treaties),
        ways_section(
            citing, found.ways, (Guide(words("report.guide.ways")),), (precedents(citing, found, found.book),)
        ),
        corridors_section(citing, found.today, model_table(citing, found.today.contract)),
        questions_section(citing, found),
        proposals_section(citing, found),
    )
    synthetic = (words("report.banner.synthetic_part"),) if any(one.synthetic for one in found.effects) else ()
    return Report(
        words("report.approaches.title"),
        words("report.approaches.subtitle", day=words.day(found.as_of)),
        words.language,
        found.as_of,
        found.book.hash,
        sections,
        (words("report.banner.not_advice"), *synthetic),
    )


def _reading(words: Words) -> Iterator[Guide]:
    for name in ("sources", "evidence", "signs", "gates", "limits"):
        yield Guide(words(f"report.guide.{name}"))


def _brief(citing: Citing, found: RoundTable) -> Bullets:
    words = citing.words
    bound = tuple(
        one.state for one in found.approaches if any(law.standing is DutyStanding.ESTABLISHED for law in one.gates)
    )
    unknown = tuple(one.state for one in found.approaches if one.state not in bound)
    lines = [_named(citing, "report.brief.duty", bound), _named(citing, "report.brief.no_duty", unknown)]
    for standing in (Standing.EXISTS, Standing.OPEN, Standing.ABSENT):
        states = tuple(
            one.state for one in found.ways if one.mechanism is Mechanism.DIRECT and one.standing is standing
        )
        lines.append(_named(citing, f"report.brief.direct.{standing.value}", states, "report.method.ways"))
    counts = counted(found.today, confirmed=False)
    said = {verdict.value: words.number(counts[verdict]) for verdict in Verdict}
    cases = words.number(len(found.today.cases))
    lines.append(citing.computed(words("report.corridor.totals", cases=cases, **said), BY_CORRIDORS))
    asked = sum(1 for one in found.approaches for _ in one.questions())
    lines.append(citing.computed(words("report.brief.questions", number=words.number(asked)), BY_LAW))
    draft = [citing.fact(one) for one in found.facts if one.id in ("IN-21", "IN-30")]
    return Bullets((*((one,) for one in lines), tuple(draft)))


def _named(citing: Citing, key: str, states: tuple[str, ...], method: str = BY_LAW) -> Statement:
    words = citing.words
    names = citing.states(states) or words("report.nobody")
    return citing.computed(words(key, number=len(states), states=names), method)


def model_table(citing: Citing, contract: Contract) -> Table:
    """Return the terms of the model contract as a table."""
    words, book = citing.words, citing.book
    rows = []
    hidden = {"sum_insured", "sum_insured_per"} if contract.facts.get("sum_unlimited") is True else set()
    for name, value in sorted(contract.facts.items(), key=lambda pair: words.field(pair[0])):
        if name in hidden:
            continue
        plain = "absent" if value is ABSENT else sorted(value) if isinstance(value, frozenset) else value
        rows.append((words.field(name), words.value(name, plain, book)))
    lines = [words.code("benefit", str(one.benefit), book) for one in contract.benefits or ()]
    persons = [words(f"role.{one.role.value}") for one in contract.insured]
    rows += [(words("report.model.benefits"), ", ".join(lines)), (words("report.model.persons"), ", ".join(persons))]
    cells = tuple(Row(name, ((citing.computed(said, "report.method.model"),),)) for name, said in rows)
    columns = (words("report.model.term"), words("report.model.value"))
    return Table(words("report.caption.model"), columns, cells, (3, 6), words("report.method.model"))


def proposals_section(citing: Citing, found: RoundTable) -> Section:
    """Return the computed proposals, each with its effect on the model contract or on a portfolio."""
    words = citing.words
    draft = Section(
        "proposal-draft",
        words("report.section.proposal_draft"),
        (
            Banner(words("report.banner.supposed")),
            Guide(words("report.guide.proposal_draft")),
            _scenarios_chart(citing, found),
        ),
    )
    effects = tuple(impact_section(one, words, found.book, f"effect-{at}") for at, one in enumerate(found.effects, 1))
    parts = (*comparison_sections(citing, found.proposals), draft, *effects)
    return Section("proposals", words("report.section.proposals"), (Guide(words("report.guide.proposals")),), parts)


def _variants(words: Words, found: RoundTable) -> tuple[tuple[str, dict[Verdict, int]], ...]:
    return tuple(
        (words(f"report.variant.{name}{'_confirmed' if confirmed else ''}"), dict(counted(which, confirmed=confirmed)))
        for name, which in (("today", found.today), ("draft", found.draft))
        for confirmed in (False, True)
    )


def _scenarios_chart(citing: Citing, found: RoundTable) -> Chart:
    words = citing.words
    variants = _variants(words, found)
    series = tuple(
        Series(citing.verdict(verdict), tuple(counts[verdict] for _, counts in variants), TONES[verdict])
        for verdict in _SHOWN
    )
    alt = "; ".join(
        f"{name}: " + ", ".join(f"{citing.verdict(verdict).lower()} {counts[verdict]}" for verdict in _SHOWN)
        for name, counts in variants
    )
    names = tuple(name for name, _ in variants)
    caption, unit = words("report.chart.variants"), words("report.unit.cases")
    return Chart(caption, ChartKind.STACKED, unit, names, series, alt, words(BY_CORRIDORS))
