import { IDPState } from "zitadel-idp/idp";
import type { EmulatorState } from "../../src/emulator/store/emulator-state.js";
import { legacyRequests } from "../support/add-requests.js";
import type { WorkerSpec } from "./world.js";
import type { HumanUser } from "../../src/emulator/store/human-user.js";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";

export type Level = "management" | "admin";

/** An object that a worker made, as the store had it when its owner last looked. */
export interface Item {
  readonly id: string;
  readonly level: Level;
  readonly family: "provider" | "legacy";
  /** A key of the requests that add it. A migration changes it. */
  type: string;
  /** All that the owner can have changed. */
  content: string;
  changedMs: number;
}

/** The objects of one worker, beside the store that holds them. No other worker changes them. */
export interface Estate {
  readonly spec: WorkerSpec;
  readonly items: Map<string, Item>;
  readonly human: HumanUser;
  /** When something last changed that lists show. */
  policyChangedMs: number;
  humanChangedMs: number;
  /** The organization's own login policy, and the links on it. */
  policy: string;
  /** The providers that the worker linked to the default login policy. */
  readonly instanceLinks: Set<string>;
  instancePolicy: string;
  owner(level: Level): StoredOwner;
}

export function createEstate(spec: WorkerSpec, state: EmulatorState): Estate {
  const organization = state.organizations.get(spec.orgId);
  const human = state.humans.get(spec.humanId);
  if (organization === undefined || human === undefined) {
    throw new Error(`no world for worker ${spec.name}`);
  }
  return {
    spec,
    items: new Map(),
    human,
    policyChangedMs: 0,
    humanChangedMs: 0,
    policy: policyContent(organization),
    instanceLinks: new Set(),
    instancePolicy: policySettings(state.instance),
    owner: (level) => (level === "admin" ? state.instance : organization),
  };
}

/** Returns the object that the store has under an id, in one line; undefined if there is none. */
export function contentOf(
  owner: StoredOwner,
  family: Item["family"],
  id: string,
): string | undefined {
  if (family === "legacy") {
    const idp = owner.legacy.get(id)?.view;
    const { clientId, headerName } = (idp?.config.value ?? {}) as Record<string, unknown>;
    return (
      idp &&
      [idp.name, IDPState[idp.state], idp.config.case, clientId ?? headerName].map(String).join(" ")
    );
  }
  const view = owner.providers.get(id)?.view;
  const { clientId } = (view?.config?.config.value ?? {}) as Record<string, unknown>;
  return view && [view.name, view.config?.config.case, clientId].map(String).join(" ");
}

export function policySettings({ loginPolicy }: StoredOwner): string {
  return loginPolicy === undefined ? "none" : `own ${loginPolicy.view.defaultRedirectUri}`;
}

export function policyContent(owner: StoredOwner): string {
  return [policySettings(owner), ...(owner.loginPolicy?.links ?? [])].join(" ");
}

/** Brings the books of one item up to what the store has. */
export function refresh(estate: Estate, { id, level, family, type }: Item): void {
  const content = contentOf(estate.owner(level), family, id);
  const known = estate.items.get(id);
  if (content === undefined) {
    estate.items.delete(id);
    // RemoveOrgIDP takes the link on the organization's login policy with it.
    estate.policy = policyContent(estate.owner("management"));
    estate.policyChangedMs = performance.now();
  } else if (known === undefined) {
    estate.items.set(id, { id, level, family, type, content, changedMs: performance.now() });
  } else {
    Object.assign(known, { content, type, changedMs: performance.now() });
  }
}

/** Returns the differences between the store and what all owners know, at the end of a campaign. */
export function audit(estates: readonly Estate[], state: EmulatorState): string[] {
  const problems: string[] = [];
  const check = (what: string, books: string | undefined, store: string | undefined): void => {
    if (books !== store) {
      problems.push(`${what}: the books say "${books}", the store says "${store}"`);
    }
  };
  const known = new Set<string>();
  for (const { spec, items, policy, instancePolicy, owner } of estates) {
    for (const { id, level, family, content } of items.values()) {
      known.add(id);
      check(`${family} ${id} of ${spec.name}`, content, contentOf(owner(level), family, id));
    }
    check(`login policy of ${spec.name}`, policy, policyContent(owner("management")));
    if (spec.ownsInstancePolicy) {
      check("default login policy", instancePolicy, policySettings(state.instance));
    }
  }
  const own = new Set(estates.map(({ spec }) => spec.orgId));
  const organizations = [...state.organizations.values()].filter(({ id }) => own.has(id));
  for (const { id, providers, legacy } of [state.instance, ...organizations]) {
    for (const extra of new Set([...providers.keys(), ...legacy.keys()])) {
      if (!known.has(extra)) {
        problems.push(`${extra} of ${id} is nobody's`);
      }
    }
  }
  const links = estates.flatMap(({ instanceLinks }) => [...instanceLinks]).toSorted();
  check(
    "links of the default login policy",
    links.join(),
    [...(state.instance.loginPolicy?.links ?? [])].toSorted().join(),
  );
  return problems;
}

export const legacyTypes: readonly string[] = Object.keys(legacyRequests);
