"""The same law written for three general rule engines: twelve requirements, duty, treaty exemption, route.

The rules are kept once, as JsonLogic trees, and printed in the languages of zen and CEL. No engine knows
three-valued logic, so every rule has two rails: what makes it surely true and what makes it surely false.
zen and CEL get all rules as one expression compiled once, zen also as a decision graph, which is how its
documentation wants it; JsonLogic has nothing to compile. They return codes, without any findings: 1 met,
0 not met, 2 not known, 3 does not concern the person. The verdict is folded from the codes in Python.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import cel
import json_logic
import zen

Tree: TypeAlias = Any
Rails: TypeAlias = tuple[Tree, Tree]
Limits: TypeAlias = Mapping[str, int]
Codes: TypeAlias = list[int]
Engine: TypeAlias = Callable[[Any], Codes]

REQUIREMENTS = (
    "benefits", "deductible", "exclusions", "insurer", "language", "period",
    "person", "premium", "sum_insured", "term", "territory", "waiting",
)  # fmt: skip
RULES = (*REQUIREMENTS, "duty", "exemption", "entry")
MET, NOT_MET, NOT_KNOWN, NOT_CONCERNED = 1, 0, 2, 3
RECOGNISED, NOT_RECOGNISED, NOT_REQUIRED, UNDETERMINED = 10, 11, 12, 13


def verdict(codes: Codes) -> int:
    """Return the verdict that follows from the codes of all rules, in the order of RULES."""
    duty, exemption = codes[12], codes[13]
    if duty == NOT_MET or exemption == MET:
        return NOT_REQUIRED
    entry, requirements = codes[14], codes[:12]
    fails = entry == NOT_MET or NOT_MET in requirements
    if not fails and entry == MET and NOT_KNOWN not in requirements:
        return RECOGNISED
    return NOT_RECOGNISED if fails and duty == MET and exemption == NOT_MET else UNDETERMINED


def zen_expression(rules: Mapping[str, Rails]) -> Engine:
    """Return zen with one compiled expression for all rules. It takes the record as JSON."""
    program = zen.compile_expression(f"[{', '.join(_zen(_status(name, rules)) for name in RULES)}]")
    evaluate: Engine = program.evaluate
    return evaluate


def zen_graph(rules: Mapping[str, Rails]) -> Engine:
    """Return zen with a decision graph, one named expression per rule, in a static loader. It takes JSON."""
    expressions = [{"id": name, "key": name, "value": _zen(_status(name, rules))} for name in RULES]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "law",
            "name": "law",
            "type": "expressionNode",
            "content": {"passThrough": False, "expressions": expressions},
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [{"id": a + b, "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "law"), ("law", "out"))]
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"law": {"nodes": nodes, "edges": edges}}}})

    def evaluate(record: bytes) -> Codes:
        return list(engine.evaluate("law", record)["result"].values())

    return evaluate


def cel_program(rules: Mapping[str, Rails]) -> Engine:
    """Return CEL with one compiled program for all rules. It takes a `cel.Context` that holds the record."""
    program = cel.compile(f"[{', '.join(_cel(_status(name, rules)) for name in RULES)}]")
    execute: Engine = program.execute
    return execute


def json_logic_rules(rules: Mapping[str, Rails]) -> Engine:
    """Return JsonLogic, one tree per rule. It takes a dict."""
    trees = [_status(name, rules) for name in RULES]
    apply = json_logic.jsonLogic

    def evaluate(record: Mapping[str, object]) -> Codes:
        return [apply(tree, record) for tree in trees]

    return evaluate


def _var(name: str) -> Tree:
    return {"var": name}


def _and(*parts: Tree) -> Tree:
    return {"and": list(parts)}


def _or(*parts: Tree) -> Tree:
    return parts[0] if len(parts) == 1 else {"or": list(parts)}


def _not(part: Tree) -> Tree:
    return {"!": [part]}


def _is(name: str, value: object) -> Tree:
    return {"===": [_var(name), value]}


def _known(*names: str) -> list[Tree]:
    return [{"!==": [_var(name), None]} for name in names]


def _compare(name: str, op: str, other: Tree) -> Tree:
    return {op: [_var(name), other]}


def _in(name: str, *codes: str) -> Tree:
    return {"in": [_var(name), list(codes)]}


def _shares(name: str, *codes: str) -> Tree:
    return _or(*({"in": [code, _var(name)]} for code in codes))


def _number(name: str, op: str, other: str, limit: int) -> Rails:
    """Return the rails of a comparison with a fixed number; `other` is the opposite comparison."""
    return _and(*_known(name), _compare(name, op, limit)), _and(*_known(name), _compare(name, other, limit))


def _of_set(name: str, *codes: str) -> Rails:
    """Return the rails of: the set holds one of the codes."""
    return _and(*_known(name), _shares(name, *codes)), _and(*_known(name), _not(_shares(name, *codes)))


def _of_code(name: str, *codes: str) -> Rails:
    """Return the rails of: the code is one of these."""
    return _in(name, *codes), _and(*_known(name), _not(_in(name, *codes)))


def _flag(name: str) -> Rails:
    return _is(name, True), _is(name, False)  # noqa: FBT003 - values of the flag


def _negated(rails: Rails) -> Rails:
    return rails[1], rails[0]


def _all(*rails: Rails) -> Rails:
    return _and(*(met for met, _ in rails)), _or(*(fails for _, fails in rails))


def _any(*rails: Rails) -> Rails:
    return _or(*(met for met, _ in rails)), _and(*(fails for _, fails in rails))


def _days(left: str, op: str, other: str, right: str, margin: int = 0) -> Rails:
    """Return the rails of a comparison of two days."""
    known = _known(left, right)
    day = {"+": [_var(right), margin]} if margin else _var(right)
    return _and(*known, _compare(left, op, day)), _and(*known, _compare(left, other, day))


def _money(name: str, op: str, other: str, limits: Limits) -> Rails:
    """Return the rails of an amount against the limit in its own currency."""
    known, currency = _known(name), f"{name}_currency"
    met = [_and(_is(currency, code), _compare(name, op, limit)) for code, limit in limits.items()]
    fails = [_and(_is(currency, code), _compare(name, other, limit)) for code, limit in limits.items()]
    return _and(*known, _or(*met)), _and(*known, _or(*fails))


def _line(*benefits: str) -> Rails:
    """Return the rails of: some line pays for one of the benefits on illness."""
    met = _and(_in("benefit", *benefits), *_known("causes"), _shares("causes", "illness"))
    maybe = _and(
        _or(_is("benefit", None), _in("benefit", *benefits)), _or(_is("causes", None), _shares("causes", "illness"))
    )
    known = _known("benefits")
    return _and(*known, {"some": [_var("benefits"), met]}), _and(*known, _not({"some": [_var("benefits"), maybe]}))


def _entry(fits: Rails, lasts: Rails) -> Rails:
    """Return the rails of a route's entry: of contracts that fit, those that have not ended."""
    return _and(fits[0], lasts[0]), _or(fits[1], _and(fits[0], lasts[1]))


def rails(least: Limits, most: Limits) -> dict[str, Rails]:
    """Return the rules; `least` are the minimum sums and `most` the maximum deductibles by currency."""
    return {
        "benefits": _all(_line("emergency"), _line("inpatient", "comprehensive")),
        "deductible": _any(_number("deductible", "<=", ">", 0), _money("deductible", "<=", ">", most)),
        "exclusions": _negated(_of_set("exclusions", "epidemic", "work_injury")),
        "insurer": _of_set("insurer_registers", "polar_list", "guarantee_fund"),
        "language": _all(_flag("translation_certified"), _of_set("document_languages", "en", "ru")),
        "period": _all(
            _days("first_day", "<=", ">", "stay_first"), _days("last_day", ">=", "<", "stay_last", margin=15)
        ),
        "person": _any(
            _of_code("role", "worker", "spouse"),
            _all(_of_code("role", "child", "newborn"), _number("age", "<=", ">", 17)),
        ),
        "premium": _any(_flag("premium_paid"), _number("premium_arrears", "<=", ">", 0)),
        "sum_insured": _all(
            _of_code("sum_insured_per", "person", "year", "event"),
            _any(_flag("sum_unlimited"), _money("sum_insured", ">=", "<", least)),
        ),
        "term": _number("term_days", ">=", "<", 90),
        "territory": _all(_of_set("territory", "AQ", "WORLD"), _negated(_of_set("territory_except", "AQ", "WORLD"))),
        "waiting": _number("waiting_days", "<=", ">", 10),
        "duty": _all(
            _negated(_of_code("residence_status", "permanent_residence")), _negated(_of_set("citizenship", "AQ"))
        ),
        "exemption": _all(_of_code("purpose", "business", "transit"), _of_set("citizenship", "KG", "KZ")),
        "entry": _entry(_of_code("contract_kind", "voluntary", "travel"), _days("last_day", ">=", "<", "as_of")),
    }


def _status(name: str, rules: Mapping[str, Rails]) -> Tree:
    met, fails = rules[name]
    if name == "deductible":  # asked only of those who come to work
        other, work = _and(*_known("purpose"), _not(_is("purpose", "work"))), _is("purpose", "work")
        return {"if": [other, NOT_CONCERNED, met, MET, _and(work, fails), NOT_MET, NOT_KNOWN]}
    return {"if": [met, MET, fails, NOT_MET, NOT_KNOWN]}


def _zen(tree: Tree) -> str:
    return _text(tree, {"and": " and ", "or": " or ", "!": "not ", "some": "some({}, {})", "item": "#."})


def _cel(tree: Tree) -> str:
    return _text(tree, {"and": " && ", "or": " || ", "!": "!", "some": "{}.exists(line, {})", "item": "line."})


def _text(tree: Tree, words: Mapping[str, str], item: str = "") -> str:
    """Return a tree in the syntax that zen and CEL share, with the words in which they differ."""
    if not isinstance(tree, dict):
        return json.dumps(tree).replace('"', "'")
    op, value = next(iter(tree.items()))
    if op == "var":
        return f"{item}{value}"
    if op == "some":
        return words["some"].format(_text(value[0], words), _text(value[1], words, words["item"]))
    parts = [_text(part, words, item) for part in value]
    if op == "if":
        return (
            " ".join(f"{when} ? {code} :" for when, code in zip(parts[:-1:2], parts[1::2], strict=True))
            + f" {parts[-1]}"
        )
    if op in ("and", "or"):
        return f"({words[op].join(parts)})"
    if op == "!":
        return f"{words[op]}({parts[0]})"
    sign = {"===": "==", "!==": "!="}.get(op, op)
    return f"({parts[0]} {sign} {parts[1]})"
