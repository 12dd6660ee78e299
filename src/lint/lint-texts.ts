import { reportIf } from "./report-if.js";
import { getTypeFields } from "../providers/model/field-specs.js";
import { trim } from "../utils/trim.js";
import { type LintRule, readText } from "./lint-rule.js";

/** Placeholders for a value that is not known yet. */
const placeholder =
  /^(?:(?:change|replace)[-_ ]?me|todo|tbd|fixme|placeholder|x{4,}|(?:your|insert|enter)[-_ ].*)$/i;

/** The fields whose value the provider issues. */
const issuedFields: ReadonlySet<string> = new Set([
  "bindPassword",
  "clientId",
  "clientSecret",
  "keyId",
  "teamId",
]);

/** Checks texts for white space around them and for placeholders. Messages never repeat a text, because it may be a secret. */
export const lintTexts: LintRule = ({ type, values }) =>
  Object.entries(getTypeFields(type)).flatMap(([name, { kind, secret }]) => {
    const text = kind === "text" ? readText(values, name) : "";
    return [
      ...reportIf(!secret && trim(text) !== text, {
        severity: "note",
        check: "text/blanks-at-ends",
        path: [name],
        message: "the value begins or ends with white space, most likely by mistake",
        fix: `remove the white space from ${name}`,
      }),
      ...reportIf(issuedFields.has(name) && placeholder.test(trim(text)), {
        severity: "broken",
        check: "text/placeholder",
        path: [name],
        message: "the value is a placeholder",
        fix: `replace ${name} with the value that the provider issued`,
        change: { field: name },
      }),
    ];
  });
