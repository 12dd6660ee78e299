import { type DescField, type DescMessage, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { ProviderConfigSchema, ProviderTypeSchema } from "../../gen/zitadel/idp_pb.js";
import { IDPConfigSchema, IDPSchema, IDPTypeSchema } from "../../gen/zitadel/idp/v2/idp_pb.js";
import {
  GetIDPByIDRequestSchema,
  IdentityProviderService,
} from "../../gen/zitadel/idp/v2/idp_service_pb.js";
import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.js";
import { v2Codecs } from "../../src/emulator/wire/v2-codecs.js";
import { sendRaw, type RawResponse } from "../support/raw-http.js";

const path = `/${IdentityProviderService.typeName}/GetIDPByID`;
const organization = "100000000000000001";

let emulator: Emulator;
let listener: Listener;
let zitadel: IdpClient;
/** The id of a provider of the organization, and of one of the instance. */
let [ownId, instanceId] = ["", ""];
beforeAll(async () => {
  emulator = createEmulator({
    lagMs: 60_000,
    seed: {
      organizations: [{ id: organization, name: "org" }],
      serviceUsers: [
        { name: "owner", organization: "org", token: "owner", instanceRoles: ["IAM_OWNER"] },
        {
          name: "manager",
          organization: "org",
          token: "manager",
          instanceRoles: ["IAM_ORG_MANAGER"],
        },
        {
          name: "org owner",
          organization: "org",
          token: "org-owner",
          organizationRoles: { [organization]: ["ORG_OWNER"] },
        },
        { name: "nobody", organization: "org", token: "nobody" },
      ],
    },
  });
  listener = await emulator.listen();
  zitadel = createIdpClient({ baseUrl: listener.url, auth: "owner" });
  ({ id: ownId } = await zitadel.management.addGenericOAuthProvider({
    name: "own",
    clientId: "c",
    clientSecret: "s",
    authorizationEndpoint: "a",
    tokenEndpoint: "t",
    userEndpoint: "u",
    idAttribute: "i",
    scopes: ["x", "y"],
    usePkce: true,
    providerOptions: { isAutoUpdate: true },
  }));
  ({ id: instanceId } = await zitadel.admin.addGoogleProvider({
    clientId: "c",
    clientSecret: "s",
  }));
});
afterAll(async () => {
  await zitadel.close();
  await emulator.close();
});

const transports: Record<string, (baseUrl: string) => Transport> = {
  "Connect with JSON": (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  "Connect with protobuf": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect over HTTP/2": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC with JSON": (baseUrl) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  "gRPC-web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "gRPC-web with JSON": (baseUrl) =>
    createGrpcWebTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
};

describe.each(Object.entries(transports))("a read over %s", (_, createTransport) => {
  const get = async (id: string, token = "owner"): Promise<unknown> => {
    const client = createClient(IdentityProviderService, createTransport(listener.url));
    const headers = { authorization: `Bearer ${token}` };
    const { idp } = await client.getIDPByID({ id }, { headers });
    return idp && toJson(IDPSchema, idp);
  };

  test("returns the provider at once, without the parts that only the v1 services return", async () => {
    const time = expect.stringMatching(/Z$/) as string;
    expect(await get(ownId)).toEqual({
      id: ownId,
      details: {
        sequence: expect.any(String) as string,
        changeDate: time,
        creationDate: time,
        resourceOwner: organization,
      },
      state: "IDP_STATE_ACTIVE",
      name: "own",
      type: "IDP_TYPE_OAUTH",
      config: {
        options: { isAutoUpdate: true },
        oauth: {
          clientId: "c",
          authorizationEndpoint: "a",
          tokenEndpoint: "t",
          userEndpoint: "u",
          idAttribute: "i",
          scopes: ["x", "y"],
        },
      },
    });
  });

  test.each([
    ["an id that no provider has", "1", "nobody", Code.NotFound, "QUERY-SAFrt"],
    ["a caller without roles", "own", "nobody", Code.NotFound, "AUTHZ-cdgFk"],
    [
      "a provider of the instance, by an organization's owner",
      "instance",
      "org-owner",
      Code.NotFound,
      "AUTHZ-cdgFk",
    ],
    [
      "a provider of the instance, by a manager of organizations",
      "instance",
      "manager",
      Code.PermissionDenied,
      "AUTH-AWfge",
    ],
    ["an unknown token", "own", "someone", Code.Unauthenticated, "AUTH-7fs1e"],
  ])("fails for %s", async (_case, which, token, code, errorId) => {
    const ids: Record<string, string> = { own: ownId, instance: instanceId };
    const error = ConnectError.from(await get(ids[which] ?? which, token).catch((e: unknown) => e));
    expect([error.code, error.findDetails(ErrorDetailSchema)[0]?.id]).toEqual([code, errorId]);
    expect(emulator.log.at(-1)).toMatchObject({
      rpc: "GetIDPByID",
      code: Code[code]?.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase(),
      errorId,
    });
  });
});

describe("the Connect protocol", () => {
  const post = (
    body: string | Buffer,
    headers: Record<string, string> = {},
    target = path,
  ): Promise<RawResponse> =>
    sendRaw(listener.port, {
      method: "POST",
      path: target,
      headers: {
        authorization: "Bearer owner",
        "content-type": "application/json",
        connection: "keep-alive",
        ...headers,
      },
      body: Buffer.from(body),
    });
  const request = '{"id":"1"}';
  const describeError = ({ status, headers, body }: RawResponse): unknown => {
    const { code, message } = JSON.parse(body.toString()) as Record<string, unknown>;
    return { status, code, message, hasRequestId: "x-request-id" in headers };
  };

  test.each([
    [
      "an unknown version",
      request,
      { "connect-protocol-version": "2" },
      'connect-protocol-version must be "1": got "2"',
    ],
    [
      "a timeout that is no number",
      request,
      { "connect-timeout-ms": "1s" },
      'parse timeout: strconv.ParseInt: parsing "1s": invalid syntax',
    ],
    [
      "a timeout of 11 digits",
      request,
      { "connect-timeout-ms": "12345678901" },
      'parse timeout: "12345678901" has >10 digits',
    ],
    ["an empty body", "", {}, "unmarshal message: zero-length payload is not a valid JSON object"],
    [
      "a body of blanks",
      " ",
      {},
      "unmarshal message: unmarshal into *idp.GetIDPByIDRequest: proto: syntax error (line 1:2): unexpected token ",
    ],
    [
      "a wrong type",
      '{"id":1}',
      {},
      "unmarshal message: unmarshal into *idp.GetIDPByIDRequest: proto: (line 1:7): invalid value for string field id: 1",
    ],
    [
      "text after the message",
      '{"id":"1"} 2',
      {},
      "unmarshal message: unmarshal into *idp.GetIDPByIDRequest: proto: syntax error (line 1:12): unexpected token 2",
    ],
    [
      "bytes that are no message",
      "\u0001",
      { "content-type": "application/proto" },
      "unmarshal message: unmarshal into *idp.GetIDPByIDRequest: proto: cannot parse invalid wire-format data",
    ],
    [
      "bytes that are not gzip",
      request,
      { "content-encoding": "gzip" },
      "get decompressor: gzip: invalid header",
    ],
  ] as const)("rejects %s before the call gets an id", async (_, body, headers, message) => {
    expect(describeError(await post(body, headers))).toEqual({
      status: 400,
      code: "invalid_argument",
      message,
      hasRequestId: false,
    });
  });

  test("rejects an unknown compression", async () => {
    expect(describeError(await post(request, { "content-encoding": "br" }))).toMatchObject({
      status: 501,
      code: "unimplemented",
      message: 'unknown compression "br": supported encodings are gzip',
    });
  });

  test.each([
    ["a timeout that the server can meet", { "connect-timeout-ms": "5" }, "not_found"],
    ["a timeout that the server cannot meet", { "connect-timeout-ms": "4" }, "permission_denied"],
    [
      "a content type with a charset",
      { "content-type": "Application/JSON;charset=UTF-8" },
      "not_found",
    ],
  ] as const)("takes %s", async (_, headers, code) => {
    expect(describeError(await post(request, headers))).toMatchObject({ code, hasRequestId: true });
  });

  test.each([
    ["text/plain", 415],
    ["application/connect+json", 415],
    ["application/grpc-web-text", 415],
    ["application/grpc", 404],
  ])("answers a request with the content type %s over HTTP/1 with %i", async (type, status) => {
    expect((await post(request, { "content-type": type })).status).toBe(status);
  });

  test("sends a response with the headers of the v1 services, compressed if the client accepts it", async () => {
    const body = JSON.stringify({ id: ownId });
    const plain = await post(body);
    expect(Object.keys(plain.headers).toSorted()).toEqual([
      "accept-encoding",
      "cache-control",
      "content-length",
      "content-type",
      "date",
      "expires",
      "pragma",
      "vary",
      "x-request-id",
      "x-robots-tag",
    ]);
    const compressed = await post(body, { "accept-encoding": "br, gzip" });
    expect(compressed.headers["content-encoding"]).toBe("gzip");
    expect([...compressed.body.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });

  test("is supported by the service that starts sign-ins", async () => {
    const client = createClient(
      UserService,
      createConnectTransport({ baseUrl: listener.url, httpVersion: "1.1" }),
    );
    const urls = { successUrl: "https://a.example", failureUrl: "https://a.example" };
    const call = client.startIdentityProviderIntent(
      { idpId: "1", content: { case: "urls", value: urls } },
      { headers: { authorization: "Bearer owner" } },
    );
    await expect(call).rejects.toThrow("COMMAND-as02jin");
  });

  test.each([
    ["an RPC that the emulator does not have", "RetrieveIdentityProviderIntent", 501],
    ["an RPC that the server does not have", "Nope", 404],
  ])("has an error for %s", async (_, name, status) => {
    expect((await post("{}", {}, `/${UserService.typeName}/${name}`)).status).toBe(status);
  });

  test("obeys faults", async () => {
    const fault = emulator.inject({
      rpc: "GetIDPByID",
      times: 1,
      fault: { type: "status", code: Code.Unavailable },
    });
    expect(describeError(await post(request))).toMatchObject({ status: 503, code: "unavailable" });
    fault.remove();
  });
});

test("the fields and enums of the v2 service have the numbers, names and types of the v1 services", () => {
  const describeField = (field: DescField | undefined): unknown => ({
    name: field?.name,
    kind: field?.fieldKind,
    scalar: field?.scalar,
    values: field?.enum?.values.map(({ name, number }) => [name, number]),
  });
  const seen: string[] = [];
  const compare = (v2: DescMessage, v1: DescMessage): void => {
    for (const field of v2.fields) {
      const name = `${v2.name}.${field.name}`;
      const twin = v1.fields.find(({ number }) => number === field.number);
      if (name !== "LDAPAttributes.root_ca") {
        expect(describeField(field), name).toEqual(describeField(twin));
        seen.push(name);
      }
      if (field.message !== undefined && twin?.message !== undefined) {
        compare(field.message, twin.message);
      }
    }
  };
  compare(IDPConfigSchema, ProviderConfigSchema);
  expect(seen.length).toBeGreaterThan(80);
  expect(
    IDPTypeSchema.values.map(({ name, number }) => [name.slice("IDP".length), number]),
  ).toEqual(
    ProviderTypeSchema.values.map(({ name, number }) => [name.slice("PROVIDER".length), number]),
  );
});

// The texts are those of protobuf-go 1.36.12, with which the reader also agrees on 60,000 randomly damaged documents.
test.each([
  ["{", "unexpected EOF"],
  ['{"id"', "unexpected EOF"],
  ['{"id":"1"', "unexpected EOF"],
  ['{"id":"1",', "unexpected EOF"],
  ['{"id":"1', "unexpected EOF"],
  ['{"id":"\\u00', "unexpected EOF"],
  ["[]", "syntax error (line 1:1): unexpected token ["],
  ["id", "syntax error (line 1:1): invalid value id"],
  ["{]", "syntax error (line 1:2): unexpected token ]"],
  ['{"id" "1"}', 'syntax error (line 1:7): unexpected character ", missing ":" after field name'],
  ['{"id":}', "syntax error (line 1:7): unexpected token }"],
  ['{"id":"1",}', "syntax error (line 1:11): unexpected token }"],
  ['{"id":"1" "x":1}', 'syntax error (line 1:11): unexpected token "x"'],
  ['{"id":\n truex}', "syntax error (line 2:2): invalid value truex"],
  ['{"id":01}', "syntax error (line 1:7): invalid value 01"],
  ['{"id":"\t"}', "syntax error (line 1:7): invalid character '\\t' in string"],
  ['{"id":"\\x"}', 'syntax error (line 1:7): invalid escape code "\\\\x" in string'],
  ['{"nope":[1,{"a":[]}],"id":"1"}}', "syntax error (line 1:31): unexpected token }"],
  // A mistake in the content wins if it comes first.
  ['{"id":1, nope', "(line 1:7): invalid value for string field id: 1"],
])("the JSON text %j has the mistake %j", (text, mistake) => {
  expect(() => v2Codecs.json.decode(GetIDPByIDRequestSchema, Buffer.from(text))).toThrow(
    expect.objectContaining({
      rawMessage: `unmarshal message: unmarshal into *idp.GetIDPByIDRequest: proto: ${mistake}`,
    }) as Error,
  );
});
