"""Is a resource R4? Asked of HL7's own definitions of 4.0.1, as tools/fhir_definitions.py wrote them down; none of our code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

R4: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "fhir" / "r4.json").read_bytes())
_INLINE = {"BackboneElement", "Element"}
_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_TEXTS = {  # primitive types that are texts in JSON, by the expressions of the specification
    "string": r"[ \r\n\t\S]+",
    "markdown": r"[ \r\n\t\S]+",
    "uri": r"\S+",
    "url": r"\S+",
    "canonical": r"\S+",
    "@": r"\S[\s\S]*",
    "xhtml": r"[\s\S]+",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "code": r"[^\s]+(\s[^\s]+)*",
    "date": _DATE,
    "dateTime": f"{_DATE}({_TIME})?",
    "instant": rf"\d{{4}}-\d{{2}}-\d{{2}}{_TIME}",
    "base64Binary": r"[A-Za-z0-9+/=\s]+",
}
_NUMBERS = {"integer": None, "unsignedInt": 0, "positiveInt": 1}


def r4_errors(resource: Any, where: str = "") -> list[str]:
    """Return what is not R4 in a resource: plain JSON values, amounts as numbers."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if kind not in R4:
        return [f"{where or 'resource'}: {kind} is no type that is looked at"]
    return list(
        _inside(kind, kind, {key: one for key, one in resource.items() if key != "resourceType"}, where or kind)
    )


def _inside(kind: str, path: str, value: dict[str, Any], where: str) -> Iterator[str]:
    children = {one: told for one, told in R4[kind].items() if one.rpartition(".")[0] == path}
    seen = set[str]()
    for key, one in value.items():
        found = _element(children, path, key.removeprefix("_"))
        if found is None:
            yield f"{where}.{key}: not an element"
            continue
        name, types = found
        if name.endswith("[x]") and name in seen and not key.startswith("_"):
            yield f"{where}.{key}: a second choice"
        seen.add(name)
        yield from _values(kind, name, types, one, f"{where}.{key}", beside=key.startswith("_"))
    yield from (f"{where}: no {name}" for name, told in children.items() if told["min"] > 0 and name not in seen)
    if kind == "Extension" and path == kind and ("extension" in value) == any(key.startswith("value") for key in value):
        yield f"{where}: either a value or extensions"


def _element(children: dict[str, Any], path: str, key: str) -> tuple[str, list[str]] | None:
    if f"{path}.{key}" in children:
        return f"{path}.{key}", children[f"{path}.{key}"]["types"]
    for name, told in children.items():
        base = name.rpartition(".")[2].removesuffix("[x]")
        if name.endswith("[x]") and key.startswith(base):
            types = [one for one in told["types"] if key == base + one[:1].upper() + one[1:]]
            if types:
                return name, types
    return None


def _values(kind: str, name: str, types: list[str], value: Any, where: str, *, beside: bool) -> Iterator[str]:
    told = R4[kind][name]
    many = told["max"] == "*"
    if many is not isinstance(value, list) or value in ("", [], {}, None):
        yield f"{where}: {'a list' if many else 'one value'} that is not empty"
        return
    for index, one in enumerate(value if many else [value]):
        at = f"{where}[{index}]" if many else where
        if beside:
            yield from _inside("Element", "Element", one, at)
        elif "same" in told:
            yield from _inside(kind, told["same"], one, at)
        else:
            yield from _value(kind, name, types, one, at)


def _value(kind: str, name: str, types: list[str], value: Any, where: str) -> Iterator[str]:
    (expected,) = types if len(types) == 1 else (types[0],)
    codes = R4[kind][name].get("codes")
    if codes is not None and value not in codes:
        yield f"{where}: {value} is none of {codes}"
    if expected in ("Resource", "DomainResource"):
        yield from r4_errors(value, where)
    elif expected in _INLINE:
        yield from _inside(kind, name, value, where) if isinstance(value, dict) else [f"{where}: an object"]
    elif expected[:1].isupper():
        yield from _inside(expected, expected, value, where) if isinstance(value, dict) else [f"{where}: an object"]
    elif not _is_primitive(expected, value):
        yield f"{where}: {value!r} is no {expected}"


def _is_primitive(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "decimal":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind in _NUMBERS:
        least = _NUMBERS[kind]
        return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
    return isinstance(value, str) and re.fullmatch(_TEXTS[kind], value) is not None
