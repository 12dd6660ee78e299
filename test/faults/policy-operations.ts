import { IDPOwnerType, type IDPLoginPolicyLink, type LoginPolicy } from "zitadel-idp/idp";
import { policyContent, policySettings } from "./estate.js";
import type { Occasion, Operation, OperationKind } from "./operation.js";

/** The operations on login policies, on their links, and on the linked accounts of humans. */
export const policyOperations: readonly OperationKind[] = [
  { weight: 3, make: addPolicy },
  { weight: 3, make: updatePolicy },
  { weight: 1, make: resetPolicy },
  { weight: 5, make: addLink },
  { weight: 3, make: removeLink },
  { weight: 3, make: getPolicy },
  { weight: 1, make: getDefault },
  { weight: 2, make: listLinks },
  { weight: 1, make: unlinkHuman },
  { weight: 1, make: listHumanLinks },
];

function settle({ estate, level }: Occasion, linked?: string): () => void {
  return () => {
    const owner = estate.owner(level);
    estate.policyChangedMs = performance.now();
    if (level === "management") {
      estate.policy = policyContent(owner);
      return;
    }
    if (linked !== undefined) {
      if (owner.loginPolicy?.links.has(linked)) {
        estate.instanceLinks.add(linked);
      } else {
        estate.instanceLinks.delete(linked);
      }
    }
    if (estate.spec.ownsInstancePolicy) {
      estate.instancePolicy = policySettings(owner);
    }
  };
}

const uriOf = (name: string): string => `https://a.example/${name}`;

function addPolicy(occasion: Occasion): Operation | undefined {
  const { name, estate } = occasion;
  const owner = estate.owner("management");
  if (owner.loginPolicy !== undefined) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "AddCustomLoginPolicy",
    request: { defaultRedirectUri: uriOf(name) },
    isDone: () => owner.loginPolicy?.view.defaultRedirectUri === uriOf(name),
    settle: settle({ ...occasion, level: "management" }),
  };
}

function updatePolicy(occasion: Occasion): Operation | undefined {
  const { name, estate, level } = occasion;
  const owner = estate.owner(level);
  const isOwn = level === "management" || estate.spec.ownsInstancePolicy;
  if (!isOwn || owner.loginPolicy === undefined) {
    return undefined;
  }
  return {
    level,
    rpc: level === "admin" ? "UpdateLoginPolicy" : "UpdateCustomLoginPolicy",
    request: { defaultRedirectUri: uriOf(name) },
    isDone: () => owner.loginPolicy?.view.defaultRedirectUri === uriOf(name),
    settle: settle(occasion),
  };
}

function resetPolicy(occasion: Occasion): Operation | undefined {
  const owner = occasion.estate.owner("management");
  if (owner.loginPolicy === undefined) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "ResetLoginPolicyToDefault",
    request: {},
    isDone: () => owner.loginPolicy === undefined,
    settle: settle({ ...occasion, level: "management" }),
  };
}

function addLink(occasion: Occasion): Operation | undefined {
  const { random, estate, level } = occasion;
  const owner = estate.owner(level);
  const links = owner.loginPolicy?.links;
  const free = [...estate.items.values()].filter(
    // Login policies do not know providers of the type ZITADEL.
    (item) => item.level === level && item.type !== "Zitadel" && !links?.has(item.id),
  );
  if (links === undefined || free.length === 0) {
    return undefined;
  }
  const { id: idpId } = random.pick(free);
  return {
    level,
    rpc: "AddIDPToLoginPolicy",
    request: level === "admin" ? { idpId } : { idpId, ownerType: IDPOwnerType.IDP_OWNER_TYPE_ORG },
    isDone: () => owner.loginPolicy?.links.has(idpId) ?? false,
    settle: settle(occasion, idpId),
  };
}

function removeLink(occasion: Occasion): Operation | undefined {
  const { random, estate, level } = occasion;
  const owner = estate.owner(level);
  const links =
    level === "admin" ? [...estate.instanceLinks] : [...(owner.loginPolicy?.links ?? [])];
  if (links.length === 0) {
    return undefined;
  }
  const idpId = random.pick(links);
  return {
    level,
    rpc: "RemoveIDPFromLoginPolicy",
    request: { idpId },
    isDone: () => !owner.loginPolicy?.links.has(idpId),
    settle: settle(occasion, idpId),
  };
}

function getPolicy({ estate, level, lagMs }: Occasion): Operation | undefined {
  const owner = estate.owner(level);
  const isOwn = level === "management" || estate.spec.ownsInstancePolicy;
  if (!isOwn || performance.now() - estate.policyChangedMs < lagMs + 100) {
    return undefined;
  }
  return {
    level,
    rpc: "GetLoginPolicy",
    request: {},
    check: ({ policy, isDefault }) => {
      if (level === "management" && owner.loginPolicy === undefined) {
        return isDefault === true ? undefined : "a policy was read where there is none";
      }
      const uri = (policy as LoginPolicy | undefined)?.defaultRedirectUri;
      return uri === owner.loginPolicy?.view.defaultRedirectUri
        ? undefined
        : `read the policy of "${uri}"`;
    },
  };
}

function getDefault(): Operation {
  return {
    level: "management",
    rpc: "GetDefaultLoginPolicy",
    request: {},
    check: ({ policy }) =>
      (policy as LoginPolicy | undefined)?.isDefault === true ? undefined : "read no policy",
  };
}

function listLinks({ estate, level, lagMs }: Occasion): Operation | undefined {
  const owner = estate.owner(level);
  if (
    (level === "management" && owner.loginPolicy === undefined) ||
    performance.now() - estate.policyChangedMs < lagMs + 100
  ) {
    return undefined;
  }
  // Links of deleted providers linger in the list for the time of the lag.
  const expected = [...(owner.loginPolicy?.links ?? [])].filter(
    (id) => owner.providers.has(id) && (level === "management" || estate.instanceLinks.has(id)),
  );
  return {
    level,
    rpc: "ListLoginPolicyIDPs",
    request: {},
    check: ({ result }) => {
      const ids = new Set((result as IDPLoginPolicyLink[]).map(({ idpId }) => idpId));
      const missing = expected.filter((id) => !ids.has(id));
      return missing.length === 0 ? undefined : `the links lack ${missing.join()}`;
    },
  };
}

function unlinkHuman({ random, estate }: Occasion): Operation | undefined {
  const { human } = estate;
  if (human.links.length === 0) {
    return undefined;
  }
  const link = random.pick(human.links);
  return {
    level: "management",
    rpc: "RemoveHumanLinkedIDP",
    request: { userId: human.id, idpId: link.idpId, linkedUserId: link.userId },
    isDone: () => !human.links.includes(link),
    settle: () => void (estate.humanChangedMs = performance.now()),
  };
}

function listHumanLinks({ estate, lagMs }: Occasion): Operation | undefined {
  const { human } = estate;
  if (performance.now() - estate.humanChangedMs < lagMs + 100) {
    return undefined;
  }
  return {
    level: "management",
    rpc: "ListHumanLinkedIDPs",
    request: { userId: human.id },
    check: ({ result }) => {
      const { length } = result as unknown[];
      return length === human.links.length
        ? undefined
        : `listed ${length} accounts in the place of ${human.links.length}`;
    },
  };
}
