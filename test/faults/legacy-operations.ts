import { type IDP, IDPState, TextQueryMethod } from "zitadel-idp/idp";
import { legacyRequests } from "../support/add-requests.js";
import { type ExpectedObject, legacyTypes, type Level, expectStored } from "./expected-state.js";
import type { OperationContext, Operation, OperationKind } from "./operation.js";

/** The operations on legacy IDPs. */
export const legacyOperations: readonly OperationKind[] = [
  { weight: 6, create: add },
  { weight: 3, create: update },
  { weight: 4, create: updateConfig },
  { weight: 4, create: switchState },
  { weight: 2, create: remove },
  { weight: 2, create: get },
  { weight: 2, create: list },
];

/** Returns the name of an RPC. The ManagementService has the same RPCs as the AdminService, with "Org" in their names. */
function rpcOf(level: Level, verb: string, what = "IDP", part = ""): string {
  return `${verb}${level === "admin" ? "" : "Org"}${what}${part}`;
}

function add({ random, name, expected, level }: OperationContext): Operation {
  const type = random.pick(legacyTypes);
  const owner = expected.owner(level);
  const findCreatedIds = (): string[] =>
    [...owner.legacy.values()]
      .map(({ view }) => view)
      .filter((idp) => idp.name === name)
      .map(({ id }) => id);
  return {
    level,
    rpc: rpcOf(level, "Add", `${type}IDP`),
    request: { ...legacyRequests[type], name },
    findCreatedIds,
    isInStore: () => findCreatedIds().length > 0,
    findResponseMistake: ({ idpId }) =>
      idpId === findCreatedIds()[0] ? undefined : `the id in the response is "${String(idpId)}"`,
    updateExpectedState: () => {
      for (const id of findCreatedIds()) {
        expectStored(expected, { id, level, family: "legacy", type, content: "", changedMs: 0 });
      }
    },
  };
}

function pickObject(
  { random, expected, level }: OperationContext,
  isMatch: (object: ExpectedObject) => boolean = () => true,
): ExpectedObject | undefined {
  const objects = [...expected.objects.values()].filter(
    (object) => object.family === "legacy" && object.level === level && isMatch(object),
  );
  return objects.length === 0 ? undefined : random.pick(objects);
}

function stored({ expected, level }: OperationContext, { id }: ExpectedObject): IDP | undefined {
  return expected.owner(level).legacy.get(id)?.view;
}

function update(context: OperationContext): Operation | undefined {
  const { name, expected, level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: rpcOf(level, "Update"),
      request: { idpId: object.id, name },
      isInStore: () => stored(context, object)?.name === name,
      updateExpectedState: () => expectStored(expected, object),
    }
  );
}

function updateConfig(context: OperationContext): Operation | undefined {
  const { random, name, expected, level } = context;
  const object = pickObject(context);
  if (object === undefined) {
    return undefined;
  }
  // ZITADEL rejects the second of two equal updates without a secret, because it changes nothing.
  const changed =
    object.type === "JWT"
      ? { headerName: name }
      : { clientId: name, clientSecret: random.chance(0.5) ? "secret" : "" };
  return {
    level,
    rpc: rpcOf(level, "Update", "IDP", `${object.type}Config`),
    request: { ...legacyRequests[object.type], ...changed, idpId: object.id },
    isInStore: () => {
      const value = stored(context, object)?.config.value as Record<string, unknown> | undefined;
      return (value?.["headerName"] ?? value?.["clientId"]) === name;
    },
    updateExpectedState: () => expectStored(expected, object),
  };
}

function switchState(context: OperationContext): Operation | undefined {
  const { expected, level } = context;
  const object = pickObject(context);
  if (object === undefined) {
    return undefined;
  }
  const before = stored(context, object)?.state;
  const verb = before === IDPState.IDP_STATE_ACTIVE ? "Deactivate" : "Reactivate";
  return {
    level,
    rpc: rpcOf(level, verb),
    request: { idpId: object.id },
    isInStore: () => stored(context, object)?.state !== before,
    updateExpectedState: () => expectStored(expected, object),
  };
}

function remove(context: OperationContext): Operation | undefined {
  const { expected, level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: rpcOf(level, "Remove"),
      request: { idpId: object.id },
      isInStore: () => stored(context, object) === undefined,
      updateExpectedState: () => expectStored(expected, object),
    }
  );
}

function get(context: OperationContext): Operation | undefined {
  const { level } = context;
  const object = pickObject(context);
  return (
    object && {
      level,
      rpc: level === "admin" ? "GetIDPByID" : "GetOrgIDPByID",
      request: { id: object.id },
      findResponseMistake: ({ idp }) => {
        const read = idp as IDP | undefined;
        const name = stored(context, object)?.name;
        return read?.id === object.id && read.name === name
          ? undefined
          : `read "${read?.name}" instead of "${name}"`;
      },
    }
  );
}

function list(context: OperationContext): Operation | undefined {
  const { level, lagMs } = context;
  const object = pickObject(
    context,
    ({ changedMs }) => performance.now() - changedMs > lagMs + 100,
  );
  const name = object && stored(context, object)?.name;
  if (object === undefined || name === undefined) {
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
    findResponseMistake: ({ result }) => {
      const ids = (result as IDP[]).map(({ id }) => id).join();
      return ids === object.id ? undefined : `listed "${ids}" instead of "${object.id}"`;
    },
  };
}
