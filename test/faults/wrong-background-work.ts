import { setTimeout as sleep } from "node:timers/promises";
import { TextQueryMethod } from "zitadel-idp/idp";
import type { ManagementClient } from "zitadel-idp/management";
import {
  createProviders,
  resolveCreate,
  type ResolveCreateOptions,
  UnresolvedCreateError,
} from "zitadel-idp/providers";
import type { RunApply, RunAction } from "./run-apply.js";
import type { BackgroundOptions } from "./background-work.js";
import type { Violation } from "./find-violations.js";

/** A mistake that is planted in background work, and the violations that the campaign must find. */
export interface WrongBackgroundWork {
  readonly name: string;
  readonly violations: readonly Violation[];
  readonly background: BackgroundOptions;
}

const noBackgroundWork: BackgroundOptions = {
  applyOrganizations: 0,
  applyRounds: 0,
  deletedPackages: 0,
  callsPerProcess: 0,
};

/** Lists the providers once, adds the missing ones half a second later, changes no others, and reports success. */
const naiveApply: RunApply = async (...[client, { organization }, , operation]) => {
  const providers = createProviders(client, { owner: "org" });
  const actions: RunAction[] = [];
  const known = new Map<string, string>();
  for await (const { name, id } of providers.list()) {
    known.set(name, id);
  }
  await sleep(500);
  for (const each of organization?.providers ?? []) {
    const { type = "google", name = "" } = each;
    if ("absent" in each || each.id !== undefined) {
      continue;
    }
    const { active: _active, id: _id, ...settings } = each;
    const id =
      known.get(name) ??
      (await providers.add(settings as Parameters<typeof providers.add>[0]).then(
        (added) => added.id,
        () => undefined,
      ));
    const more = { outcome: undefined, isWarned: false };
    actions.push({ status: "done", kind: "create", id, type, name, ...more });
  }
  return { operation, ok: true, actions, duplicates: [], thrown: undefined, isKilled: false };
};

/** Returns the first provider with the name, whoever created it. */
const naiveResolve = (async (client: ManagementClient, _method: string, { name = "" }) => {
  const value = { name, method: TextQueryMethod.EQUALS };
  const { result } = await client.listProviders({
    queries: [{ query: { case: "idpNameQuery", value } }],
  });
  const [first] = result;
  if (first === undefined) {
    throw new UnresolvedCreateError({ method: "add", candidates: [], timeoutMs: 0 });
  }
  return { id: first.id, object: first };
}) as unknown as typeof resolveCreate;

/** Ignores the providers that the caller listed before the call. */
const forgetfulResolve = (async (
  client: ManagementClient,
  method: "addGoogleProvider",
  request: object,
  { known: _known, ...options }: ResolveCreateOptions,
) => await resolveCreate(client, method, request, options)) as typeof resolveCreate;

export const wrongBackgroundWork: readonly WrongBackgroundWork[] = [
  {
    name: "a search that returns the first provider with the name",
    violations: ["wrongResolve"],
    background: {
      ...noBackgroundWork,
      createOrganizations: 3,
      createsPerOrganization: 4,
      resolve: naiveResolve,
      fixedPlan: { method: "add and resolveCreate", timeoutMs: 1000, duplicateAfterMs: 5 },
    },
  },
  {
    name: "a search that ignores the earlier list when there is no server clock",
    violations: ["wrongResolve"],
    background: {
      ...noBackgroundWork,
      createOrganizations: 3,
      createsPerOrganization: 2,
      resolve: forgetfulResolve,
      fixedPlan: { method: "add and resolveCreate", timeoutMs: 1000, hidesClock: true },
    },
  },
  {
    name: "an apply that lists only once and reports success",
    violations: ["unreportedDuplicate", "lost"],
    background: {
      applyOrganizations: 2,
      applyRounds: 4,
      deletedPackages: 0,
      callsPerProcess: 0,
      runApply: naiveApply,
    },
  },
  {
    name: "a package that reports each failure as not_done after its files are deleted",
    violations: ["wrongNotDone", "uncertainNotDone"],
    background: {
      applyOrganizations: 0,
      applyRounds: 0,
      deletedPackages: 2,
      callsPerProcess: 60,
      reportFailuresAs: "not_done",
    },
  },
];
