import { IDPOwnerType, type IDPLoginPolicyLink, type LoginPolicy } from "zitadel-idp/idp";
import { describePolicyAndLinks, describeLoginPolicy } from "./expected-state.js";
import type { OperationContext, Operation, OperationKind } from "./operation.js";

/** The operations on login policies, on their links, and on the linked accounts of humans. */
export const policyOperations: readonly OperationKind[] = [
  { weight: 3, create: addPolicy },
  { weight: 3, create: updatePolicy },
  { weight: 1, create: resetPolicy },
  { weight: 5, create: addLink },
  { weight: 3, create: removeLink },
  { weight: 3, create: getPolicy },
  { weight: 1, create: getDefault },
  { weight: 2, create: listLinks },
  { weight: 1, create: unlinkHuman },
  { weight: 1, create: listHumanLinks },
];

function expectPolicy({ expected, level }: OperationContext, linked?: string): () => void {
  return () => {
    const owner = expected.owner(level);
    expected.policyChangedMs = performance.now();
    if (level === "management") {
      expected.policy = describePolicyAndLinks(owner);
      return;
    }
    if (linked !== undefined) {
      if (owner.loginPolicy?.links.has(linked)) {
        expected.instanceLinks.add(linked);
      } else {
        expected.instanceLinks.delete(linked);
      }
    }
    if (expected.spec.ownsInstancePolicy) {
      expected.instancePolicy = describeLoginPolicy(owner);
    }
  };
}

const uriOf = (name: string): string => `https://a.example/${name}`;

function addPolicy(context: OperationContext): Operation | undefined {
  const { name, expected } = context;
  const owner = expected.owner("management");
  if (owner.loginPolicy !== undefined) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "AddCustomLoginPolicy",
    request: { defaultRedirectUri: uriOf(name) },
    isInStore: () => owner.loginPolicy?.view.defaultRedirectUri === uriOf(name),
    updateExpectedState: expectPolicy({ ...context, level: "management" }),
  };
}

function updatePolicy(context: OperationContext): Operation | undefined {
  const { name, expected, level } = context;
  const owner = expected.owner(level);
  const isOwn = level === "management" || expected.spec.ownsInstancePolicy;
  if (!isOwn || owner.loginPolicy === undefined) {
    return undefined;
  }
  return {
    level,
    rpc: level === "admin" ? "UpdateLoginPolicy" : "UpdateCustomLoginPolicy",
    request: { defaultRedirectUri: uriOf(name) },
    isInStore: () => owner.loginPolicy?.view.defaultRedirectUri === uriOf(name),
    updateExpectedState: expectPolicy(context),
  };
}

function resetPolicy(context: OperationContext): Operation | undefined {
  const owner = context.expected.owner("management");
  if (owner.loginPolicy === undefined) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "ResetLoginPolicyToDefault",
    request: {},
    isInStore: () => owner.loginPolicy === undefined,
    updateExpectedState: expectPolicy({ ...context, level: "management" }),
  };
}

function addLink(context: OperationContext): Operation | undefined {
  const { random, expected, level } = context;
  const owner = expected.owner(level);
  const links = owner.loginPolicy?.links;
  const free = [...expected.objects.values()].filter(
    // Login policies do not know providers of the type ZITADEL.
    (object) => object.level === level && object.type !== "Zitadel" && !links?.has(object.id),
  );
  if (links === undefined || free.length === 0) {
    return undefined;
  }
  const { id: idpId } = random.pick(free);
  return {
    level,
    rpc: "AddIDPToLoginPolicy",
    request: level === "admin" ? { idpId } : { idpId, ownerType: IDPOwnerType.IDP_OWNER_TYPE_ORG },
    isInStore: () => owner.loginPolicy?.links.has(idpId) ?? false,
    updateExpectedState: expectPolicy(context, idpId),
  };
}

function removeLink(context: OperationContext): Operation | undefined {
  const { random, expected, level } = context;
  const owner = expected.owner(level);
  const links =
    level === "admin" ? [...expected.instanceLinks] : [...(owner.loginPolicy?.links ?? [])];
  if (links.length === 0) {
    return undefined;
  }
  const idpId = random.pick(links);
  return {
    level,
    rpc: "RemoveIDPFromLoginPolicy",
    request: { idpId },
    isInStore: () => !owner.loginPolicy?.links.has(idpId),
    updateExpectedState: expectPolicy(context, idpId),
  };
}

function getPolicy({ expected, level, lagMs }: OperationContext): Operation | undefined {
  const owner = expected.owner(level);
  const isOwn = level === "management" || expected.spec.ownsInstancePolicy;
  if (!isOwn || performance.now() - expected.policyChangedMs < lagMs + 100) {
    return undefined;
  }
  return {
    level,
    rpc: "GetLoginPolicy",
    request: {},
    findResponseMistake: ({ policy, isDefault }) => {
      if (level === "management" && owner.loginPolicy === undefined) {
        return isDefault === true
          ? undefined
          : "read a login policy, but the organization has none";
      }
      const uri = (policy as LoginPolicy | undefined)?.defaultRedirectUri;
      return uri === owner.loginPolicy?.view.defaultRedirectUri
        ? undefined
        : `read the login policy with "${uri}"`;
    },
  };
}

function getDefault(): Operation {
  return {
    level: "management",
    rpc: "GetDefaultLoginPolicy",
    request: {},
    findResponseMistake: ({ policy }) =>
      (policy as LoginPolicy | undefined)?.isDefault === true ? undefined : "read no login policy",
  };
}

function listLinks({ expected, level, lagMs }: OperationContext): Operation | undefined {
  const owner = expected.owner(level);
  if (
    (level === "management" && owner.loginPolicy === undefined) ||
    performance.now() - expected.policyChangedMs < lagMs + 100
  ) {
    return undefined;
  }
  // The list shows links of deleted providers until the lag has passed.
  const expectedIds = [...(owner.loginPolicy?.links ?? [])].filter(
    (id) => owner.providers.has(id) && (level === "management" || expected.instanceLinks.has(id)),
  );
  return {
    level,
    rpc: "ListLoginPolicyIDPs",
    request: {},
    findResponseMistake: ({ result }) => {
      const ids = new Set((result as IDPLoginPolicyLink[]).map(({ idpId }) => idpId));
      const missing = expectedIds.filter((id) => !ids.has(id));
      return missing.length === 0 ? undefined : `the list lacks the links ${missing.join()}`;
    },
  };
}

function unlinkHuman({ random, expected }: OperationContext): Operation | undefined {
  const { human } = expected;
  if (human.links.length === 0) {
    return undefined;
  }
  const link = random.pick(human.links);
  return {
    level: "management",
    rpc: "RemoveHumanLinkedIDP",
    request: { userId: human.id, idpId: link.idpId, linkedUserId: link.userId },
    isInStore: () => !human.links.includes(link),
    updateExpectedState: () => void (expected.humanChangedMs = performance.now()),
  };
}

function listHumanLinks({ expected, lagMs }: OperationContext): Operation | undefined {
  const { human } = expected;
  if (performance.now() - expected.humanChangedMs < lagMs + 100) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "ListHumanLinkedIDPs",
    request: { userId: human.id },
    findResponseMistake: ({ result }) => {
      const { length } = result as unknown[];
      return length === human.links.length
        ? undefined
        : `listed ${length} accounts instead of ${human.links.length}`;
    },
  };
}
