import { fromBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import {
  type ErrorDetail as SluggedErrorDetail,
  ErrorDetailSchema as SluggedErrorDetailSchema,
} from "../../gen/zitadel/error/v2/error_pb.js";
import {
  type CredentialsCheckError,
  CredentialsCheckErrorSchema,
  type ErrorDetail,
  ErrorDetailSchema,
} from "../../gen/zitadel/message_pb.js";

/** A detail of a ZITADEL error. The first generation of its APIs, the v2 services, and failed logins have different details. */
export type ZitadelErrorDetail = ErrorDetail | SluggedErrorDetail | CredentialsCheckError;

const schemas = [ErrorDetailSchema, SluggedErrorDetailSchema, CredentialsCheckErrorSchema];

/** Decodes the details of ZITADEL's own types, and skips all others. */
export function decodeDetails(details: ConnectError["details"]): ZitadelErrorDetail[] {
  return details.flatMap((detail) => {
    const schema = "type" in detail && schemas.find(({ typeName }) => typeName === detail.type);
    if (!schema) {
      return [];
    }
    try {
      return [fromBinary(schema, detail.value)];
    } catch {
      return [];
    }
  });
}

/** Returns ZITADEL's id of an error that a transport threw, e.g. `ORG-Se3tg`. */
export function findErrorId(error: ConnectError): string | undefined {
  return findErrorIdIn(decodeDetails(error.details), error.rawMessage);
}

/** Returns the id in the details of an error, or else the id in its message. */
export function findErrorIdIn(
  details: readonly ZitadelErrorDetail[],
  message: string,
): string | undefined {
  for (const detail of details) {
    const id = "slug" in detail ? detail.slug : detail.id;
    if (id !== "") {
      return id;
    }
  }
  // Errors that ZITADEL sends before the handler runs have no details, but an id in their text. So do errors with damaged
  // details.
  return /\bID=([A-Z]+-\w+)/.exec(message)?.[1] ?? /\(([A-Z]\w*-\w+)\)$/.exec(message)?.[1];
}
