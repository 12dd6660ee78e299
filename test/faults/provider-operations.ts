import { TextQueryMethod } from "zitadel-idp/idp";
import type { Provider } from "zitadel-idp/idp";
import { providerRequests } from "../support/add-requests.js";
import type { Item } from "./estate.js";
import { refresh } from "./estate.js";
import type { Occasion, Operation, OperationKind } from "./operation.js";

const types = Object.keys(providerRequests);

/** The operations on providers of all types. Each write has a name that no other has, and so leaves a trace. */
export const providerOperations: readonly OperationKind[] = [
  { weight: 26, make: add },
  { weight: 24, make: update },
  { weight: 9, make: remove },
  { weight: 2, make: migrate },
  { weight: 2, make: regenerate },
  { weight: 6, make: get },
  { weight: 6, make: list },
];

/** A request for an add or an update of this type. */
function requestOf(type: string, name: string): Record<string, unknown> {
  const request = { ...providerRequests[type], name };
  return "clientId" in request ? { ...request, clientId: `c-${name}` } : request;
}

function add({ random, name, estate, level }: Occasion): Operation {
  const type = random.pick(types);
  const owner = estate.owner(level);
  const made = (): string[] =>
    [...owner.providers.values()]
      .filter(({ view }) => view.name === name)
      .map(({ view }) => view.id);
  return {
    level,
    rpc: `Add${type}Provider`,
    request: requestOf(type, name),
    made,
    isDone: () => made().length > 0,
    check: ({ id }) => (id === made()[0] ? undefined : `the id in the answer is "${String(id)}"`),
    settle: () => {
      for (const id of made()) {
        refresh(estate, { id, level, family: "provider", type, content: "", changedMs: 0 });
      }
    },
  };
}

function own(
  { random, estate, level }: Occasion,
  isMeant: (item: Item) => boolean = () => true,
): Item | undefined {
  const items = [...estate.items.values()].filter(
    (item) => item.family === "provider" && item.level === level && isMeant(item),
  );
  return items.length === 0 ? undefined : random.pick(items);
}

function update(occasion: Occasion): Operation | undefined {
  const { name, estate, level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: `Update${item.type}Provider`,
      request: { ...requestOf(item.type, name), id: item.id },
      isDone: () => estate.owner(level).providers.get(item.id)?.view.name === name,
      settle: () => refresh(estate, item),
    }
  );
}

function remove(occasion: Occasion): Operation | undefined {
  const { estate, level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: "DeleteProvider",
      request: { id: item.id },
      isDone: () => !estate.owner(level).providers.has(item.id),
      // The error of a provider that is gone, for one that stays: not to be taken for done.
      ...(item.type === "Zitadel" && { refusal: level === "admin" ? "INST-Se3tg" : "ORG-Se3tg" }),
      settle: () => refresh(estate, item),
    }
  );
}

/** Not to be repeated: a second one finds no Generic OIDC provider any more. */
function migrate(occasion: Occasion): Operation | undefined {
  const { random, name, estate, level } = occasion;
  const item = own(occasion, ({ type }) => type === "GenericOIDC");
  if (item === undefined) {
    return undefined;
  }
  const [type, field] = random.pick([
    ["AzureAD", "azure"],
    ["Google", "google"],
  ] as const);
  const isDone = (): boolean => estate.owner(level).providers.get(item.id)?.view.name === name;
  return {
    level,
    rpc: "MigrateGenericOIDCProvider",
    request: { id: item.id, template: { case: field, value: requestOf(type, name) } },
    isDone,
    settle: () => refresh(estate, isDone() ? { ...item, type } : item),
  };
}

/** Not to be repeated: a second one makes a second certificate. */
function regenerate(occasion: Occasion): Operation | undefined {
  const { estate, level } = occasion;
  const item = own(occasion, ({ type }) => type === "SAML");
  if (item === undefined) {
    return undefined;
  }
  const stored = estate.owner(level).providers.get(item.id);
  const before = stored?.certificate;
  return {
    level,
    rpc: "RegenerateSAMLProviderCertificate",
    request: { id: item.id },
    isDone: () => stored?.certificate !== before,
    settle: () => refresh(estate, item),
  };
}

function get(occasion: Occasion): Operation | undefined {
  const { estate, level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: "GetProviderByID",
      request: { id: item.id },
      check: ({ idp }) => {
        const read = idp as Provider | undefined;
        const name = estate.owner(level).providers.get(item.id)?.view.name;
        return read?.id === item.id && read.name === name
          ? undefined
          : `read "${read?.name}" in the place of "${name}"`;
      },
    }
  );
}

function list(occasion: Occasion): Operation | undefined {
  const { estate, level, lagMs } = occasion;
  const isShown = ({ changedMs }: Item): boolean => performance.now() - changedMs > lagMs + 100;
  const item = own(occasion, isShown);
  const stored = item && estate.owner(level).providers.get(item.id)?.view;
  if (item === undefined || stored === undefined) {
    return undefined;
  }
  const query = { name: stored.name, method: TextQueryMethod.EQUALS };
  return {
    level,
    rpc: "ListProviders",
    request: { queries: [{ query: { case: "idpNameQuery", value: query } }] },
    check: ({ result }) => {
      const ids = (result as Provider[]).map(({ id }) => id).join();
      return ids === item.id ? undefined : `listed "${ids}" in the place of "${item.id}"`;
    },
  };
}
