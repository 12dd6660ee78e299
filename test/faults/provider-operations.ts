import { TextQueryMethod } from "zitadel-idp/idp";
import type { Provider } from "zitadel-idp/idp";
import { providerRequests } from "../support/add-requests.js";
import type { ExpectedObject } from "./expected-state.js";
import { expectStored } from "./expected-state.js";
import type { OperationContext, Operation, OperationKind } from "./operation.js";

const types = Object.keys(providerRequests);

/** The operations on providers of all types. The stored name shows which operation wrote it, because each has its own. */
export const providerOperations: readonly OperationKind[] = [
  { weight: 26, create: add },
  { weight: 24, create: update },
  { weight: 9, create: remove },
  { weight: 2, create: migrate },
  { weight: 2, create: regenerate },
  { weight: 6, create: get },
  { weight: 6, create: list },
];

/** Returns the request that adds or updates a provider of a type. */
function requestOf(type: string, name: string): Record<string, unknown> {
  const request = { ...providerRequests[type], name };
  return "clientId" in request ? { ...request, clientId: `c-${name}` } : request;
}

function add({ random, name, expected, level }: OperationContext): Operation {
  const type = random.pick(types);
  const owner = expected.owner(level);
  const findCreatedIds = (): string[] =>
    [...owner.providers.values()]
      .filter(({ view }) => view.name === name)
      .map(({ view }) => view.id);
  return {
    level,
    rpc: `Add${type}Provider`,
    request: requestOf(type, name),
    findCreatedIds,
    isInStore: () => findCreatedIds().length > 0,
    findResponseMistake: ({ id }) =>
      id === findCreatedIds()[0] ? undefined : `the id in the response is "${String(id)}"`,
    updateExpectedState: () => {
      for (const id of findCreatedIds()) {
        expectStored(expected, { id, level, family: "provider", type, content: "", changedMs: 0 });
      }
    },
  };
}

function pickObject(
  { random, expected, level }: OperationContext,
  isMatch: (object: ExpectedObject) => boolean = () => true,
): ExpectedObject | undefined {
  const objects = [...expected.objects.values()].filter(
    (object) => object.family === "provider" && object.level === level && isMatch(object),
  );
  return objects.length === 0 ? undefined : random.pick(objects);
}

function update(context: OperationContext): Operation | undefined {
  const { name, expected, level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: `Update${object.type}Provider`,
      request: { ...requestOf(object.type, name), id: object.id },
      isInStore: () => expected.owner(level).providers.get(object.id)?.view.name === name,
      updateExpectedState: () => expectStored(expected, object),
    }
  );
}

function remove(context: OperationContext): Operation | undefined {
  const { expected, level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: "DeleteProvider",
      request: { id: object.id },
      isInStore: () => !expected.owner(level).providers.has(object.id),
      // ZITADEL rejects the deletion with the error for a missing provider, although the provider exists. It must not count as done.
      ...(object.type === "Zitadel" && {
        rejectionId: level === "admin" ? "INST-Se3tg" : "ORG-Se3tg",
      }),
      updateExpectedState: () => expectStored(expected, object),
    }
  );
}

/** Creates a migration. It is not idempotent: a second one finds no generic OIDC provider. */
function migrate(context: OperationContext): Operation | undefined {
  const { random, name, expected, level } = context;
  const object = pickObject(context, ({ type }) => type === "GenericOIDC");
  if (object === undefined) {
    return undefined;
  }
  const [type, field] = random.pick([
    ["AzureAD", "azure"],
    ["Google", "google"],
  ] as const);
  const isInStore = (): boolean =>
    expected.owner(level).providers.get(object.id)?.view.name === name;
  return {
    level,
    rpc: "MigrateGenericOIDCProvider",
    request: { id: object.id, template: { case: field, value: requestOf(type, name) } },
    isInStore,
    updateExpectedState: () => expectStored(expected, isInStore() ? { ...object, type } : object),
  };
}

/** Creates the regeneration of a certificate. It is not idempotent: a second one creates another certificate. */
function regenerate(context: OperationContext): Operation | undefined {
  const { expected, level } = context;
  const object = pickObject(context, ({ type }) => type === "SAML");
  if (object === undefined) {
    return undefined;
  }
  const stored = expected.owner(level).providers.get(object.id);
  const before = stored?.certificate;
  return {
    level,
    rpc: "RegenerateSAMLProviderCertificate",
    request: { id: object.id },
    isInStore: () => stored?.certificate !== before,
    updateExpectedState: () => expectStored(expected, object),
  };
}

function get(context: OperationContext): Operation | undefined {
  const { expected, level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: "GetProviderByID",
      request: { id: object.id },
      findResponseMistake: ({ idp }) => {
        const read = idp as Provider | undefined;
        const name = expected.owner(level).providers.get(object.id)?.view.name;
        return read?.id === object.id && read.name === name
          ? undefined
          : `read "${read?.name}" instead of "${name}"`;
      },
    }
  );
}

function list(context: OperationContext): Operation | undefined {
  const { expected, level, lagMs } = context;
  const isShown = ({ changedMs }: ExpectedObject): boolean =>
    performance.now() - changedMs > lagMs + 100;
  const object = pickObject(context, isShown);
  const stored = object && expected.owner(level).providers.get(object.id)?.view;
  if (object === undefined || stored === undefined) {
    return undefined;
  }
  const query = { name: stored.name, method: TextQueryMethod.EQUALS };
  return {
    level,
    rpc: "ListProviders",
    request: { queries: [{ query: { case: "idpNameQuery", value: query } }] },
    findResponseMistake: ({ result }) => {
      const ids = (result as Provider[]).map(({ id }) => id).join();
      return ids === object.id ? undefined : `listed "${ids}" instead of "${object.id}"`;
    },
  };
}
