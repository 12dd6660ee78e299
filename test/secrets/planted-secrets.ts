import {
  type DescField,
  type DescMessage,
  type DescMethodUnary,
  ScalarType,
} from "@bufbuild/protobuf";
import { allMethods } from "../support/all-methods.js";
import { legacyRequests, providerRequests, samlMetadata } from "../support/add-requests.js";
import type { Markers } from "./markers.js";
import { type Shape, shapes } from "./secret-shapes.js";

type Init = Readonly<Record<string, unknown>>;

/** The path from a request to a secret in it. */
export type SecretPath = readonly DescField[];

/** Finds the secret fields in the options of the protos, independently of the code under test. */
function findSecretPaths(desc: DescMessage, outer: readonly DescMessage[] = []): SecretPath[] {
  return desc.fields.flatMap((field): SecretPath[] => {
    if (field.proto.options?.debugRedact) {
      return [[field]];
    }
    const { message } = field;
    return message === undefined || outer.includes(message)
      ? []
      : findSecretPaths(message, [...outer, desc]).map((path) => [field, ...path]);
  });
}

/** The secrets of all RPCs. */
export const secretFields: readonly { readonly rpc: DescMethodUnary; readonly path: SecretPath }[] =
  allMethods.flatMap((rpc) => findSecretPaths(rpc.input).map((path) => ({ rpc, path })));

/** The RPCs whose requests have secrets. */
export const secretRpcs: readonly DescMethodUnary[] = [
  ...new Set(secretFields.map(({ rpc }) => rpc)),
];

/** The value for the last field of a path. */
export function findShapes(path: SecretPath): (typeof shapes)["text"] {
  const isBytes = path.at(-1)?.scalar === ScalarType.BYTES;
  return shapes[isBytes ? "bytes" : "text"];
}

/** Builds a request that ZITADEL accepts, except for ids of objects that must already exist. */
function requestFor(rpc: DescMethodUnary): Init {
  const [, type = ""] = /^(?:Add|Update)(?:Org)?(\w+?)(?:Provider|IDP)$/.exec(rpc.name) ?? [];
  const known =
    providerRequests[type] ?? (rpc.name.endsWith("IDP") ? legacyRequests[type] : undefined);
  return { ...fill(rpc.input), ...known, ...("id" in rpc.input.field && { id: "1" }) };
}

/** Builds a request with a planted secret, or without one if the RPC has no secret field. */
export function plantedRequest(
  rpc: DescMethodUnary,
  path: SecretPath | undefined,
  shape: Shape | undefined,
  markers: Markers,
): { readonly request: Init; readonly secret: unknown } {
  const request = requestFor(rpc);
  if (path === undefined || shape === undefined) {
    return { request, secret: undefined };
  }
  const secret = shape.make(
    markers,
    `${rpc.parent.name}.${rpc.name}.${path.map(({ name }) => name).join(".")}: ${shape.name}`,
  );
  return { request: withValue(request, path, secret), secret };
}

function withValue(init: Init, [field, ...rest]: SecretPath, secret: unknown): Init {
  if (field === undefined) {
    return init;
  }
  const value =
    rest.length === 0 ? secret : withValue(field.message ? fill(field.message) : {}, rest, secret);
  return field.oneof === undefined
    ? { ...init, [field.localName]: value }
    : { ...init, [field.oneof.localName]: { case: field.localName, value } };
}

/** Fills every text field that the server may require, following its rules for names, URLs and lists of one. */
function fill(desc: DescMessage): Init {
  return Object.fromEntries(
    desc.members.flatMap((member): [string, unknown][] => {
      if (member.kind === "oneof") {
        const field = member.fields.find(({ name }) => name === "metadata_xml");
        return field ? [[member.localName, { case: field.localName, value: samlMetadata }]] : [];
      }
      if (member.fieldKind === "list" && member.scalar === ScalarType.STRING) {
        return [[member.localName, ["x"]]];
      }
      const isText = member.fieldKind === "scalar" && member.scalar === ScalarType.STRING;
      return isText
        ? [[member.localName, /endpoint|issuer/.test(member.name) ? "https://a.example" : "n"]]
        : [];
    }),
  );
}
