import { textToTenant } from "../../formats/azure-tenant.js";
import { create } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { DurationSchema } from "../../../gen/google/protobuf/duration_pb.js";
import type { Fields, FieldSpec } from "../../../gen/providers.js";
import { formatTime, parseTime } from "../../rest/json/time-json.js";
import type { AzureADTenant } from "../../services/idp.js";
import { bytesToText, textToBytes } from "./bytes-text.js";
import {
  findChoiceName,
  getChoiceNumbers,
  getPartFields,
  type FieldValues,
} from "./field-specs.js";
import { tenantToText } from "./tenant-text.js";

/** Converts a valid value of a field from plain TypeScript into the form that messages have. */
export function toMessageValue(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return textToBytes(value as string);
    case "duration":
      return create(DurationSchema, parseTime(DurationSchema, value as string));
    case "choice":
      return getChoiceNumbers(spec)[value as string];
    case "tenant":
      return { type: textToTenant(value as string) };
    case "object":
      return toMessageFields(getPartFields(spec), value as FieldValues);
    case "objects":
      return (value as readonly FieldValues[]).map((each) =>
        toMessageFields(getPartFields(spec), each),
      );
    case "texts":
      return [...(value as readonly string[])];
    default:
      return value;
  }
}

/** Converts the given fields from plain TypeScript into the form that messages have. */
export function toMessageFields(fields: Fields, given: FieldValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, spec]) =>
      given[name] === undefined ? [] : [[name, toMessageValue(spec, given[name])]],
    ),
  );
}

/** Converts the value of a field into plain TypeScript. An absent value becomes the default. */
export function toPlainValue(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return bytesToText((value as Uint8Array | undefined) ?? new Uint8Array());
    case "duration":
      return value === undefined ? "0s" : formatTime(DurationSchema, value as Duration);
    case "choice":
      return findChoiceName(spec, (value as number | undefined) ?? 0) ?? "unspecified";
    case "tenant":
      return tenantToText(value as AzureADTenant | undefined);
    case "object":
      return toPlainFields(getPartFields(spec), (value ?? {}) as FieldValues);
    case "objects":
      return ((value ?? []) as readonly FieldValues[]).map((each) =>
        toPlainFields(getPartFields(spec), each),
      );
    case "texts":
      return [...((value ?? []) as readonly string[])];
    case "flag":
      return value ?? false;
    default:
      return value ?? "";
  }
}

/** Converts all fields of a message into plain TypeScript. */
export function toPlainFields(fields: Fields, message: FieldValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => [name, toPlainValue(spec, message[name])]),
  );
}
