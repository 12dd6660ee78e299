import type { Diagnosis, Finding, Severity } from "../../doctor/index.js";
import { describeActionProvider, describeOwner } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";

const colours: Readonly<Record<Severity, number>> = {
  broken: 31,
  risk: 33,
  expires: 33,
  unchecked: 35,
  note: 2,
};

/** The singular and plural words for the counts of findings, in the order of the summary. */
const counted: readonly (readonly [Severity, string, string])[] = [
  ["broken", "broken", "broken"],
  ["risk", "risk", "risks"],
  ["expires", "expiry", "expiries"],
  ["unchecked", "unchecked", "unchecked"],
  ["note", "note", "notes"],
];

/** Formats findings for people, by owner and provider, with a summary of all findings of the diagnosis at the end. */
export function formatFindings(
  diagnosis: Diagnosis,
  findings: readonly Finding[],
  { colour }: { readonly colour: boolean },
): string {
  const paint = (code: number, text: string): string =>
    colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  const subjects = [...new Set(findings.map(describeSubject))];
  const parts = subjects.map((subject) =>
    [
      paint(1, subject),
      ...findings
        .filter((each) => describeSubject(each) === subject)
        .map(({ severity, check, field, message, fix }) =>
          [
            `  ${paint(colours[severity], severity)} ${check}${field === undefined ? "" : ` (${field})`}`,
            `    ${printable(message)}`,
            `    ${paint(2, "fix:")} ${printable(fix)}`,
          ].join("\n"),
        ),
    ].join("\n"),
  );
  return [...parts, summarizeFindings(diagnosis)].join("\n\n");
}

/** Returns one line with the number of findings of each severity. */
export function summarizeFindings({ findings, checked }: Diagnosis): string {
  const counts = counted.flatMap(([severity, one, many]) => {
    const { length } = findings.filter((each) => each.severity === severity);
    return length === 0 ? [] : [`${length} ${length === 1 ? one : many}`];
  });
  const providers = `${checked} ${checked === 1 ? "provider" : "providers"} checked`;
  return `${providers}: ${counts.length === 0 ? "nothing found" : counts.join(", ")}.`;
}

/** Returns the label for the subject of a finding: the owner, with the provider or the login policy. */
export function describeSubject({ owner, provider }: Finding): string {
  const label = describeOwner(owner);
  return provider === undefined
    ? `${label}: login policy`
    : `${label}: ${describeActionProvider(provider)}`;
}
