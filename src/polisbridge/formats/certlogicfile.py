"""The rule file: the law of one state, gate and day as CertLogic, for verifiers that run nothing of ours.

One JSON document (docs/spec/certlogic.md): what it is for, whether a contract is required, whether this one is
recognised, and every provision with its source and what it says. Its envelope has the parts of an EU business rule.
"""

from collections.abc import Iterable
from typing import Any

from polisbridge.core.applied import AppliedLaw
from polisbridge.core.condition import Condition
from polisbridge.core.days import day_number
from polisbridge.core.specialise import Given, specialise
from polisbridge.core.symbolic import SymbolicFinding, symbolic
from polisbridge.formats.certlogic import ENGINE, ENGINE_VERSION, Rails, paths, rails
from polisbridge.formats.decisionfile import citation

FORMAT = "polisbridge.certlogic/1"


def rule_file(law_hash: str, law: AppliedLaw, home_state: str | None = None) -> dict[str, Any]:
    """Return the rule file of an applied law as plain JSON values, for contracts from anywhere or of one home state.

    Raises PolisbridgeError, naming the provision and the node, for what CertLogic cannot say.
    """
    written, state, as_of = symbolic(law), law.setting.state, law.setting.as_of
    given: Given = {"state": state, "gate": law.gate.value, "as_of": day_number(as_of)}
    findings = [(one, *_of_finding(one, given)) for one in written.findings]
    required = _special(written.required, given, "required")
    recognised = _special(written.recognised, given, "recognised")
    used = [required, recognised, *(found for _, *both in findings for found in both)]
    return {
        "format": FORMAT,
        "id": f"{state}.{law.gate.value}.{as_of.isoformat()}",
        "engine": {"name": ENGINE, "version": ENGINE_VERSION},
        "law": {"hash": law_hash},
        "state": state,
        "gate": law.gate.value,
        **({"home_state": home_state} if home_state else {}),
        "valid": {"from": as_of.isoformat(), "to": as_of.isoformat()},
        "day": day_number(as_of),
        "rates": [
            {"source": table.source, "state": table.state, "base": table.base, "url": table.url}
            for table in law.setting.rates.tables
        ],
        "fields": _fields(used),
        "required": _logic(required),
        "recognised": _logic(recognised),
        "findings": [_finding(one, concerns, stated) for one, concerns, stated in findings],
    }


def _of_finding(one: SymbolicFinding, given: Given) -> tuple[Rails, Rails]:
    return _special(one.concerns, given, one.id), _special(one.stated, given, one.id)


def _special(condition: Condition, given: Given, what: str) -> Rails:
    return rails(specialise(condition, given), what)


def _finding(one: SymbolicFinding, concerns: Rails, stated: Rails) -> dict[str, Any]:
    provision = one.applied.provision
    return {
        "id": provision.id,
        "kind": provision.kind.value,
        "title": dict(provision.title),
        "evidence": one.applied.evidence.value,
        "citation": citation(provision.citation),
        "fields": _fields([concerns, stated]),
        "concerns": _logic(concerns),
        "stated": _logic(stated),
    }


def _fields(used: Iterable[Rails]) -> list[str]:
    return sorted({path for one in used for path in paths([one.met, one.not_met])})


def _logic(one: Rails) -> dict[str, Any]:
    return {"met": one.met, "not_met": one.not_met}
