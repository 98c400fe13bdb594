"""Write the vectors of certificates below vectors/certificate/, one file each. `--check` only compares.

Valid vectors are samples turned into certificates with a fixed key. Each invalid vector has one thing wrong; how
it is made stands in `certificate_faults`. Compressed bytes are those of zlib itself: another compressor may
make other bytes, which are as good.
"""

import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from certificate_faults import faults
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from polisbridge.adapters.folder import read_file, read_folder
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.days import day_number
from polisbridge.core.facts import ABSENT, BenefitLine, Facts
from polisbridge.formats import base45
from polisbridge.formats.certificate import PREFIX, decode, encode
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.factsfile import write_facts
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import MAX_BYTES, read_tree

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "vectors" / "certificate"
SCALAR = 20261122  # known to everybody: it signs nothing but vectors
SIGNER = SoftwareSigner(derive_private_key(SCALAR, SECP256R1()))
ISSUED = datetime(2026, 1, 1, tzinfo=UTC)
EXPIRES = datetime(2027, 4, 1, tzinfo=UTC)
WORKER = Holder("RAHIMOV<<BAHODIR", "Раҳимов Баҳодир", "4567")


@dataclass(frozen=True, slots=True)
class Case:
    """One valid vector: its name, what it shows, the sample it is made of and the certificate to be written."""

    name: str
    shows: str
    sample: str
    certificate: Certificate


def main() -> int:
    """Write or check all vector files."""
    made = files()
    if "--check" in sys.argv:
        stale = [path for path, text in made.items() if not path.is_file() or path.read_bytes() != text.encode()]
        stale += sorted(set(FOLDER.rglob("*.json")) - set(made))
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run `tools/certificate_vectors.py`", file=sys.stderr)
        return 1 if stale else 0
    for old in FOLDER.rglob("*.json"):
        old.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    print(f"{len(made)} files written")
    return 0


def files() -> dict[Path, str]:
    """Return every vector file with its text."""
    key = {
        "algorithm": SIGNER.algorithm.value,
        "key_id": SIGNER.key_id.hex(),
        "note": "A key for vectors only: everybody knows its private number.",
        "private_number": SCALAR,
        "public_key": SIGNER.public_key.hex(),
    }
    found = {FOLDER / "key.json": _json(key)}
    for case in cases():
        found[FOLDER / "valid" / f"{case.name}.json"] = _json(_valid(case))
    for fault in faults(SIGNER):
        wrong = {"fault": fault.fault.value, "text": fault.text, "wrong": fault.wrong}
        found[FOLDER / "invalid" / f"{fault.fault.value}.{fault.name}.json"] = _json(wrong)
    return found


def cases() -> Iterator[Case]:
    """Yield the valid vectors."""
    yield Case("smallest", "Only what every certificate has; nothing is told of the contract.", "", _smallest())
    yield Case("every_form", "Every form of amount, set and word; longer than aimed at.", "", _every_form())
    home = "uzbek_home_contract"
    yield Case("twelve_lines", "A worker's contract with twelve benefit lines.", "", _twelve_lines(home))
    yield _sample("worker_without_family", "The other persons were left out.", home, "worker", WORKER)
    yield _sample(
        "child_without_family",
        "All was left out that can be; what is known of the worker became the child's own facts.",
        home,
        "child",
        Holder("RAHIMOVA<<MALIKA", "Раҳимова Малика", "8901"),
    )
    yield _sample(
        "spouse_with_family",
        "The other persons are told; the holder is the second of four.",
        "family_in_russia",
        "spouse",
        Holder("OSMONOVA<<GULNARA", "", "2345"),
    )
    yield _sample(
        "worker_of_a_group",
        "Two workers of two states on one policy; amounts in a currency other than that of the state.",
        "belarus_group_policy_usd",
        "citizen_of_uzbekistan",
        Holder("KARIMOV<<ALISHER", "", "6789"),
    )
    yield _sample(
        "original_name_left_out",
        "The name in its own script did not fit.",
        "schengen_policy_singapore",
        "worker",
        Holder("KIM<<VIKTORIYA<ALEKSANDROVNA", "Ким Виктория Александровна", "0123"),
    )


def sample(name: str) -> Contract:
    """Return the contract of a sample."""
    path = ROOT / "samples" / f"{name}.contract.yaml"
    vocabulary = read_law(read_folder(ROOT / "law")).vocabulary
    return read_contract(read_tree(read_file(path, MAX_BYTES), path.name), vocabulary)


def expected(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate as plain JSON values; what is not known is left out."""
    contract, holder = certificate.contract, certificate.holder
    return {
        "assistance_phone": certificate.assistance_phone,
        "contract": {
            "all_told": contract.all_told,
            "benefits": None if contract.benefits is None else [write_facts(line) for line in contract.benefits],
            "facts": write_facts(Facts(**contract.facts)),  # type: ignore[arg-type]
            "insured": [_insured(one) for one in contract.insured],
            "number": contract.number,
            **_period(contract.period),
        },
        "expires": certificate.expires.isoformat(),
        "holder": {
            "document_tail": holder.document_tail,
            "name": holder.name,
            "original_name": holder.original_name,
        },
        "insurer_name": certificate.insurer_name,
        "issued": certificate.issued.isoformat(),
        "issuer_state": certificate.issuer_state,
        "key_id": certificate.key_id.hex(),
        "omitted": [one.value for one in certificate.omitted],
        "person": certificate.person,
        "status": {"index": certificate.status.index, "list": certificate.status.number},
    }


def _insured(person: Insured) -> dict[str, Any]:
    told = {
        "born": None if person.born is None else person.born.isoformat(),
        "citizenship": None if person.citizenship is None else sorted(person.citizenship),
    }
    return {
        "facts": write_facts(Facts(**person.facts)),  # type: ignore[arg-type]
        "id": person.id,
        "role": person.role.value,
        **{name: value for name, value in told.items() if value is not None},
        **_period(person.period),
    }


def _period(period: Period) -> dict[str, str]:
    days = {"from": period.first, "to": period.last}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _valid(case: Case) -> dict[str, Any]:
    text, written = encode(case.certificate, SIGNER)
    message = zlib.decompress(base45.decode(text.removeprefix(PREFIX)))
    return {
        "characters": len(text),
        "claims": decode(text).envelope.payload.hex(),
        "cose": message.hex(),
        "expect": expected(written),
        "sample": case.sample,
        "shows": case.shows,
        "text": text,
    }


def _sample(name: str, shows: str, file: str, person: str, holder: Holder) -> Case:
    contract = sample(file)
    state = str(contract.facts["insurer_state"])
    certificate = _certificate(contract, person, state, holder)
    return Case(name, shows, f"samples/{file}.contract.yaml", certificate)


def _certificate(contract: Contract, person: str, state: str, holder: Holder) -> Certificate:
    return Certificate(
        issuer_state=state,
        key_id=SIGNER.key_id,
        issued=ISSUED,
        expires=EXPIRES,
        status=StatusReference(3, 712345),
        holder=holder,
        contract=contract,
        person=person,
        insurer_name="Insurance company (sample)",
        assistance_phone="+998712000000",
    )


def _smallest() -> Certificate:
    contract = Contract("P-1", Period(), (Insured("worker", Role.WORKER),))
    full = _certificate(contract, "worker", "UZ", Holder("RAHIMOV<<BAHODIR"))
    return replace(full, insurer_name="", assistance_phone="")


def _twelve_lines(name: str) -> Certificate:
    """Return the sample with limits and four more lines, insuring its worker alone."""
    full = sample(name)
    more = ("outpatient_specialist", "diagnostics", "dental_emergency", "medicines")
    lines = [*(full.benefits or ()), *map(BenefitLine, more)]
    limit = BenefitLine(limit=5_000_000, limit_currency="RUB", limit_per="person", unlimited=False)
    benefits = tuple(replace(limit, benefit=line.benefit) if at < 4 else line for at, line in enumerate(lines))  # noqa: PLR2004 - the first four
    contract = replace(full, number="SAMPLE-UZ-0012", insured=full.insured[:1], benefits=benefits)
    return _certificate(contract, "worker", "UZ", WORKER)


def _every_form() -> Certificate:
    person = Insured("a", Role.WORKER, "", date(1988, 7, 21), frozenset({"UZ"}), Period(), {"worker_class": "employee"})
    period = Period(date(2026, 4, 1), date(2027, 3, 31))
    contract = Contract("SAMPLE-FORMS", period, (person,), _lines(), _facts())
    return _certificate(contract, "a", "UZ", replace(WORKER, original_name=""))


def _lines() -> tuple[BenefitLine, ...]:
    roubles = "RUB"
    return (
        BenefitLine("outpatient", limit=10_000_000, limit_currency=roubles, limit_per="person", unlimited=False),
        BenefitLine("inpatient", copay_percent=1050, copay_cap=500_050, copay_cap_currency=roubles),
        BenefitLine("specialised_care", waiting_days=30, preauthorisation=True),
        BenefitLine("emergency_care", settings=frozenset({"inpatient", "outpatient"}), unlimited=True, limit=ABSENT),
        BenefitLine("ambulance", count=2, count_per="year"),
        BenefitLine("urgent_medicines", deductible=100, deductible_currency="KRW"),
        BenefitLine("medical_repatriation", territory=frozenset({"WORLD"})),
        BenefitLine("repatriation_of_remains", limit=1_000_000, limit_currency="USD", limit_per="event"),
        BenefitLine("dental_emergency", causes=frozenset({"accident"}), waiting_days=ABSENT),
        BenefitLine("diagnostics", direct_settlement=True),
        BenefitLine("childbirth", waiting_days=270),
        BenefitLine("spa_treatment"),
    )


def _facts() -> dict[str, object]:
    return {
        "contract_kind": "voluntary",
        "concluded": day_number(date(2026, 3, 20)),
        "home_state": "UZ",
        "insurer_state": "UZ",
        "territory": frozenset({"KZ", "RU"}),
        "territory_except": frozenset[str](),
        "sum_insured": 50_000_000,
        "sum_insured_currency": "RUB",
        "sum_insured_per": "person",
        "sum_unlimited": False,
        "deductible": ABSENT,
        "premium": 1_234_567,
        "premium_currency": "UZS",
        "exclusions": frozenset({"intoxication", "war"}),
        "document_features": frozenset({"hologram", "seal"}),
        "hotline_hours": "24_7",
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
