import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { GetProviderByIDResponseSchema } from "zitadel-idp/management";
import {
  createProviders,
  exportProviders,
  plan,
  type Providers,
} from "../../src/providers/index.js";

// A server that is newer than this client sends names in JSON and numbers in binary that the client does not know.

const emulator = createEmulator();
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

type Json = Record<string, unknown>;
type Provider = { config: { oidc?: Json; options: Json } & Json } & Json;

interface Novelty {
  readonly name: string;
  json(provider: Provider): void;
  /** Changes the message of a provider, or a part of it, before it is encoded. */
  binary(provider: {
    $unknown?: unknown;
    config?: { $unknown?: unknown; options?: { autoLinking: number }; config: unknown };
  }): void;
  /** The path of the unknown content over JSON and over gRPC-web. */
  readonly paths: readonly [json: string, binary: string];
  readonly type?: "unknown";
}

const newField = [{ no: 99, wireType: 2, data: Uint8Array.of(1, 120) }];

const novelties: readonly Novelty[] = [
  {
    name: "an unknown field of a provider",
    json: (provider) => void (provider["shiny"] = "x"),
    binary: (provider) => void (provider.$unknown = newField),
    paths: ["shiny", "field 99"],
  },
  {
    name: "an unknown field of a config",
    json: ({ config }) => void (config.oidc = { ...config.oidc, shiny: { deep: true } }),
    binary: ({ config }) =>
      void Object.assign((config?.config as { value: Json } | undefined)?.value ?? {}, {
        $unknown: newField,
      }),
    paths: ["config.oidc.shiny", "config.oidc.field 99"],
  },
  {
    name: "an unknown enum value",
    json: ({ config }) => void (config.options["autoLinking"] = "AUTO_LINKING_OPTION_PHONE"),
    binary: ({ config }) => void (config?.options && (config.options.autoLinking = 3)),
    paths: ["config.options.autoLinking", "config.options.autoLinking"],
  },
  {
    name: "an unknown type",
    json: (provider) => {
      provider["type"] = "PROVIDER_TYPE_SHINY";
      provider.config["shiny"] = provider.config.oidc;
      delete provider.config.oidc;
    },
    binary: ({ config }) => {
      Object.assign(config ?? {}, { config: { case: undefined }, $unknown: newField });
    },
    paths: ["config.shiny", "config.field 99"],
    type: "unknown",
  },
];

function clientOf(protocol: "json" | "grpc-web", novelty: Novelty): IdpClient {
  const { url: baseUrl, token: auth } = emulator;
  const fetch: typeof globalThis.fetch = async (...request) => {
    const response = await emulator.fetch(new Request(...request));
    const { pathname } = new URL(response.url || String(request[0]));
    const isRead =
      request[1]?.method === "GET" ||
      pathname.endsWith("/GetProviderByID") ||
      pathname.endsWith("_search");
    if (!isRead || !response.ok) {
      return response;
    }
    if (protocol === "json") {
      const body = (await response.json()) as { idp?: Provider; result?: Provider[] };
      [...(body.idp ? [body.idp] : []), ...(body.result ?? [])].forEach((each) =>
        novelty.json(each),
      );
      return Response.json(body, response);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!pathname.endsWith("/GetProviderByID")) {
      return new Response(bytes, response);
    }
    const length = new DataView(bytes.buffer).getUint32(1);
    const message = fromBinary(GetProviderByIDResponseSchema, bytes.subarray(5, 5 + length));
    novelty.binary(message.idp as never);
    const changed = encodeEnvelope(0, toBinary(GetProviderByIDResponseSchema, message));
    return new Response(new Blob([changed, bytes.subarray(5 + length)]), response);
  };
  return createIdpClient({ baseUrl, auth, fetch, protocol });
}

async function addOidc(providers: Providers) {
  const { id } = await providers.add({
    type: "oidc",
    name: "Acme",
    issuer: "https://acme.example",
    clientId: "c",
    clientSecret: "s",
  });
  return id;
}

describe.each(["json", "grpc-web"] as const)("over %s", (protocol) => {
  test.each(novelties)(
    "rejects an update of a provider with $name, and reports its path",
    async (novelty) => {
      await using client = clientOf(protocol, novelty);
      const providers = createProviders(client, { owner: "org" });
      const id = await addOidc(providers);
      const path = novelty.paths[protocol === "json" ? 0 : 1];
      const provider = await providers.get(id);
      expect(provider.unknown).toContain(path);
      expect(provider.type).toBe(novelty.type ?? "oidc");
      const before = emulator.log.length;
      await expect(providers.update(id, { clientId: "d" })).rejects.toMatchObject({
        reason: "unknown_content",
        message: expect.stringContaining(path) as string,
      });
      expect(emulator.log.slice(before).map(({ rpc }) => rpc)).not.toContain(
        "UpdateGenericOIDCProvider",
      );
      expect(await providers.delete(id, { evenIfLinked: true })).toMatchObject({ name: "Acme" });
    },
  );
});

test.each(novelties)(
  "rejects an export and a planned change of a provider with $name",
  async (novelty) => {
    await using client = clientOf("json", novelty);
    const id = await addOidc(createProviders(client, { owner: "org" }));
    await expect(exportProviders(client, { owner: "org" })).rejects.toMatchObject({
      reason: "unknown_content",
    });
    const wanted = {
      type: "oidc",
      name: "Acme",
      issuer: "https://acme.example",
      clientId: "other",
      id,
    } as const;
    await expect(plan(client, { organization: { providers: [wanted] } })).rejects.toMatchObject({
      reason: "not_expressible",
    });
  },
);
