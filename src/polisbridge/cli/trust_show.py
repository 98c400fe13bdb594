"""Trust data in words and as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from polisbridge.cli.desk import Desk
from polisbridge.core.status import ListName
from polisbridge.core.trust import InsurerKey, LawFiles, StateTrust, TrustView
from polisbridge.formats.decisionfile import to_text
from polisbridge.services.statuskit import ListSync
from polisbridge.services.trust.publish import Published
from polisbridge.services.trust.sign import Draft

_MINUTE = "%Y-%m-%d %H:%M UTC"


class TrustShower:
    """Prints trust data for a person."""

    def __init__(self, desk: Desk) -> None:
        self.out, self.words = desk.out, desk.words

    def draft(self, name: str, draft: Draft) -> None:
        """Say what is about to be signed."""
        head = {"kind": draft.kind, "version": draft.version, "expires": draft.expires.strftime(_MINUTE)}
        self._line("trust.draft", name=name, signatures=draft.signatures, **head)
        for path, digest in draft.paths:
            self.out.print(f"    {path}  sha256 {digest}…", markup=False)
        for role, threshold, key_ids in draft.roles:
            self.out.print(f"    {role}  {threshold}/{len(key_ids)}", markup=False)
            for key_id in key_ids:
                self.out.print(f"        {key_id}", style="dim", markup=False)

    def published(self, report: Published, *, json: bool) -> None:
        """Say what became public and what waits."""
        if json:
            waiting = {role: {"have": by.have, "need": by.need} for role, by in report.waiting.items()}
            made: dict[str, Any] = {"roles": report.roles, "timestamp": report.timestamp, "waiting": waiting}
            made["ending"] = {role: expires.isoformat() for role, expires in report.ending.items()}
            print(to_text({**made, "expires": report.expires.isoformat() if report.expires else ""}), end="")
            return
        for role in report.roles:
            self._line("trust.published", role=role)
        for role, by in report.waiting.items():
            self._line("trust.waiting", role=role, have=by.have, need=by.need)
        for role, expires in report.ending.items():
            self._line("trust.ending", role=role, expires=expires.strftime(_MINUTE))
        if report.expires:
            self._line("trust.timestamp", version=report.timestamp, expires=report.expires.strftime(_MINUTE))

    def status_lists(self, lists: Mapping[ListName, ListSync]) -> None:
        """Say what became of the status lists."""
        for name, became in lists.items():
            self._line(f"list_sync.{became.value}", state=name.state, number=name.number)

    def view(self, view: TrustView, now: datetime, removed: Mapping[str, tuple[str, ...]]) -> None:
        """Say what a kit holds."""
        found = view.freshness(now)
        hours = max(0, int(found.age.total_seconds() // 3600))
        self._line(f"trust.state.{found.state.value}", hours=hours, signed=view.signed.strftime(_MINUTE))
        for reason in found.reasons:
            self.out.print(f"    {self.words(f'trust.reason.{reason.value}')}", markup=False)
        for state, reason in sorted(view.faults.items()):
            self._line("trust.state_left_out", state=state, why=self.words(f"trust.reason.{reason.value}"))
        for state, trust in sorted(view.states.items()):
            self._state(state, trust)
        for state, keys in removed.items():
            for key_id in keys:
                self._line("trust.newly_removed", state=state, key_id=key_id)

    def _state(self, state: str, trust: StateTrust) -> None:
        law = trust.law.version if trust.law else 0
        counts = {"version": trust.version, "law": law, "lists": len(trust.status), "rates": len(trust.rates)}
        self._line(
            "trust.state_holds", state=self.words.state(state), expires=trust.expires.strftime(_MINUTE), **counts
        )
        for key in trust.keys.values():
            word = "trust.key.removed" if key.removed else "trust.key"
            days = {"first": key.valid_from, "use": key.use_until, "last": key.valid_to}
            self._line(word, key_id=key.key_id.hex(), insurer=key.insurer, name=key.name, **days)

    def _line(self, key: str, **values: object) -> None:
        self.out.print(self.words(key, **values), markup=False)


def view_json(view: TrustView, now: datetime) -> dict[str, Any]:
    """Return what a kit holds as plain JSON values."""
    found = view.freshness(now)
    return {
        "freshness": found.state.value,
        "reasons": [reason.value for reason in found.reasons],
        "age_seconds": int(found.age.total_seconds()),
        "synced": view.synced.isoformat(),
        "signed": view.signed.isoformat(),
        "expires": view.expires.isoformat(),
        "newest_signed": view.newest_signed.isoformat(),
        "common_law": _law_json(view.common),
        "states": {state: _state_json(trust) for state, trust in view.states.items()},
        "left_out": {state: reason.value for state, reason in view.faults.items()},
    }


def _state_json(trust: StateTrust) -> dict[str, Any]:
    return {
        "version": trust.version,
        "expires": trust.expires.isoformat(),
        "keys": [_key_json(key) for key in trust.keys.values()],
        "status_lists": [{"number": one.number, "location": one.location} for one in trust.status.values()],
        "rates": len(trust.rates),
        "assistance": [{"name": one.name, "phones": list(one.phones)} for one in trust.assistance],
        "law": _law_json(trust.law),
    }


def _key_json(key: InsurerKey) -> dict[str, Any]:
    return {
        "id": key.key_id.hex(),
        "insurer": key.insurer,
        "licence": key.licence,
        "valid_from": key.valid_from.isoformat(),
        "use_until": key.use_until.isoformat(),
        "valid_to": key.valid_to.isoformat(),
        "removed": key.removed,
    }


def _law_json(law: LawFiles | None) -> dict[str, Any]:
    return {"version": law.version, "hash": law.hash, "files": len(law.files)} if law else {}
