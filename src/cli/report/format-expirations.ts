import type { Expiration, ExpirationKind, Expirations } from "../../doctor/index.js";
import { describeActionProvider, describeOwner } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import { formatTable } from "./format-table.js";

const kindTexts: Readonly<Record<Exclude<ExpirationKind, "secret" | "key">, string>> = {
  "signing-certificate": "signing certificate",
  "encryption-certificate": "encryption certificate",
  certificate: "certificate",
  metadata: "SAML metadata",
  "root-ca": "root CA",
  "server-certificate": "certificate of",
};

/** Formats the things that expire as a table, followed by the parts that could not be read. */
export function formatExpirations({ items, expiring, unchecked }: Expirations): string {
  const table =
    items.length === 0
      ? []
      : [formatTable(["EXPIRES", "DAYS", "WHAT", "PROVIDER", "OWNER"], items.map(toRow)), ""];
  const unread = unchecked.map(
    ({ owner, provider, message, fix }) =>
      `not checked: ${printable(`${describeOwner(owner)}${provider === undefined ? "" : `, ${describeActionProvider(provider)}`}: ${message}; ${fix}`)}`,
  );
  return [...table, ...unread, summarize(items.length, expiring)].join("\n");
}

function toRow(item: Expiration): string[] {
  const { expiresAt, daysLeft, owner, ownerName, provider } = item;
  return [
    expiresAt.slice(0, 10),
    String(daysLeft),
    describeThing(item),
    describeActionProvider(provider),
    ownerName === undefined ? describeOwner(owner) : `${describeOwner(owner)} (${ownerName})`,
  ];
}

function describeThing({ kind, field, subject }: Expiration): string {
  const text = kind === "secret" || kind === "key" ? field : kindTexts[kind];
  return subject === undefined ? text : `${text} ${subject}`;
}

function summarize(count: number, expiring: number): string {
  return count === 0
    ? "Nothing that expires was found."
    : `${expiring} of ${count} ${expiring === 1 ? "has expired or expires" : "have expired or expire"} soon.`;
}
