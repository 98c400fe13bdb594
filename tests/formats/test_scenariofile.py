"""A scenario file is read whole or not at all: every fault at once, every id one of the law."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Gate, Scope
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.scenario import Added, Adopted, Changed, Dropped, TreatySupposed
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.tree import read_tree

SAMPLES = sorted((Path(__file__).parents[2] / "samples/scenarios").glob("*.scenario.yaml"))
BOOK = read_law(read_folder(shipped_law()))

WHOLE = """\
scenario: all_of_it
title: {en: Everything, ru: Всё}
made: 2026-11-22
changes:
  - do: change
    provision: ru.directive_3793_u.sum_insured
    from: 2027-01-01
    with: {amount: "200000.50"}
    title: {en: More, ru: Больше}
  - do: add
    id: hotline
    route: [ru.law_115_fz.patent.vhi]
    gate: [work_permit]
    check: direct_settlement
    applies_to: {role: [worker]}
    title: {en: Paid directly, ru: Оплата напрямую}
  - {do: drop, provision: ru.law_115_fz.patent.vhi.insurer_created_in_russia}
  - {do: suppose, treaty: cis_vhi_draft, parties: [UZ, RU], from: 2027-01-01, open_questions: open}
  - {do: adopt, provision: by.insurance_rules.foreign_contract.sum_insured, route: kz.labour_code.imputed}
"""


def scenario(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return read_scenario(read_tree(text.encode(), "s.yaml"), BOOK)


def test_each_change_is_read_with_its_day_and_parameters() -> None:
    changed, added, dropped, supposed, adopted = scenario(WHOLE).changes

    assert isinstance(changed, Changed)
    assert (changed.first, changed.title["ru"]) == (date(2027, 1, 1), "Больше")
    assert changed.check == SumInsuredAtLeast(Decimal("200000.50"), "RUB", Scope.PERSON)
    assert isinstance(added, Added)
    assert (added.routes, added.gates) == (("ru.law_115_fz.patent.vhi",), frozenset({Gate.WORK_PERMIT}))
    assert dropped == Dropped("ru.law_115_fz.patent.vhi.insurer_created_in_russia", None)
    assert supposed == TreatySupposed("treaties.cis_vhi_draft", ("RU", "UZ"), date(2027, 1, 1), settled=False)
    assert isinstance(adopted, Adopted)
    assert adopted.route == "kz.labour_code.imputed"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_read(path: Path) -> None:
    assert read_scenario(read_tree(path.read_bytes(), path.name), BOOK).changes


def test_the_hash_tells_any_change_of_the_scenario() -> None:
    assert scenario(WHOLE).hash != scenario(WHOLE.replace("200000.50", "200000.51")).hash


def test_remarks_and_the_order_of_keys_are_no_part_of_the_hash() -> None:
    moved = WHOLE.replace("made: 2026-11-22\n", "").replace("scenario:", "made: 2026-11-22  # a remark\nscenario:")

    assert scenario(moved).hash == scenario(WHOLE).hash


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        ("do: change", "do: alter", "changes[0].do", FaultCode.WRONG_VALUE),
        ("scenario: all_of_it", "scenario: All of it", "scenario", FaultCode.WRONG_VALUE),
        ("{en: Everything, ru: Всё}", "{en: Everything}", "title.ru", FaultCode.MISSING_KEY),
        ("provision: ru.directive_3793_u.sum_insured", "provision: ru.nothing", "changes[0].provision", FaultCode.UNKNOWN_CODE),
        ("provision: ru.directive_3793_u.sum_insured", "provision: ru.law_115_fz.patent", "changes[0].provision", FaultCode.UNKNOWN_CODE),
        ('{amount: "200000.50"}', "{sum: 1}", "changes[0].with.sum", FaultCode.UNKNOWN_KEY),
        ('{amount: "200000.50"}', "{amount: 0}", "changes[0].with", FaultCode.WRONG_VALUE),
        ('{amount: "200000.50"}', "{amount: much}", "changes[0].with.amount", FaultCode.WRONG_VALUE),
        ('{amount: "200000.50"}', "{currency: XYZ}", "changes[0].with.currency", FaultCode.UNKNOWN_CODE),
        ('{amount: "200000.50"}', '{amount: "0.001"}', "changes[0].with.amount", FaultCode.WRONG_VALUE),
        ("{en: More, ru: Больше}", "{en: More}", "changes[0].title.ru", FaultCode.MISSING_KEY),
        ("route: [ru.law_115_fz.patent.vhi]", "route: [ru.nowhere]", "changes[1].route", FaultCode.UNKNOWN_CODE),
        ("check: direct_settlement", "check: eternal", "changes[1].check", FaultCode.UNKNOWN_CODE),
        ("{role: [worker]}", "{role: [boss]}", "changes[1].applies_to.role", FaultCode.UNKNOWN_CODE),
        ("id: hotline", "id: 24 hours", "changes[1].id", FaultCode.WRONG_VALUE),
        ("patent.vhi.insurer_created_in_russia}", "nothing}", "changes[2].provision", FaultCode.UNKNOWN_CODE),
        ("ru.law_115_fz.patent.vhi.insurer_created_in_russia", "ru.directive_3793_u.sum_insured", "changes[2].provision", FaultCode.TWICE),
        ("treaty: cis_vhi_draft", "treaty: cis_2030", "changes[3].treaty", FaultCode.UNKNOWN_CODE),
        ("parties: [UZ, RU]", "parties: [UZ]", "changes[3].parties", FaultCode.WRONG_VALUE),
        ("parties: [UZ, RU]", "parties: [UZ, QQ]", "changes[3].parties[1]", FaultCode.UNKNOWN_CODE),
        ("open_questions: open", "open_questions: asked", "changes[3].open_questions", FaultCode.WRONG_VALUE),
        ("route: kz.labour_code.imputed", "route: kz.labour_code", "changes[4].route", FaultCode.UNKNOWN_CODE),
        ("provision: by.insurance_rules.foreign_contract.sum_insured", "provision: by.insurance_rules", "changes[4].provision", FaultCode.UNKNOWN_CODE),
        ("route: kz.labour_code.imputed", "route: kz.labour_code.imputed, because: so", "changes[4].because", FaultCode.UNKNOWN_KEY),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(old: str, new: str, path: str, code: FaultCode) -> None:
    assert old in WHOLE

    with pytest.raises(InputFaults) as raised:
        scenario(WHOLE.replace(old, new))

    assert (path, code) in {(one.path, one.code) for one in raised.value.faults}


def test_all_faults_are_told_at_once() -> None:
    wrong = (
        WHOLE.replace("{en: Everything, ru: Всё}", "{en: E}")
        .replace("direct_settlement", "x")
        .replace("[UZ, RU]", "[UZ]")
    )

    with pytest.raises(InputFaults) as raised:
        scenario(wrong)

    assert {one.path for one in raised.value.faults} == {"title.ru", "changes[1].check", "changes[3].parties"}


def test_what_has_ended_before_cannot_be_dropped_later() -> None:
    late = WHOLE.replace(
        "{do: drop, provision: ru.law_115_fz.patent.vhi.insurer_created_in_russia}",
        "{do: drop, provision: by.insurance_rules.foreign_contract.sum_insured, from: 2027-01-01}",
    )

    with pytest.raises(InputFaults) as raised:
        scenario(late)

    assert [(one.path, one.code) for one in raised.value.faults] == [("changes[2].from", FaultCode.WRONG_ORDER)]
