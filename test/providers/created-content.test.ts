import {
  clone,
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createEmulator } from "zitadel-idp/emulator";
import {
  AutoLinkingOption,
  AzureADTenantType,
  type IDP,
  IDPSchema,
  type LoginPolicy,
  LoginPolicySchema,
  type Provider,
  ProviderSchema,
  SAMLNameIDFormat,
} from "zitadel-idp/idp";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import {
  legacyConfigCases,
  createdProviderTypes,
} from "../../src/providers/resolve-create/add-methods.js";
import {
  hasLegacyContent,
  hasPolicyContent,
  hasProviderContent,
} from "../../src/providers/resolve-create/created-content.js";
import { createRandom, type Random, randomMessage } from "../support/random-message.js";
import {
  type Add,
  adds,
  type AnyClient,
  bearer,
  call,
  clientOver,
  type Given,
  inputOf,
  seedOf,
} from "./add-rpcs.js";

// Use protobuf, which carries enum numbers that the schema does not know.
function open(side: Add["side"]): AnyClient {
  const { url: baseUrl, fetch, token } = createEmulator();
  return clientOver(
    createGrpcWebTransport({ baseUrl, fetch, interceptors: [bearer(token)] }),
    side,
  );
}

/** The way to read and compare the content of an object that an Add creates. */
interface Content {
  readonly schema: DescMessage;
  read(client: AnyClient, response: Record<string, unknown>): Promise<Message>;
  isSame(request: Given, object: Message): boolean;
  /** The paths of fields that the request does not determine. */
  readonly beyond: RegExp;
}

function contentOf({ family, method, side }: Add): Content {
  switch (family) {
    case "provider": {
      const kind = createdProviderTypes[method as keyof typeof createdProviderTypes];
      return {
        schema: ProviderSchema,
        read: async (client, { id }) =>
          (await call(client, "getProviderByID", { id }))["idp"] as Provider,
        isSame: (request, object) => hasProviderContent(kind, request, object as Provider),
        beyond: /^(id|details|state|owner|type)\b/,
      };
    }
    case "legacy": {
      const kind = legacyConfigCases[method as keyof typeof legacyConfigCases];
      const list = side === "admin" ? "listIDPs" : "listOrgIDPs";
      return {
        schema: IDPSchema,
        read: async (client, { idpId }) => {
          const { result } = (await call(client, list, {})) as { result: IDP[] };
          return result.find(({ id }) => id === idpId) as IDP;
        },
        isSame: (request, object) => hasLegacyContent(kind, request, object as IDP),
        beyond: /^(id|details|state|owner)\b/,
      };
    }
    default:
      return {
        schema: LoginPolicySchema,
        read: async (client) => (await call(client, "getLoginPolicy", {}))["policy"] as LoginPolicy,
        isSame: (request, object) => hasPolicyContent(request, object as LoginPolicy),
        beyond: /^(details|idps\[\d+\]\.idp_(name|type))\b/,
      };
  }
}

const compared = adds.filter(({ family }) => family !== "link");
const rounds = 8;

describe.each(compared)("$side $method", (add) => {
  test("a random request matches the object that it creates, and no object that differs in any field", async () => {
    const random = createRandom(seedOf(`${add.side} ${add.method}`));
    const { schema, read, isSame, beyond } = contentOf(add);
    const touched = new Set<string>();
    for (let made = 0, tries = 0; made < rounds; tries++) {
      expect(tries, "random requests are rejected too often").toBeLessThan(100 * rounds);
      const client = open(add.side);
      const request = await randomRequest(add, random, client);
      const response = await call(client, add.method, request).catch(refusal);
      if (response === undefined) {
        continue;
      }
      made++;
      const object = await read(client, response);
      expect(isSame(request as unknown as Given, object), JSON.stringify(show(request))).toBe(true);
      for (const { path, changed } of variants(schema, object)) {
        if (!beyond.test(path)) {
          touched.add(path);
          expect(isSame(request as unknown as Given, changed), path).toBe(false);
        }
      }
    }
    expect(touched.size).toBeGreaterThan(4);
  });
});

/**
 * Returns undefined if the server rejected the request. Then the test tries another random request; any other error fails the
 * test.
 */
function refusal(error: unknown): undefined {
  const { code } = ConnectError.from(error);
  // The database rejects a NUL, which has the code `unknown`.
  expect([Code.InvalidArgument, Code.Unknown], String(error)).toContain(code);
}

/** Creates a valid request with random fields. */
async function randomRequest(add: Add, random: Random, client: AnyClient): Promise<Message> {
  const input = inputOf(add);
  const request = reflect(input, create(input, add.request));
  const chance = random.pick([0.1, 0.3, 0.6]);
  const more = reflect(input, randomMessage(input, random, { maxDepth: 3 }));
  for (const field of input.fields) {
    const isSecret = field.proto.options?.debugRedact ?? false;
    if (!isSecret && field.oneof === undefined && random.chance(chance)) {
      request.clear(field);
      if (more.isSet(field)) {
        request.set(field, more.get(field));
      }
    }
  }
  if (add.family === "policy") {
    const { id } = await call(client, "addGoogleProvider", { clientId: "c", clientSecret: "s" });
    const { $typeName: _, ...fields } = request.message;
    return create(input, {
      ...fields,
      defaultRedirectUri: "",
      idps: random.chance(0.5) ? [{ idpId: id, ownerType: 2 }] : [],
    });
  }
  return request.message;
}

interface Variant {
  readonly path: string;
  readonly changed: Message;
}

/** Returns variants of a message, each with one changed leaf. */
function variants(desc: DescMessage, message: Message): Variant[] {
  return desc.fields.flatMap((field) => {
    const current = reflect(desc, message);
    if (field.oneof !== undefined && !current.isSet(field)) {
      return [];
    }
    return changes(field, current).map(({ path, value }) => {
      const changed = reflect(desc, clone(desc, message));
      if (value === undefined) {
        changed.clear(field);
      } else {
        changed.set(field, value);
      }
      return { path: `${field.name}${path}`, changed: changed.message };
    });
  });
}

/** Returns other values of a field. */
function changes(field: DescField, message: ReflectMessage): { path: string; value: unknown }[] {
  switch (field.fieldKind) {
    case "message": {
      const part: unknown = message.get(field);
      if (!isReflectMessage(part)) {
        return [];
      }
      const inner = variants(field.message, part.message);
      // Wrap each one anew, because the message then owns it.
      const changed = inner.map(({ path, changed: value }) => ({
        path: `.${path}`,
        value: reflect(field.message, value),
      }));
      // Reads always set empty messages, so their presence has no meaning.
      return message.isSet(field) ? changed : [];
    }
    case "list": {
      const items = [...message.get(field)];
      const [first, ...others] = items;
      const shorter = items.length > 0 ? [{ path: "[-]", value: listOf(field, others) }] : [];
      if (isReflectMessage(first)) {
        const changed = variants(first.desc, first.message).map(({ path, changed: item }) => ({
          path: `[0].${path}`,
          value: listOf(field, [reflect(first.desc, item), ...others]),
        }));
        return [...changed, ...shorter];
      }
      if (field.listKind === "message") {
        return [];
      }
      const other = another(field, first);
      const changed =
        items.length > 0 ? [{ path: "[0]", value: listOf(field, [other, ...others]) }] : [];
      return [{ path: "[+]", value: listOf(field, [...items, other]) }, ...changed, ...shorter];
    }
    case "map":
      return [];
    default:
      return [{ path: "", value: another(field, message.get(field)) }];
  }
}

function listOf(field: DescField & { fieldKind: "list" }, items: readonly unknown[]): unknown {
  const filled = reflect(field.parent).get(field);
  for (const item of items) {
    filled.add(item);
  }
  return filled;
}

/** Returns another value of the same type. */
function another(field: DescField, value: unknown): unknown {
  if (field.enum !== undefined) {
    return field.enum.values.find(({ number }) => number !== (value ?? 0))?.number;
  }
  switch (field.scalar) {
    case ScalarType.BOOL:
      return value !== true;
    case ScalarType.STRING:
      return `${String(value ?? "")}x`;
    case ScalarType.BYTES:
      return Uint8Array.of(...((value as Uint8Array | undefined) ?? []), 1);
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return ((value as bigint | undefined) ?? 0n) + 1n;
    default:
      return Number(value ?? 0) === 0 ? 1 : 0;
  }
}

function show(message: Message): unknown {
  return JSON.parse(
    JSON.stringify(message, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    ),
  );
}

describe("values that the server stores in another form", () => {
  const providers = adds.filter(
    ({ side, family }) => side === "management" && family === "provider",
  );
  const cases: readonly { name: string; method: string; part: Given }[] = [
    { name: "blanks around the name", method: "addJWTProvider", part: { name: " \u0085n\u3000" } },
    {
      name: "a byte order mark around the name",
      method: "addJWTProvider",
      part: { name: "\uFEFFn" },
    },
    {
      name: "a name of blanks where the name is optional",
      method: "addGoogleProvider",
      part: { name: "  " },
    },
    {
      name: "blanks around an optional name",
      method: "addGitHubProvider",
      part: { name: " n " },
    },
    { name: "no name", method: "addGitLabProvider", part: { name: "" } },
    { name: "LIKE patterns in the name", method: "addAppleProvider", part: { name: "%_" } },
    { name: "blanks around an issuer", method: "addGenericOIDCProvider", part: { issuer: " i " } },
    { name: "blanks around an audience", method: "addJWTProvider", part: { audience: " a " } },
    { name: "no tenant", method: "addAzureADProvider", part: {} },
    { name: "a tenant without a member", method: "addAzureADProvider", part: { tenant: {} } },
    ...["common", "organizations", "consumers", "t", ""].map((value) => ({
      name: `the tenant id "${value}"`,
      method: "addAzureADProvider",
      part: { tenant: { type: { case: "tenantId", value } } },
    })),
    ...[AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS, 9].map((value) => ({
      name: `the tenant type ${value}`,
      method: "addAzureADProvider",
      part: { tenant: { type: { case: "tenantType", value } } },
    })),
    { name: "no LDAP timeout", method: "addLDAPProvider", part: {} },
    { name: "a timeout of zero", method: "addLDAPProvider", part: { timeout: { seconds: 0n } } },
    {
      name: "a timeout above the maximum",
      method: "addLDAPProvider",
      part: { timeout: { seconds: 315576000000n } },
    },
    {
      name: "a timeout below the minimum",
      method: "addLDAPProvider",
      part: { timeout: { seconds: -315576000000n } },
    },
    {
      name: "LDAP attributes",
      method: "addLDAPProvider",
      part: { attributes: { idAttribute: " id " } },
    },
    ...[undefined, SAMLNameIDFormat.SAML_NAME_ID_FORMAT_UNSPECIFIED, 3, 9].map((nameIdFormat) => ({
      name: `the name id format ${nameIdFormat}`,
      method: "addSAMLProvider",
      part: nameIdFormat === undefined ? {} : { nameIdFormat },
    })),
    {
      name: "SAML options",
      method: "addSAMLProvider",
      part: {
        transientMappingAttributeName: " a ",
        federatedLogoutEnabled: true,
        signatureAlgorithm: 2,
        binding: 9,
      },
    },
    ...[AutoLinkingOption.EMAIL, 9].map((autoLinking) => ({
      name: `the auto linking ${autoLinking}`,
      method: "addGoogleProvider",
      part: { providerOptions: { autoLinking } },
    })),
  ];

  test.each(cases)("$name ($method) still counts as the same content", async ({ method, part }) => {
    const add = providers.find((each) => each.method === method) as Add;
    const { read, isSame } = contentOf(add);
    const client = open("management");
    const request = { ...add.request, ...part };
    const object = await read(client, await call(client, method, request));
    expect(isSame(request, object)).toBe(true);
  });

  test("a type with the same fields is not the same content", async () => {
    const client = open("management");
    const request = { name: "n", clientId: "c", clientSecret: "s" };
    const alike = ["addGitHubProvider", "addGitLabProvider", "addGoogleProvider"] as const;
    for (const method of alike) {
      const { id } = await call(client, method, request);
      const { idp } = await call(client, "getProviderByID", { id });
      const same = alike.filter((each) =>
        hasProviderContent(createdProviderTypes[each], request, idp as Provider),
      );
      expect(same).toEqual([method]);
    }
  });
});
