import { type IDP, IDPState, TextQueryMethod } from "zitadel-idp/idp";
import { legacyRequests } from "../support/add-requests.js";
import { type Item, legacyTypes, type Level, refresh } from "./estate.js";
import type { Occasion, Operation, OperationKind } from "./operation.js";

/** The operations on IDPs of the older API. */
export const legacyOperations: readonly OperationKind[] = [
  { weight: 6, make: add },
  { weight: 3, make: update },
  { weight: 4, make: updateConfig },
  { weight: 4, make: switchState },
  { weight: 2, make: remove },
  { weight: 2, make: get },
  { weight: 2, make: list },
];

/** The ManagementService has the same RPCs under other names. */
function rpcOf(level: Level, verb: string, what = "IDP", part = ""): string {
  return `${verb}${level === "admin" ? "" : "Org"}${what}${part}`;
}

function add({ random, name, estate, level }: Occasion): Operation {
  const type = random.pick(legacyTypes);
  const owner = estate.owner(level);
  const made = (): string[] =>
    [...owner.legacy.values()]
      .map(({ view }) => view)
      .filter((idp) => idp.name === name)
      .map(({ id }) => id);
  return {
    level,
    rpc: rpcOf(level, "Add", `${type}IDP`),
    request: { ...legacyRequests[type], name },
    made,
    isDone: () => made().length > 0,
    check: ({ idpId }) =>
      idpId === made()[0] ? undefined : `the id in the answer is "${String(idpId)}"`,
    settle: () => {
      for (const id of made()) {
        refresh(estate, { id, level, family: "legacy", type, content: "", changedMs: 0 });
      }
    },
  };
}

function own(
  { random, estate, level }: Occasion,
  isMeant: (item: Item) => boolean = () => true,
): Item | undefined {
  const items = [...estate.items.values()].filter(
    (item) => item.family === "legacy" && item.level === level && isMeant(item),
  );
  return items.length === 0 ? undefined : random.pick(items);
}

function stored({ estate, level }: Occasion, { id }: Item): IDP | undefined {
  return estate.owner(level).legacy.get(id)?.view;
}

function update(occasion: Occasion): Operation | undefined {
  const { name, estate, level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: rpcOf(level, "Update"),
      request: { idpId: item.id, name },
      isDone: () => stored(occasion, item)?.name === name,
      settle: () => refresh(estate, item),
    }
  );
}

function updateConfig(occasion: Occasion): Operation | undefined {
  const { random, name, estate, level } = occasion;
  const item = own(occasion);
  if (item === undefined) {
    return undefined;
  }
  // Without a secret the second of two equal updates says that there is nothing to change.
  const changed =
    item.type === "JWT"
      ? { headerName: name }
      : { clientId: name, clientSecret: random.chance(0.5) ? "secret" : "" };
  return {
    level,
    rpc: rpcOf(level, "Update", "IDP", `${item.type}Config`),
    request: { ...legacyRequests[item.type], ...changed, idpId: item.id },
    isDone: () => {
      const value = stored(occasion, item)?.config.value as Record<string, unknown> | undefined;
      return (value?.["headerName"] ?? value?.["clientId"]) === name;
    },
    settle: () => refresh(estate, item),
  };
}

function switchState(occasion: Occasion): Operation | undefined {
  const { estate, level } = occasion;
  const item = own(occasion);
  if (item === undefined) {
    return undefined;
  }
  const before = stored(occasion, item)?.state;
  const verb = before === IDPState.IDP_STATE_ACTIVE ? "Deactivate" : "Reactivate";
  return {
    level,
    rpc: rpcOf(level, verb),
    request: { idpId: item.id },
    isDone: () => stored(occasion, item)?.state !== before,
    settle: () => refresh(estate, item),
  };
}

function remove(occasion: Occasion): Operation | undefined {
  const { estate, level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: rpcOf(level, "Remove"),
      request: { idpId: item.id },
      isDone: () => stored(occasion, item) === undefined,
      settle: () => refresh(estate, item),
    }
  );
}

function get(occasion: Occasion): Operation | undefined {
  const { level } = occasion;
  const item = own(occasion);
  return (
    item && {
      level,
      rpc: level === "admin" ? "GetIDPByID" : "GetOrgIDPByID",
      request: { id: item.id },
      check: ({ idp }) => {
        const read = idp as IDP | undefined;
        const name = stored(occasion, item)?.name;
        return read?.id === item.id && read.name === name
          ? undefined
          : `read "${read?.name}" in the place of "${name}"`;
      },
    }
  );
}

function list(occasion: Occasion): Operation | undefined {
  const { level, lagMs } = occasion;
  const item = own(occasion, ({ changedMs }) => performance.now() - changedMs > lagMs + 100);
  const name = item && stored(occasion, item)?.name;
  if (item === undefined || name === undefined) {
    return undefined;
  }
  return {
    level,
    rpc: level === "admin" ? "ListIDPs" : "ListOrgIDPs",
    request: {
      queries: [
        { query: { case: "idpNameQuery", value: { name, method: TextQueryMethod.EQUALS } } },
      ],
    },
    check: ({ result }) => {
      const ids = (result as IDP[]).map(({ id }) => id).join();
      return ids === item.id ? undefined : `listed "${ids}" in the place of "${item.id}"`;
    },
  };
}
