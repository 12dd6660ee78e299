import type { DescField, DescOneof, JsonReadOptions } from "@bufbuild/protobuf";
import { isFieldError } from "@bufbuild/protobuf/reflect";
import { Code, ConnectError } from "@connectrpc/connect";
import { isError } from "../utils/is-error.js";

/** The read options of a server: ZITADEL's gateway sets DiscardUnknown. */
export const readOptions: Readonly<Partial<JsonReadOptions>> = { ignoreUnknownFields: true };

/** Creates the error that a server returns for a request that it cannot decode. */
export function badRequestError(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}

/** Returns true if an error reports two members of one oneof. */
export function isOneofError(error: unknown): boolean {
  return findFailedField(error)?.kind === "oneof";
}

const duplicate = 'duplicate object key "';

/** Returns the text that protobuf-go has for an error of protobuf-es, without line and column. */
export function explainDecodeError(error: unknown): string {
  const text = isError(error) ? error.message : "";
  const start = text.indexOf(duplicate);
  const key =
    start >= 0 && text.endsWith('"') && text.length > start + duplicate.length
      ? text.slice(start + duplicate.length, -1)
      : undefined;
  const field = findFailedField(error);
  if (key !== undefined) {
    return `proto: duplicate field "${key}"`;
  }
  if (field === undefined) {
    return "proto: syntax error: unexpected token";
  }
  if (field.kind === "oneof") {
    return `proto: oneof ${field.parent.typeName}.${field.name} is already set`;
  }
  return text.endsWith("set multiple times")
    ? `proto: duplicate field "${field.name}"`
    : `proto: invalid value for field ${field.jsonName}`;
}

function findFailedField(error: unknown): DescField | DescOneof | undefined {
  const cause = isError(error) ? error.cause : undefined;
  return isFieldError(cause) ? cause.field() : undefined;
}
