"""Write tests/data/fhir/r4.json: what HL7's own StructureDefinitions of FHIR R4 (4.0.1) say of the resources used here.

The definitions come with the npm package hl7.fhir.r4.examples (CC0), too large for every test run:
    npm pack hl7.fhir.r4.examples@4.0.1 && tar xzf hl7.fhir.r4.examples-4.0.1.tgz && python tools/fhir_definitions.py package
"""

import json
import sys
from pathlib import Path
from typing import Any

from polisbridge.formats.fhir.checking import KINDS

OUT = Path(__file__).parents[1] / "tests" / "data" / "fhir" / "r4.json"
_PRIMITIVE = "http://hl7.org/fhirpath/"
_TOLD = {"StructureDefinition", "CodeSystem"}  # go out, and do not come in


def main(package: Path) -> None:
    """Write the digest: by type its elements, each with cardinality, types and the codes of a required binding."""
    found, wanted = dict[str, Any](), sorted(KINDS | _TOLD)
    while wanted:
        kind = wanted.pop()
        if kind not in found and (package / f"StructureDefinition-{kind}.json").is_file():
            found[kind] = elements(package, kind)
            wanted += [code for one in found[kind].values() for code in one["types"] if code[:1].isupper()]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    sys.stdout.write(f"{len(found)} types, {sum(map(len, found.values()))} elements\n")


def elements(package: Path, kind: str) -> dict[str, Any]:
    """Return the elements of a type by path."""
    told = json.loads((package / f"StructureDefinition-{kind}.json").read_bytes())
    if told["version"] != "4.0.1" or told["kind"] == "primitive-type":
        return {}
    return {one["path"]: element(package, one) for one in told["snapshot"]["element"][1:]}


def element(package: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Return one element."""
    types = ["@" if one["code"].startswith(_PRIMITIVE) else one["code"] for one in told.get("type", [])]
    codes = required_codes(package, told.get("binding", {})) if types == ["code"] else []
    same = {"same": told["contentReference"].removeprefix("#")} if "contentReference" in told else {}
    return {"min": told["min"], "max": told["max"], "types": types, **same, **({"codes": codes} if codes else {})}


def required_codes(package: Path, binding: dict[str, Any]) -> list[str]:
    """Return the codes of a required binding, where its value set names whole code systems or codes."""
    if binding.get("strength") != "required":
        return []
    name = binding["valueSet"].partition("|")[0].rpartition("/")[2]
    file = package / f"ValueSet-{name}.json"
    include = json.loads(file.read_bytes()).get("compose", {}).get("include", []) if file.is_file() else []
    codes = list[str]()
    for one in include:
        codes += [concept["code"] for concept in one.get("concept", ())] or system_codes(package, one.get("system", ""))
    return sorted(codes)


def system_codes(package: Path, system: str) -> list[str]:
    """Return all codes of a code system of the package."""
    file = package / f"CodeSystem-{system.rpartition('/')[2]}.json"
    told = json.loads(file.read_bytes()).get("concept", []) if file.is_file() else []
    found, wanted = list[str](), list(told)
    while wanted:
        one = wanted.pop()
        found.append(one["code"])
        wanted += one.get("concept", ())
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
