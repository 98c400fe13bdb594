"""Second factors are sealed: a new key of the node seals them anew, and the old one can be put away."""

from dataclasses import replace

from people_builder import NOON, PASSWORD, code, opened, people
from sqlalchemy import Engine

from polisbridge.adapters.database.reseal import reseal
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.sessions import sign_in


def test_a_second_factor_outlives_a_new_sealing_key(engine: Engine) -> None:
    found = people(engine)
    _, factor = opened(found, "resealed", ActorRole.AUDITOR)
    newer = KeyRing({"seal-1.key": bytes(range(32)), "seal-2.key": bytes(range(1, 33))}, bytes(32))
    reseal(engine, newer, lambda _done, _total: None)
    alone = KeyRing({"seal-2.key": bytes(range(1, 33))}, bytes(32))

    assert sign_in(replace(found, sealer=alone), "resealed", PASSWORD, code(factor, NOON), NOON) is not None
