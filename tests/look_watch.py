"""A node's seals watched: whose data were opened while something happened, and who was recorded to be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.database.tables import ACCESS, CERTIFICATE, ENROLMENT, VISIT

PERSONAL = {"Enrolment": ENROLMENT, "RegisteredCertificate": CERTIFICATE, "Visit": VISIT}


class Watched(KeyRing):
    """Keys that remember what was opened."""

    opened: set[str]

    def open(self, sealed: bytes, use: str) -> bytes:
        self.opened.add(use)
        return super().open(sealed, use)


def watched() -> Watched:
    """Return the keys of tests, watched."""
    ring = Watched({"seal-1.key": bytes(range(32))}, bytes(32))
    ring.opened = set()
    return ring


def whose(engine: Engine, use: str) -> int | None:
    """Return whose data a sealed field holds; None for what is nobody's of the registry."""
    kind, _, number = use.partition(".")
    if kind == "RegisteredPerson":
        return int(number)
    if kind not in PERSONAL:
        return None
    table = PERSONAL[kind]
    with engine.connect() as connection:
        return int(connection.execute(select(table.c.person).where(table.c.id == int(number)).limit(1)).scalar_one())


@contextmanager
def recorded(engine: Engine, ring: Watched) -> Iterator[list[set[int]]]:
    """Give a list that afterwards holds whose data were opened, and who was recorded to be looked at."""
    found = list[set[int]]()
    with engine.connect() as connection:
        last = connection.execute(select(func.coalesce(func.max(ACCESS.c.id), 0))).scalar_one()
    ring.opened.clear()
    yield found
    found.append({one for one in (whose(engine, use) for use in set(ring.opened)) if one is not None})
    with engine.connect() as connection:
        found.append(set(connection.execute(select(ACCESS.c.person).where(ACCESS.c.id > last)).scalars()))
