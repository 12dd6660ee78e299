import { Document, isMap, type Pair, Scalar, visit, type YAMLMap } from "yaml";
import { providerTypes } from "../../../gen/providers.js";
import type { DesiredProvider, DesiredProviders, DesiredState } from "../../providers/index.js";
import { isProviderType } from "../../providers/model/field-specs.js";
import { isDesiredProvider } from "../../providers/plan/desired/desired-entry.js";
import type { LeftOutProvider } from "../../providers/plan/export-owner.js";
import { escapeQuotedText, needsEscapes } from "../../utils/printable.js";
import { formatLeftOut } from "./format-left-out.js";
import { escapeReferences } from "../references/interpolate.js";

/** Converts exported providers into a desired state. Escapes `${` in texts, so that `plan` does not read it as a reference. */
export function toExportedState(
  owner: "organization" | "instance",
  exported: DesiredProviders,
): DesiredState {
  return escapeTexts({ [owner]: exported }) as DesiredState;
}

/** Converts an exported state into JSON data. `$leftOut`, which `plan` ignores, contains the legacy IDPs that were left out. */
export function toExportedJson(
  state: DesiredState,
  leftOut: readonly LeftOutProvider[],
): DesiredState & { readonly $leftOut?: unknown } {
  return { ...state, ...(leftOut.length > 0 && { $leftOut: escapeTexts(leftOut) }) };
}

function escapeTexts(value: unknown): unknown {
  if (typeof value === "string") {
    return escapeReferences(value);
  }
  if (Array.isArray(value)) {
    return value.map(escapeTexts);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, escapeTexts(each)]))
    : value;
}

/** Formats an exported state as YAML, with comments in place of the secrets, and for the legacy IDPs that were left out. */
export function formatExportedYaml(
  state: DesiredState,
  leftOut: readonly LeftOutProvider[],
  schema: string,
): string {
  const document = new Document(state);
  document.commentBefore = [
    ` yaml-language-server: $schema=${schema}`,
    " ZITADEL never returns secrets. To set one, remove the # before it.",
    ...(leftOut.length > 0
      ? [" Left out, because plan and apply can only remove legacy IDPs:"]
      : []),
    ...leftOut.map((each) => ` - ${formatLeftOut(each)}`),
  ].join("\n");
  const names = new Set<string>();
  for (const owner of Object.keys(state)) {
    const { providers } = state[owner as keyof DesiredState] as DesiredProviders;
    for (const [index, provider] of providers.entries()) {
      const node = document.getIn([owner, "providers", index]);
      if (isMap(node) && isDesiredProvider(provider)) {
        addSecretComment(node, provider, names);
      }
    }
  }
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === "string" && needsEscapes(scalar.value)) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return escapeQuotedText(document.toString({ lineWidth: 0 }));
}

/** Adds a comment in place of the secret, in the order of the fields of the type. */
function addSecretComment(
  map: YAMLMap,
  { type, name = "" }: DesiredProvider,
  names: Set<string>,
): void {
  const order = isProviderType(type) ? Object.entries(providerTypes[type].fields) : [];
  const [secret] = order.find(([, spec]) => spec.secret) ?? [];
  if (secret === undefined) {
    return;
  }
  const comment = ` ${secret}: \${${createVariableName(type, name, secret, names)}}`;
  const laterFields = new Set(
    order.slice(order.findIndex(([field]) => field === secret)).map(([field]) => field),
  )
    .add(`${secret}Expires`)
    .add("active");
  const next = (map.items as Pair<Scalar<string>>[]).find(({ key }) => laterFields.has(key.value));
  if (next === undefined) {
    map.comment = comment;
  } else {
    next.key.commentBefore = comment;
  }
}

/** Returns a variable name for the secret of a provider, and adds it to `names`. No name is returned twice. */
function createVariableName(type: string, name: string, field: string, names: Set<string>): string {
  const toUpperSnake = (text: string): string =>
    text
      .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
      .replace(/[^A-Za-z0-9]+/g, "_")
      // The line above leaves no two underscores in a row.
      .replace(/^_|_$/g, "")
      .toUpperCase();
  const stem = toUpperSnake(name.slice(0, 40)) || toUpperSnake(type);
  const fullName = `${/^\d/.test(stem) ? "IDP_" : ""}${stem}_${toUpperSnake(field)}`;
  let unique = fullName;
  for (let number = 2; names.has(unique); number++) {
    unique = `${fullName}_${number}`;
  }
  names.add(unique);
  return unique;
}
