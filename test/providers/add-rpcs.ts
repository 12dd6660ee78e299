import { createHash } from "node:crypto";
import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { type Client, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import { createGrpcTransport } from "zitadel-idp/transport/grpc";
import { createJsonTransport } from "zitadel-idp/transport/json";
import type { ResolveCreateOptions } from "../../src/providers/index.js";
import { resolveCreate } from "../../src/providers/index.js";
import { legacyRequests, providerRequests } from "../support/add-requests.js";

export type Side = "management" | "admin";
const services: Readonly<Record<Side, typeof ManagementService | typeof AdminService>> = {
  management: ManagementService,
  admin: AdminService,
};
export type Given = Readonly<Record<string, unknown>>;
export type AnyClient = Client<typeof ManagementService> | Client<typeof AdminService>;

/** An RPC that creates something, with a valid request. For login policies, the prerequisites are created too. */
export interface Add {
  readonly side: Side;
  /** The method of the client. */
  readonly method: string;
  readonly rpc: string;
  readonly family: "provider" | "legacy" | "policy" | "link";
  readonly request: Given;
}

function familyOf(rpc: string): Add["family"] {
  return rpc.endsWith("Provider")
    ? "provider"
    : rpc.endsWith("IDP")
      ? "legacy"
      : rpc === "AddCustomLoginPolicy"
        ? "policy"
        : "link";
}

function requestFor(rpc: string): Given {
  const [, type = ""] = /^Add(?:Org)?(\w+?)(?:Provider|IDP)$/.exec(rpc) ?? [];
  return (
    (familyOf(rpc) === "provider"
      ? providerRequests[type]
      : familyOf(rpc) === "legacy"
        ? legacyRequests[type]
        : undefined) ?? {}
  );
}

/** The Add RPCs of both services. */
export const adds: readonly Add[] = (Object.keys(services) as Side[]).flatMap((side) =>
  services[side].methods
    .filter(({ name }) => name.startsWith("Add"))
    .map(({ name: rpc, localName: method }) => ({
      side,
      rpc,
      method,
      family: familyOf(rpc),
      request: requestFor(rpc),
    })),
);

export function inputOf({ side, rpc }: Pick<Add, "side" | "rpc">): DescMethodUnary["input"] {
  const method = services[side].methods.find(({ name }) => name === rpc);
  if (method === undefined) {
    throw new Error(`${side} has no ${rpc}`);
  }
  return method.input;
}

export function bearer(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

/** Creates a client from a transport, like a user without the facade. */
export function clientOver(transport: Transport, side: Side): AnyClient {
  return side === "admin"
    ? createClient(AdminService, transport)
    : createClient(ManagementService, transport);
}

export const wires: Readonly<Record<string, (baseUrl: string, token: string) => Transport>> = {
  json: (baseUrl, token) => createJsonTransport({ baseUrl, interceptors: [bearer(token)] }),
  grpc: (baseUrl, token) => createGrpcTransport({ baseUrl, interceptors: [bearer(token)] }),
};

/** Calls a method by its name. */
export async function call(
  client: AnyClient,
  method: string,
  request: Given | Message,
): Promise<Record<string, unknown>> {
  const methods = client as unknown as Record<
    string,
    (request: Given | Message) => Promise<Record<string, unknown>>
  >;
  const found = methods[method];
  if (found === undefined) {
    throw new Error(`the client has no ${method}`);
  }
  return found(request);
}

/** Calls `resolveCreate` for a method by its name. */
export async function resolve(
  client: AnyClient,
  method: string,
  request: Given | Message,
  options: ResolveCreateOptions,
): Promise<{ id: string; object: unknown }> {
  const untyped = resolveCreate as (...call: unknown[]) => Promise<{ id: string; object: unknown }>;
  return untyped(client, method, request, options);
}

/** Returns a number that is always the same for a text. */
export function seedOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
