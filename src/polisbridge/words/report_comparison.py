"""The part of the report on what the laws have in common, the strictest of them, and one contract for all."""

from fractions import Fraction
from math import ceil

from polisbridge.core.law import Provision
from polisbridge.formats.decisionfile import ask_value
from polisbridge.services.agreement import HOME, SOUGHT, Proposals
from polisbridge.services.compare.cheapest import Cheapest, Found
from polisbridge.services.compare.common import Asked, AskedSet
from polisbridge.services.report import Banner, Block, Bullets, Cell, Guide, Row, Section, Statement, Table, Tone
from polisbridge.words.citing import TONES, Citing, joined

METHOD = "report.method.compare"


def comparison_sections(citing: Citing, found: Proposals) -> tuple[Section, ...]:
    """Return the minimum common set, the strictest union, and the contract for all."""
    words = citing.words
    common: tuple[Block, ...] = (
        Guide(words("report.guide.common")),
        _common(citing, found.common),
        _pairs(citing, found.pairs),
    )
    union = (Guide(words("report.guide.union")), _asked_table(citing, found.union))
    return (
        Section("proposal-common", words("report.section.common"), common),
        Section("proposal-union", words("report.section.union"), union),
        Section("proposal-contract", words("report.section.contract"), _contract(citing, found)),
    )


def _common(citing: Citing, found: AskedSet) -> Bullets:
    """Return what all states with known ways ask, and which states were left out as open."""
    words, states = citing.words, citing.states(found.states)
    lines = [(_computed(citing, words("report.common.states", states=states)),)]
    if found.open_states:
        left = words("report.common.open", states=citing.states(found.open_states))
        lines.append((_computed(citing, left, Tone.OPEN),))
    lines += [(_asked(citing, one),) for one in found.asked]
    if not found.asked:
        lines.append((_computed(citing, words("report.common.nothing", states=states), Tone.NO),))
    return Bullets(tuple(lines))


def _computed(citing: Citing, text: str, tone: Tone = Tone.PLAIN) -> Statement:
    return citing.computed(text, METHOD, tone)


def _asked(citing: Citing, one: Asked) -> Statement:
    """Return what is asked in words, with every provision that carries it."""
    said = "; ".join(_said(citing, one))
    sources = tuple(dict.fromkeys(citing.source(law) for law in one.provisions))
    tone = Tone.PLAIN if one.confirmed else Tone.OPEN
    return Statement(joined(said), sources, citing.words(METHOD), tone)


def _said(citing: Citing, one: Asked) -> tuple[str, ...]:
    words, told = citing.words, []
    for ask in one.check.asks():
        value = ask_value(ask).get("value")
        wanted = words.field(str(value)) if isinstance(ask.value, str) else words.value(ask.field, value, citing.book)
        benefit = f"{words.code('benefit', ask.benefit, citing.book)}: " if ask.benefit else ""
        told.append(f"{benefit}{words.field(ask.field)}: {words(f'relation.{ask.relation.value}', value=wanted)}")
    return tuple(told)


def _pairs(citing: Citing, found: tuple[AskedSet, ...]) -> Table:
    words = citing.words
    rows = []
    for one in found:
        cell: Cell = tuple(_asked(citing, part) for part in one.asked)
        nothing = (_computed(citing, words("report.common.pair_nothing"), Tone.NO),)
        rows.append(Row(citing.states(one.states), (cell or nothing,)))
    columns = (words("report.common.pair"), words("report.common.both"))
    return Table(words("report.caption.pairs"), columns, tuple(rows), (3, 8), words(METHOD))


def _asked_table(citing: Citing, found: AskedSet) -> Table:
    words = citing.words
    rows = tuple(Row(citing.states(one.states), ((_asked(citing, one),),)) for one in found.asked)
    columns = (words("report.common.by"), words("report.common.asks"))
    return Table(words("report.caption.union"), columns, rows, (3, 8), words(METHOD))


def _contract(citing: Citing, found: Proposals) -> tuple[Block, ...]:
    words = citing.words
    sought = "; ".join(f"{words.state(state)}, {words(f'gate.{gate.value}')}" for state, gate in SOUGHT.items())
    rows = tuple(
        Row(words(f"report.variant.{name}"), (_served(citing, one), _terms(citing, one), _left(citing, one)))
        for name, one in found.contracts.items()
    )
    columns = tuple(words(f"report.contract.{name}") for name in ("law", "serves", "needs", "against"))
    caption = words("report.caption.contract", home=words.state(HOME))
    table = Table(caption, columns, rows, (3, 4, 4, 6), words("report.method.cheapest"))
    return (Guide(words("report.guide.contract", sought=sought)), Banner(words("report.banner.supposition")), table)


def _best(one: Cheapest) -> Found | None:
    return one.found[0] if one.found else None


def _served(citing: Citing, one: Cheapest) -> Cell:
    """Return the states that the contract serves, with the verdict on each stay as it reads."""
    words, best = citing.words, _best(one)
    if best is None:
        return (_by_search(citing, words("report.contract.none"), Tone.NO),)
    lines = []
    for stay, found in best.decided:
        verdict = found.decision.verdict
        confirmed = found.decision.if_confirmed
        said = f"{words.state(stay.state)}: {citing.verdict(verdict).lower()}"
        if verdict is not confirmed:
            said += f" ({words('report.corridor.if_confirmed', verdict=citing.verdict(confirmed).lower())})"
        lines.append(_by_search(citing, said, TONES[verdict]))
    return tuple(lines)


def _by_search(citing: Citing, text: str, tone: Tone = Tone.PLAIN) -> Statement:
    return citing.computed(text, "report.method.cheapest", tone)


def _terms(citing: Citing, one: Cheapest) -> Cell:
    """Return what the contract has to be: insurer, sum, benefits, days."""
    words, best = citing.words, _best(one)
    if best is None:
        return ()
    facts = best.contract.facts
    lines = [
        f"{joined(words.field(name))}: {words.value(name, _plain(value), citing.book)}" for name, value in best.issuer
    ]
    amount, currency = facts.get("sum_insured"), facts.get("sum_insured_currency")
    if isinstance(amount, int) and isinstance(currency, str):
        lines.append(f"{joined(words.field('sum_insured'))}: {words.amount(amount, currency)}")
    benefits = [words.code("benefit", str(line.benefit), citing.book) for line in best.contract.benefits or ()]
    if benefits:
        lines.append(f"{joined(words('report.model.benefits'))}: {', '.join(benefits)}")
    lines.append(words("report.impact.days", number=words.number(ceil(Fraction(best.cost.term_days)))))
    return tuple(_by_search(citing, line) for line in lines)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _left(citing: Citing, one: Cheapest) -> Cell:
    """Return what stands against the states that it cannot serve."""
    words = citing.words
    laws: dict[str, tuple[Provision, str, str]] = {}
    for obstacle in one.obstacles:
        if obstacle.provision is not None:
            said = words(f"hindrance.{obstacle.hindrance.value}")
            laws.setdefault(obstacle.provision.id, (obstacle.provision, obstacle.place.state, said))
    lines = []
    for provision, state, said in laws.values():
        law = citing.law(provision)
        lines.append(Statement(f"{words.state(state)}: {law.text} ({said})", law.sources, tone=Tone.OPEN))
    return tuple(lines) or (_by_search(citing, words("report.contract.nothing_against"), Tone.YES),)
