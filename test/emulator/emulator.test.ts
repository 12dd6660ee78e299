import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { IDPOwnerType, ProviderType } from "zitadel-idp/idp";
import { sendRaw } from "../support/raw-http.js";

const request = { name: "n", issuer: "i", clientId: "c", clientSecret: "s" };

describe("a new emulator", () => {
  test("has one organization, and one user with all permissions", async () => {
    const emulator = createEmulator();
    const client = createIdpClient({
      baseUrl: emulator.url,
      auth: emulator.token,
      fetch: emulator.fetch,
    });
    const own = await client.management.addGenericOIDCProvider(request);
    const instance = await client.admin.addGenericOIDCProvider(request);
    expect([own.details?.resourceOwner, instance.details?.resourceOwner]).toEqual([
      emulator.orgId,
      emulator.instanceId,
    ]);
    expect(own.id).toMatch(/^\d{18}$/);
  });

  test("shares no state with another emulator", async () => {
    const [one, two] = [createEmulator(), createEmulator()];
    expect(one.token).not.toBe(two.token);
    await createManagementClient(one.transport()).addGenericOIDCProvider(request, {
      headers: { authorization: `Bearer ${one.token}` },
    });
    const { result } = await createManagementClient(two.transport()).listProviders(
      {},
      {
        headers: { authorization: `Bearer ${two.token}` },
      },
    );
    expect(result).toEqual([]);
  });

  test("starts with the providers of its seed", async () => {
    const emulator = createEmulator({
      seed: {
        instance: { id: "1", domain: "login.test" },
        organizations: [{ id: "2", name: "Acme" }],
        serviceUsers: [
          {
            name: "ci",
            organization: "Acme",
            token: "t",
            organizationRoles: { "2": ["ORG_OWNER"] },
          },
        ],
        providers: [
          { owner: "Acme", rpc: "AddGenericOIDCProvider", request },
          {
            owner: "instance",
            rpc: "AddJWTProvider",
            request: {
              name: "jwt",
              jwtEndpoint: "j",
              issuer: "i",
              keysEndpoint: "k",
              headerName: "h",
            },
          },
        ],
      },
    });
    const client = createIdpClient({
      baseUrl: "http://login.test",
      auth: "t",
      allowInsecureAuth: true,
      fetch: emulator.fetch,
    });
    const { result } = await client.management.listProviders({});
    const seen = result.map(({ name, owner, type }) => ({ name, owner, type }));
    expect(seen.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: "jwt", owner: IDPOwnerType.IDP_OWNER_TYPE_SYSTEM, type: ProviderType.JWT },
      { name: "n", owner: IDPOwnerType.IDP_OWNER_TYPE_ORG, type: ProviderType.OIDC },
    ]);
  });

  test("never returns a secret", async () => {
    const emulator = createEmulator();
    const answers: string[] = [];
    const client = createIdpClient({
      baseUrl: emulator.url,
      auth: emulator.token,
      fetch: async (input, init) => {
        const response = await emulator.fetch(input, init);
        answers.push(await response.clone().text());
        return response;
      },
    });
    const clientSecret = "planted-secret";
    const { id } = await client.management.addGenericOIDCProvider({ ...request, clientSecret });
    await client.management.updateGenericOIDCProvider({ ...request, id, clientSecret });
    await client.management.getProviderByID({ id });
    await client.management.listProviders({});
    await client.management.addGenericOIDCProvider({ clientSecret }).catch(() => undefined);
    expect(answers.length).toBe(5);
    expect(answers.join()).not.toContain(clientSecret);
  });
});

describe("listening", () => {
  test("gRPC, gRPC-web and REST share one port, and a second listener shows the same state", async () => {
    await using emulator = createEmulator();
    const [first, second] = [await emulator.listen(), await emulator.listen()];
    await using grpc = createIdpClient({
      baseUrl: first.url,
      auth: emulator.token,
      protocol: "grpc",
    });
    await using json = createIdpClient({
      baseUrl: second.url,
      auth: emulator.token,
      protocol: "json",
    });
    const { id } = await grpc.management.addGenericOIDCProvider(request);
    await expect(json.management.getProviderByID({ id })).resolves.toMatchObject({ idp: { id } });
  });

  test("rejects if the port is in use", async () => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    await expect(emulator.listen({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("refuses connections after close, and ends open ones", async () => {
    const emulator = createEmulator();
    const { port, url } = await emulator.listen();
    const client = createIdpClient({ baseUrl: url, auth: emulator.token, protocol: "json" });
    await client.management.listProviders({});
    await emulator.close();
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unavailable,
    });
    await expect(
      sendRaw(port, { method: "GET", path: "/debug/healthz", headers: {} }),
    ).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  test("accepts an HTTP/2 preface that arrives byte by byte", async () => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    const socket = connect(port, "127.0.0.1").setNoDelay(true);
    const preface = Buffer.concat([
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      Buffer.from("000000040000000000", "hex"),
    ]);
    for (const byte of preface) {
      await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()));
    }
    const frame = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(frame[3]).toBe(4); // SETTINGS
    socket.destroy();
  });

  test.each([
    ["a TLS handshake", Buffer.from("\x16\x03\x01 this is TLS")],
    ["a preface with a wrong end", Buffer.from("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")],
    ["an endless header", Buffer.from(`GET / HTTP/1.1\r\nx: ${"x".repeat(2_000_000)}`)],
  ])("%s does not affect other connections", async (_, bytes) => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    const hostile = connect(port, "127.0.0.1").on("error", () => undefined);
    hostile.write(bytes);
    await new Promise((resolve) => hostile.resume().once("close", resolve));
    const { status } = await sendRaw(port, { method: "GET", path: "/debug/healthz", headers: {} });
    expect(status).toBe(200);
  });
});
