import { describeProvider } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import type { OwnerDifference } from "../compare-owners.js";

/** Formats the difference between two owners for people: one line for each provider, and a summary. */
export function formatDifference({ onlyFrom, onlyTo, different, same }: OwnerDifference): string {
  const lines = [
    ...onlyFrom.map((each) => `- ${describeCompared(each)}`),
    ...onlyTo.map((each) => `+ ${describeCompared(each)}`),
    ...different.flatMap(({ type, name, changes }) => [
      `~ ${printable(describeProvider(type, name))}`,
      ...changes.map(({ field, from, to }) =>
        printable(`    ${field}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`),
      ),
    ]),
  ];
  return lines.length === 0
    ? `No differences: ${same} providers are the same.`
    : [
        ...lines,
        "",
        `${onlyFrom.length} only here (-), ${onlyTo.length} only there (+), ${different.length} different (~), ${same} the same.`,
      ].join("\n");
}

function describeCompared({
  type,
  name,
  id,
  instance,
}: OwnerDifference["onlyFrom"][number]): string {
  const owner = instance ? ", of the instance" : "";
  return printable(`${describeProvider(type, name)} (${id})${owner}`);
}
