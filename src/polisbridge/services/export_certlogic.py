"""Export the law of one state, gate and day for verifiers that run CertLogic and nothing of ours."""

import json
from datetime import date

from polisbridge.core.codes import Gate
from polisbridge.formats.certlogicfile import rule_file
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import known_state


def export_certlogic(laws: AppliedLaws, state: str, gate: Gate, as_of: date, home_state: str | None = None) -> str:
    """Return the rule file as compact JSON text, for contracts from anywhere or of one home state.

    The home state matters only to exchange rates: its central bank's are taken where the host's are silent.
    Raises PolisbridgeError when the book does not know the state, or for what CertLogic cannot say.
    """
    known_state(laws.book, state)
    written = rule_file(laws.book.hash, laws.at(state, gate, as_of, home_state), home_state)
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n"
