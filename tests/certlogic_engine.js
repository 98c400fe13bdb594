// Answers for tests/certlogic_engine.py, by certlogic-js. One line of JSON in, one line out.
//
// In:  {"rules": [expression, ...], "payloads": [payload, ...]}   each rule is evaluated on each payload
// Out: {"faults": [...], "reads": [[path, ...], ...], "answers": ["101!", ...], "errors": [...]}
//      faults: what `validateFormat` finds wrong with the rules; reads: the paths that each rule looks up;
//      answers: per payload one character per rule: 1 true, 0 false, ! anything else or an error
const readline = require("node:readline");
const { evaluate, specificationVersion } = require("certlogic-js");
const { dataAccesses, validateFormat } = require("certlogic-js/dist/validation");

function answer(rule, payload, errors) {
  try {
    const found = evaluate(rule, payload);
    if (found === true) return "1";
    if (found === false) return "0";
    errors.push(`gives ${JSON.stringify(found)}`);
  } catch (error) {
    errors.push(error.message);
  }
  return "!";
}

function reply({ rules, payloads }) {
  const errors = [];
  return {
    version: specificationVersion,
    faults: rules.flatMap(validateFormat).map((one) => one.message),
    reads: rules.map(dataAccesses),
    answers: payloads.map((payload) => rules.map((rule) => answer(rule, payload, errors)).join("")),
    errors: errors.slice(0, 10),
  };
}

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(reply(JSON.parse(line))) + "\n"));
