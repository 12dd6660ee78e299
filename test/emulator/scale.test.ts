import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { TextQueryMethod } from "../../gen/zitadel/object_pb.js";

const count = 10_000;

let emulator: Emulator;
let client: IdpClient;
let megabytes: number;
beforeAll(() => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const heap = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  const before = heap();
  emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [{ name: "o", organization: "1", token: "t", instanceRoles: ["IAM_OWNER"] }],
      providers: Array.from({ length: count }, (_, index) => ({
        owner: index % 10 === 0 ? "instance" : "Acme",
        rpc: "AddGenericOIDCProvider",
        request: {
          name: `Provider ${index}`,
          issuer: `https://login-${index}.example.com`,
          clientId: `client-${index}`,
          clientSecret: "secret",
          scopes: ["openid", "profile", "email"],
          providerOptions: { isLinkingAllowed: true, isCreationAllowed: true },
        },
      })),
    },
  });
  megabytes = heap() - before;
  client = createIdpClient({ baseUrl: emulator.url, auth: "t", fetch: emulator.fetch });
});

describe("ten thousand providers", () => {
  test("take less than 100 MB", () => {
    expect(megabytes).toBeLessThan(100);
  });

  test("are all listed once, including those of the instance", async () => {
    const { result, details } = await client.management.listProviders({});
    expect(new Set(result.map(({ id }) => id)).size).toBe(count);
    expect(details?.totalResult).toBe(BigInt(count));
    const { details: onInstance } = await client.admin.listProviders({});
    expect(onInstance?.totalResult).toBe(BigInt(count / 10));
  });

  test("are listed in pages that add up to the complete list, in the same order", async () => {
    const complete = await client.management.listProviders({});
    const pages: string[] = [];
    for (let offset = 0; offset < count; offset += 2500) {
      const { result, details } = await client.management.listProviders({
        query: { offset: BigInt(offset), limit: 2500 },
      });
      expect(details?.totalResult).toBe(BigInt(count));
      pages.push(...result.map(({ id }) => id));
    }
    expect(pages).toEqual(complete.result.map(({ id }) => id));
  });

  test("are found by name", async () => {
    const found = async (name: string, method: TextQueryMethod): Promise<number> => {
      const { details } = await client.management.listProviders({
        queries: [{ query: { case: "idpNameQuery", value: { name, method } } }],
      });
      return Number(details?.totalResult);
    };
    expect(await found("Provider 77", TextQueryMethod.EQUALS)).toBe(1);
    expect(await found("provider 77", TextQueryMethod.STARTS_WITH_IGNORE_CASE)).toBe(111);
    expect(await found("99", TextQueryMethod.ENDS_WITH)).toBe(100);
    expect(await found("Nobody", TextQueryMethod.CONTAINS)).toBe(0);
  });
});
