import type { CheckContext, NewFinding } from "../../check-context.js";
import { minStrongRsaBits } from "../../min-strong-rsa-bits.js";
import { acceptedAlgorithms } from "./accepted-algorithms.js";
import { inspectKey, type InspectedKey } from "./inspect-key.js";
import type { KeySource } from "./key-source.js";
import { loadKeys } from "./load-keys.js";

/** Checks that a key set loads, that ZITADEL can verify tokens with its keys, and that nobody else can sign with them. */
export async function checkSigningKeys(source: KeySource, context: CheckContext): Promise<void> {
  const json = await loadKeys(source, context);
  if (json === undefined) {
    return;
  }
  const keys = await Promise.all(json.map(inspectKey));
  const { topic, url, field } = source;
  const report = (name: string, finding: Omit<NewFinding, "check" | "field">): void =>
    context.report({ ...finding, check: `${topic}/${name}`, field });
  reportSecretKeys(url, keys, report);
  const faulty = keys.filter(({ fault }) => fault !== undefined);
  if (faulty.length > 0) {
    report("keys-invalid", {
      severity: "broken",
      message: `in the key set ${url}, ${describeKeys(faulty, ({ fault }) => fault)}; ZITADEL rejects the whole set because of that`,
      fix: "remove or correct the key at the provider",
    });
    return;
  }
  const usable = keys.filter(({ unusable }) => unusable === undefined);
  if (usable.length === 0) {
    report("no-usable-key", {
      severity: "broken",
      message: `the key set ${url} has no key with which ZITADEL can verify tokens${
        keys.length === 0 ? ": it is empty" : `: ${describeKeys(keys, ({ unusable }) => unusable)}`
      }`,
      fix: `publish the public key for one of the algorithms ${acceptedAlgorithms.join(", ")}, and sign with it`,
    });
    return;
  }
  reportWeakKeys(url, usable, report);
  reportAmbiguousKeys(url, usable, keys, report);
}

/** A function that reports a finding about a key set, with the name of the check without its topic. */
type ReportKeys = (name: string, finding: Omit<NewFinding, "check" | "field">) => void;

function reportSecretKeys(url: string, keys: readonly InspectedKey[], report: ReportKeys): void {
  const secret = keys.filter(({ isSecret }) => isSecret);
  if (secret.length > 0) {
    report("private-key-published", {
      severity: "risk",
      message: `the key set ${url} contains the private or symmetric part of the key ${joinLabels(secret)}: anyone can sign tokens with it, and sign in as any user wherever the key is trusted`,
      fix: "replace the key at the provider at once, and publish only the public part",
    });
  }
}

function reportWeakKeys(url: string, keys: readonly InspectedKey[], report: ReportKeys): void {
  const weak = keys.filter(({ bits }) => bits !== undefined && bits < minStrongRsaBits);
  if (weak.length > 0) {
    report("weak-key", {
      severity: "risk",
      message: `in the key set ${url}, ${describeKeys(weak, ({ bits }) => `has only ${bits} bits`)}; RSA keys below ${minStrongRsaBits} bits can be broken, so that others can sign tokens`,
      fix: `sign with a key of at least ${minStrongRsaBits} bits`,
    });
  }
}

/**
 * Reports keys that ZITADEL cannot tell apart. ZITADEL finds the key of a token by its id and type, ignoring the algorithm; for a token
 * without a key id, it takes the only key of the type.
 */
function reportAmbiguousKeys(
  url: string,
  usable: readonly InspectedKey[],
  keys: readonly InspectedKey[],
  report: ReportKeys,
): void {
  const ambiguous = usable.filter((key) => keys.some((other) => isAmbiguous(key, other)));
  if (ambiguous.length > 0) {
    const haveNoId = ambiguous.every(({ id }) => id === undefined);
    report("ambiguous-keys", {
      severity: haveNoId && ambiguous.length === usable.length ? "broken" : "risk",
      message: `in the key set ${url}, other keys of the type have ${
        haveNoId ? "no id (kid) either" : "the same id (kid)"
      }: ${joinLabels(ambiguous)}; ZITADEL cannot tell which of them signed a token, and rejects it`,
      fix: "give each key an id of its own at the provider",
    });
  }
}

/** Returns true if ZITADEL may confuse two keys. Two entries for the same key with an id are not ambiguous. */
function isAmbiguous(key: InspectedKey, other: InspectedKey): boolean {
  return (
    other !== key &&
    other.isForSignatures &&
    other.type === key.type &&
    other.id === key.id &&
    (key.id === undefined || other.material !== key.material)
  );
}

function joinLabels(keys: readonly InspectedKey[]): string {
  return joinSome(keys.map(({ label }) => label));
}

function describeKeys(
  keys: readonly InspectedKey[],
  describe: (key: InspectedKey) => string | undefined,
): string {
  return joinSome(keys.map((key) => `the key ${key.label} ${describe(key) ?? "is not used"}`));
}

/** Joins the first five texts, followed by the number of further ones. */
function joinSome(texts: readonly string[]): string {
  const shown = texts.slice(0, 5);
  const rest = texts.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}
