"""Who asked and who looked: decisions kept with their documents, the access log, and the export of all of a person's data."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from polisbridge.core.assessment import Assessment
from polisbridge.core.registry import (
    Access,
    Enrolment,
    Held,
    KeptDecision,
    Kinship,
    R,
    Record,
    RegisteredCertificate,
    RegisteredPerson,
)
from polisbridge.core.statusbook import Note
from polisbridge.formats.decisionfile import to_text, write_decision
from polisbridge.services.registry import persons
from polisbridge.services.registry.ports import Registry, use_of


def keep_decision(
    registry: Registry, law_hash: str, made: Assessment, note: Note, *, contract: int | None, person: int | None
) -> int:
    """Keep a decision and who asked for it; return its number. The document can be replayed (`services.replay`)."""
    facts = made.facts
    kept = KeptDecision(
        asked_at=note.at,
        asked_by=note.who,
        state=str(facts.state),
        gate=str(facts.gate),
        as_of=made.as_of,
        verdict=made.decision.verdict.value,
        law=law_hash,
    )
    document = to_text(write_decision(law_hash, made)).encode()
    return registry.add_decision(kept, contract, person, registry.sealer.seal(document, sealed_decision(person)))


def record(registry: Registry, person: int, role: str, what: str, note: Note) -> None:
    """Record that somebody in a role looked at something of a person's; the note's `why` is the purpose."""
    registry.add_access(person, Access(note.at, note.who, role, what, note.why))


def name_for(registry: Registry, person: int, role: str, what: str, note: Note) -> str:
    """Return a person's name for somebody's list, empty once erased; that it was read is recorded first."""
    record(registry, person, role, what, note)
    known = persons.identity(registry, person, at=note.at)
    return known.name or known.original_name if known else ""


def export(registry: Registry, person: int, role: str, note: Note) -> dict[str, Any]:
    """Return all that is held about a person, as plain data for JSON; that it was read is recorded first."""
    record(registry, person, role, "export", note)
    kinds: dict[str, tuple[type[Record], str]] = {
        "insured_by": (Enrolment, "person"),
        "family_of": (Kinship, "person"),
        "family": (Kinship, "worker"),
        "certificates": (RegisteredCertificate, "person"),
    }
    found: dict[str, Any] = {"person": person, "identity": _history(registry, RegisteredPerson, [person])}
    for name, (kind, field) in kinds.items():
        things = {one.thing for one in registry.known(kind, on=None, at=note.at, **{field: person})}
        found[name] = _history(registry, kind, sorted(things))
    found["decisions"] = [
        {**_plain(kept), "document": _opened(registry, sealed, sealed_decision(person))}
        for kept, sealed in registry.decisions(person)
    ]
    found["looked_at_by"] = [_plain(one) for one in registry.accesses(person)]
    return found


def _history(registry: Registry, kind: type[R], things: Iterable[int]) -> list[dict[str, Any]]:
    return [_entry(registry, kind, one) for thing in things for one in registry.changes(kind, thing)]


def _entry(registry: Registry, kind: type[R], held: Held[R]) -> dict[str, Any]:
    value: dict[str, Any] = asdict(held.value)
    sealed = value.pop("sealed", None)
    value.pop("birth_hash", None)
    if sealed is not None:
        value["said"] = _opened(registry, sealed, use_of(kind, held.thing))
    valid = {"from": held.valid.first, "to": held.valid.last}
    known: dict[str, datetime | None] = {"from": held.note.at, "to": held.known_to}
    changed = {"by": held.note.who, "why": held.note.why}
    return {**_plain(value), "valid": _plain(valid), "known": _plain(known), "changed": changed}


def _opened(registry: Registry, sealed: bytes, use: str) -> Any:
    """Return what was sealed: data if it is JSON, else its text; None when it was erased."""
    if not sealed:
        return None
    plain = registry.sealer.open(sealed, use)
    return msgspec.json.decode(plain) if plain[:1] == b"{" else plain.decode()


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def sealed_decision(person: int | None) -> str:
    """Return what the document of a decision about a person, or about nobody on record, is sealed for."""
    return f"Decision.{person or 0}"
