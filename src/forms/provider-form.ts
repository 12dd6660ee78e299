import { fieldDocs, typeDocs } from "../../gen/provider-docs.js";
import { type Fields, type FieldSpec, providerTypes } from "../../gen/providers.js";
import { toPlainValue } from "../providers/model/convert-fields.js";
import { getChoiceNumbers, getPartFields, getTypeFields } from "../providers/model/field-specs.js";
import type { ProviderType } from "../providers/model/provider.js";
import { toChoiceLabel, toFieldLabel } from "./field-label.js";
import type { FormField, FormFieldKind, ProviderForm } from "./form-field.js";

/** All types of provider that can be added, in alphabetical order. */
export const formTypes: readonly ProviderType[] = Object.keys(providerTypes) as ProviderType[];

/**
 * Returns the form of a type of provider: its fields in the order of the API, with labels, help, kinds, limits and defaults. Throws a
 * TypeError for an unknown type.
 *
 * @example
 * for (const field of providerForm("oidc").fields) console.log(field.label, field.kind, field.isRequired);
 */
export function providerForm(type: ProviderType): ProviderForm {
  if (!formTypes.includes(type)) {
    throw new TypeError(
      `the type of the provider is unknown; the types are ${formTypes.join(", ")}`,
    );
  }
  const label = (typeDocs[type] ?? type).replace(/\.$/, "");
  return { type, label, fields: toFormFields(getTypeFields(type), type) };
}

/** Returns the form fields of a type, or of the message inside a field. */
function toFormFields(fields: Fields, owner: string): FormField[] {
  return Object.entries(fields).map(([name, spec]) => toFormField(name, spec, owner));
}

function toFormField(name: string, spec: FieldSpec, owner: string): FormField {
  const { min, max, secret = false } = spec;
  const isRequired = (min ?? 0) > 0;
  const unit = findUnit(spec);
  const limits = unit === undefined ? {} : { min, max, unit };
  return {
    name,
    label: toFieldLabel(name),
    help: fieldDocs[owner]?.[name] ?? "",
    kind: findInputKind(name, spec, owner),
    isRequired,
    isMultiline: spec.kind === "bytes",
    ...limits,
    ...(spec.kind === "texts" && spec.item && { item: spec.item }),
    ...(spec.kind === "choice" && { choices: toChoices(spec) }),
    ...("of" in spec &&
      spec.kind !== "choice" && { fields: toFormFields(getPartFields(spec), spec.of) }),
    ...(!isRequired && !secret && { defaultValue: toPlainValue(spec, undefined) }),
  };
}

function findInputKind(name: string, spec: FieldSpec, owner: string): FormFieldKind {
  if (spec.secret) {
    return "secret";
  }
  switch (spec.kind) {
    case "texts":
      return "list";
    case "object":
      return "group";
    case "objects":
      return "rows";
    case "text":
      return isUrl(name, owner) ? "url" : "text";
    case "tenant":
      return "text";
    default:
      return spec.kind;
  }
}

/** Returns true for a field with a URL. The issuer of a JWT may be any text. */
function isUrl(name: string, owner: string): boolean {
  return /(?:Endpoint|Url)$/.test(name) || (name === "issuer" && owner !== "jwt");
}

function findUnit({ kind, min, max }: FieldSpec): FormField["unit"] {
  if (min === undefined && max === undefined) {
    return undefined;
  }
  return kind === "bytes"
    ? "bytes"
    : kind === "texts" || kind === "objects"
      ? "entries"
      : "characters";
}

function toChoices(spec: { readonly of: string }): FormField["choices"] {
  return Object.keys(getChoiceNumbers(spec)).map((value) => ({
    value,
    label: toChoiceLabel(value),
  }));
}
