"""The report of the round table by the shipped law, and a small report of every kind of block, for tests."""

from datetime import date
from functools import cache

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.app import RealWorld
from polisbridge.core.codes import Evidence, Outcome, Verdict
from polisbridge.core.contract import Contract
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.core.remedy import Action
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.initiativefile import InitiativeFact, read_initiative
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import read_tree
from polisbridge.services.impact import (
    Dimension,
    FindingChange,
    Group,
    Impact,
    Need,
    ScenarioTold,
    Shortfall,
    TopUps,
    Transition,
    Unit,
)
from polisbridge.services.report import (
    Banner,
    Bullets,
    Chart,
    ChartKind,
    Guide,
    Paragraph,
    Report,
    Row,
    Section,
    Series,
    Source,
    Statement,
    Table,
    Tone,
)
from polisbridge.services.round_table import RoundTable, round_table
from polisbridge.words import Words
from polisbridge.words.report_approaches import approaches_report

DAY = date(2026, 11, 22)


@cache
def shipped() -> LawBook:
    return read_law(read_folder(shipped_law()))


@cache
def model() -> Contract:
    file = RealWorld().report_files()["model_contract.yaml"]
    return read_contract(read_tree(file, "model_contract.yaml"), shipped().vocabulary)


@cache
def facts() -> tuple[InitiativeFact, ...]:
    return read_initiative(read_tree(RealWorld().report_files()["initiative.yaml"], "initiative.yaml"))


@cache
def gathered() -> RoundTable:
    return round_table(shipped(), Rates(()), model(), facts(), DAY)


@cache
def whole(language: str) -> Report:
    return approaches_report(gathered(), Words(language))


def source(number: int = 1, evidence: Evidence = Evidence.SECONDARY, url: str = "https://example.org/act") -> Source:
    return Source(f"xx.act.{number}", f"Act {number}", evidence, DAY, "art. 1", (url,))


def small(text: str = "A duty is on record", language: str = "en", url: str = "https://example.org/act") -> Report:
    """A report with every kind of block; `text` stands in each of them."""
    said = Statement(text, (source(url=url),), tone=Tone.OPEN)
    counted = Statement(text, method="counted by hand")
    chart = Chart(
        text,
        ChartKind.STACKED,
        "cases",
        (text, "Other"),
        (Series("yes", (3, 100), Tone.YES), Series("no", (1, 0), Tone.NO)),
        text,
        "counted by hand",
    )
    diverging = Chart(text, ChartKind.DIVERGING, "rows", ("A",), (Series("lost", (-5,), Tone.NO),), text, "counted")
    table = Table(text, (text, "Cell"), (Row(text, ((said, counted),)), Row("empty", ((),))), (1, 2), "counted by hand")
    blocks = (Guide(text), Banner(text), Paragraph((said, counted)), Bullets(((said,), (counted,))), table)
    inner = Section("inner", text, (chart, diverging))
    return Report(text, text, language, DAY, "ab" * 32, (Section("outer", text, blocks, (inner,)),), (text,))


def small_impact() -> Impact:
    """An impact of 120 rows in two corridors: 15 lose, 5 gain, ten of those who lose lack RUB 100 each."""
    lost = (
        Transition(Verdict.RECOGNISED, Verdict.RECOGNISED, 25),
        Transition(Verdict.RECOGNISED, Verdict.NOT_RECOGNISED, 15),
        Transition(Verdict.NOT_RECOGNISED, Verdict.RECOGNISED, 5),
        Transition(Verdict.UNDETERMINED, Verdict.UNDETERMINED, 55),
    )
    still = (Transition(Verdict.NOT_REQUIRED, Verdict.NOT_REQUIRED, 20),)
    asked = "ru.directive_3793_u.sum_insured"
    money = Shortfall("sum_insured", Action.RAISE, Unit.MONEY, 10, 100_000, "RUB")
    remains = Shortfall("benefit", Action.ADD, Unit.CODE, 5, 5, benefit="repatriation_of_remains")
    need = Need("ru.law_115_fz.patent.vhi", asked, 10, (money,))
    return Impact(
        ScenarioTold("test", {"en": "Scenario: a test", "ru": "Сценарий: проба"}, "cd" * 32, (), (asked,), (), ()),
        shipped().hash,
        synthetic=True,
        as_of=None,
        rows=121,
        decided=120,
        rejected=1,
        compared=100,
        checked_by_core=1,
        total=Group((), (*lost, *still)),
        groups={
            Dimension.CORRIDOR: (Group(("UZ", "RU"), lost), Group(("KZ", "BY"), still)),
            Dimension.PRODUCT: (Group(("A",), (*lost, *still)),),
            Dimension.ROLE: (Group(("worker",), lost), Group(("",), still)),
        },
        findings=(FindingChange(asked, None, Outcome.MET, None, 100),),
        top_ups=(
            TopUps((), 15, 10, 5, 0, 0, (money, remains), (need,), ()),
            TopUps(("UZ", "RU"), 15, 10, 5, 0, 0, (money, remains), (need,), ()),
        ),
    )
