"""The fields of a form for a requirement: one for each parameter of its kind, by the parameter's type.

What was filled in becomes a tree as a law file has it; the strict loader of the law judges it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from polisbridge.core.checks import KINDS, Check
from polisbridge.core.law import LawBook
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.words import Words

PREFIX = "with-"
_CURRENCIES = ("RUB", "BYN", "KZT", "UZS", "KGS", "TJS", "AMD", "EUR", "USD")
_LANGUAGES = ("ru", "uz", "tg", "ky", "kk", "hy", "be", "en")
_GROUPS: Mapping[str, str] = {
    "benefit": "benefits",
    "benefits": "benefits",
    "setting": "settings",
    "cause": "causes",
    "per": "count_periods",
    "roles": "@role",
    "currency": "@currency",
    "document_language.any_of": "@language",
    "hotline.any_of": "@language",
    "registered_in.any_of": "contract_registers",
    "territory_includes.any_of": "@territory",
}


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its value, and what it is called. `group` is for lists in groups."""

    value: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class ParameterField:
    """One field: `kind` is number, amount, flag, choice, ticks or codes (written, with commas)."""

    name: str
    parameter: str
    kind: str
    label: str
    hint: str
    needed: bool
    options: tuple[Option, ...] = ()
    default: str = ""


def kinds(words: Words) -> list[Option]:
    """Return the requirement kinds to choose from, in groups by what they are about."""
    found = [Option(name, words(f"kind.{name}"), words(f"family.{kind.family.value}")) for name, kind in KINDS.items()]
    return sorted(found, key=lambda one: (one.group, one.name))


def parameter_fields(check: str, book: LawBook, words: Words) -> list[ParameterField]:
    """Return the fields of a requirement kind, in the order of its parameters."""
    kind = KINDS[check]
    hints = get_type_hints(kind)
    return [_field(kind, one.name, hints[one.name], one.default, book, words) for one in fields(kind)]


def _field(kind: type[Check], name: str, hint: Any, default: object, book: LawBook, words: Words) -> ParameterField:
    group = _group(kind, name)
    how, options = _kind_and_options(hint, name, group, book, words)
    hint_key = f"web.authority.hint.{how}"
    return ParameterField(
        PREFIX + name,
        name,
        how,
        words(f"web.authority.param.{name}"),
        words(hint_key) if words.has(hint_key) else "",
        default is MISSING and how != "flag",
        tuple(options),
        ""
        if default is MISSING or default is None or default == ()
        else str(getattr(default, "value", default)).lower(),
    )


def _kind_and_options(hint: Any, name: str, group: str, book: LawBook, words: Words) -> tuple[str, list[Option]]:
    inner = (
        next((one for one in get_args(hint) if one is not type(None)), hint) if isinstance(hint, UnionType) else hint
    )
    if inner is bool:
        return "flag", []
    if inner is int:
        return "number", []
    if inner is Decimal:
        return ("percent" if name == "percent" else "amount"), []
    if get_origin(inner) is Literal:
        return "choice", [Option(one, words(f"web.authority.choice.{one}")) for one in get_args(inner)]
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return "choice", [Option(str(one.value), _enum_word(name, str(one.value), words)) for one in inner]
    options = list(_options(group, book, words))
    if get_origin(inner) is tuple:
        return ("ticks" if options else "codes"), options
    return ("choice" if options else "text"), options


def _enum_word(name: str, value: str, words: Words) -> str:
    return words(f"scope.{value}" if name == "per" else f"web.authority.choice.{value}")


def _group(kind: type[Check], name: str) -> str:
    found = _GROUPS.get(f"{kind.name}.{name}") or _GROUPS.get(name)
    return found or FIELD_GROUPS.get(str(getattr(kind, "field", "")), "")


def _options(group: str, book: LawBook, words: Words) -> Iterator[Option]:
    match group:
        case "@currency":
            yield from (Option(one, one) for one in _CURRENCIES)
        case "@language":
            yield from (Option(one, words.code("document_languages", one, book)) for one in _LANGUAGES)
        case "@role":
            yield from (
                Option(one, words(f"role.{one}")) for one in ("worker", "spouse", "child", "newborn", "parent", "other")
            )
        case "@state" | "@citizenship" | "@territory":
            if group == "@territory":
                yield Option("WORLD", words("code.WORLD"))
                yield from (Option(one, words.term("zones", term)) for one, term in book.vocabulary["zones"].items())
            yield from sorted((Option(one, words.state(one)) for one in book.states()), key=lambda one: one.name)
        case _:
            found = (Option(one, words.term(group, term)) for one, term in book.vocabulary.get(group, {}).items())
            yield from sorted(found, key=lambda one: one.name)


def parameters_of(check: str, values: Mapping[str, str], book: LawBook, words: Words) -> dict[str, Any]:
    """Return what was filled in, as the `with` of a law file has it; what was left empty is left out."""
    tree: dict[str, Any] = {}
    for one in parameter_fields(check, book, words):
        if one.kind == "flag":
            found: Any = "true" if values.get(one.name) else ""
        elif one.kind == "ticks":
            found = [option.value for option in one.options if values.get(f"{one.name}-{option.value}")]
            found += _codes(values.get(f"{one.name}-more", ""))
        elif one.kind == "codes":
            found = _codes(values.get(one.name, ""))
        else:
            found = values.get(one.name, "").strip()
            found = (
                found.replace(" ", "").replace("\u00a0", "").replace(",", ".")
                if one.kind in ("amount", "percent")
                else found
            )
        if found:
            tree[one.parameter] = found
    return tree


def values_of(check: str, tree: Mapping[str, Any], book: LawBook, words: Words) -> dict[str, str]:
    """Return what the fields show of parameters that a law file has."""
    values: dict[str, str] = {}
    for one in parameter_fields(check, book, words):
        held = tree.get(one.parameter, one.default)
        if one.kind == "ticks":
            chosen = [held] if isinstance(held, str) and held else list(held)
            known = {option.value for option in one.options}
            values |= {f"{one.name}-{code}": "yes" for code in chosen if code in known}
            values[f"{one.name}-more"] = ", ".join(code for code in chosen if code not in known)
        elif one.kind == "flag":
            values[one.name] = "yes" if held == "true" else ""
        else:
            values[one.name] = ", ".join(held) if isinstance(held, list) else str(held)
    return values


def _codes(written: str) -> list[str]:
    return [one.strip() for one in written.split(",") if one.strip()]
