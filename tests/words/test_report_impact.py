"""The impact of a scenario as a report: its figures are those of the impact, and what it is stands beside them."""

from dataclasses import replace
from datetime import date

import pytest
from report_builder import shipped, small_impact

from polisbridge.core.codes import Verdict
from polisbridge.core.errors import PolisbridgeError
from polisbridge.services.impact import Dimension, Group, Impact, Transition
from polisbridge.services.report import Banner, Chart, Report, Table, statements, walk
from polisbridge.services.round_table import by_this_law
from polisbridge.words import Words, languages
from polisbridge.words.report_impact import impact_report, impact_section


def report(language: str = "en", **changes: object) -> Report:
    return impact_report(replace(small_impact(), **changes), Words(language), shipped())  # type: ignore[arg-type]


def table(found: Report, caption: str) -> dict[str, list[str]]:
    blocks = [block for section in walk(found.sections) for block in section.blocks]
    one = next(block for block in blocks if isinstance(block, Table) and block.caption == caption)
    return {row.head: [" ".join(said.text for said in cell) for cell in row.cells] for row in one.rows}


def charts(found: Report) -> list[Chart]:
    return [block for section in walk(found.sections) for block in section.blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("language", languages())
def test_every_statement_is_cited_or_computed_and_no_word_is_missing(language: str) -> None:
    found = list(statements(report(language)))

    assert len(found) > 50
    assert [one.text for one in found if "report." in one.text or "{" in one.text] == []


def test_a_corridor_and_its_way_back_stand_together_and_no_rows_are_told() -> None:
    found = table(report(), "By corridor")

    assert list(found) == ["Uzbekistan → Russia", "Russia → Uzbekistan", "Kazakhstan → Belarus", "Belarus → Kazakhstan"]
    assert found["Uzbekistan → Russia"] == ["100", "40", "30", "5", "0", "15"]
    assert found["Russia → Uzbekistan"] == ["no rows", "", "", "", "", ""]


def test_who_gains_stands_to_the_right_and_who_loses_to_the_left() -> None:
    gains = next(one for one in charts(report()) if one.caption.startswith("Who gains"))

    assert dict(zip(gains.categories, gains.series[0].values, strict=True))["Uzbekistan → Russia"] == 5
    assert dict(zip(gains.categories, gains.series[2].values, strict=True))["Uzbekistan → Russia"] == -15


def test_verdicts_before_and_after_add_up_to_the_rows_decided() -> None:
    verdicts = charts(report())[0]

    assert [sum(one.values[at] for one in verdicts.series) for at in (0, 1)] == [small_impact().decided] * 2


def test_what_is_lacking_is_told_in_its_own_unit() -> None:
    assert table(report(), "What is lacking in all") == {
        "Sum insured": ["10", "1,000.00 RUB"],
        "repatriation of remains": ["5", "5 contracts"],
    }


def test_a_synthetic_portfolio_is_said_to_be_one_and_a_real_one_is_not() -> None:
    said = Words("en")("report.banner.synthetic")

    assert said in report().banners
    assert said not in report(synthetic=False).banners


def test_a_scenario_is_never_called_law() -> None:
    assert Words("en")("report.banner.scenario") in report().banners
    section = impact_section(small_impact(), Words("en"), shipped(), "effect-1")
    assert [one.text for one in section.blocks if isinstance(one, Banner)] == [
        Words("en")("report.banner.scenario"),
        Words("en")("report.banner.synthetic"),
    ]


def test_where_nobody_loses_no_top_up_is_told() -> None:
    found = report(top_ups=())

    assert any("no top-up is needed" in one.text for one in statements(found))


def test_many_groups_are_cut_and_the_rest_is_told() -> None:
    many = tuple(Group((f"P{at}",), (Transition(Verdict.RECOGNISED, Verdict.RECOGNISED, 1),)) for at in range(45))
    found = report(groups={**small_impact().groups, Dimension.PRODUCT: many})

    assert len(table(found, "By product (5 more not shown)")) == 40


def test_an_impact_by_another_law_is_refused() -> None:
    by_this_law(shipped(), (small_impact(),))
    other: Impact = replace(small_impact(), law="0" * 64, as_of=date(2026, 1, 1))

    with pytest.raises(PolisbridgeError, match="reckoned by the law 0000000000000000"):
        by_this_law(shipped(), (other,))
