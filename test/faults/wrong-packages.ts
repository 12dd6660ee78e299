import { setTimeout as sleep } from "node:timers/promises";
import { TextQueryMethod } from "zitadel-idp/idp";
import type { ManagementClient } from "zitadel-idp/management";
import {
  createProviders,
  resolveCreate,
  type ResolveCreateOptions,
  UnresolvedCreateError,
} from "zitadel-idp/providers";
import type { ApplyInProcess, RunAction } from "./apply-run.js";
import type { BesideOptions } from "./beside.js";
import type { Violation } from "./verdict.js";

/** A mistake in what goes on beside the workers, and the checks that have to find it. */
export interface WrongBeside {
  readonly name: string;
  readonly finds: readonly Violation[];
  readonly beside: BesideOptions;
}

const noBeside: BesideOptions = { teams: 0, rounds: 0, processes: 0, operations: 0 };

/** Adds what is missing half a second after its only look, changes nothing, and says that all is well. */
const naiveApply: ApplyInProcess = async (...[client, { organization }, , operation]) => {
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

/** Takes the first provider of the name for the one that the call created. */
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

/** Does without what the caller read before the call. */
const forgetfulResolve = (async (
  client: ManagementClient,
  method: "addGoogleProvider",
  request: object,
  { known: _known, ...options }: ResolveCreateOptions,
) => await resolveCreate(client, method, request, options)) as typeof resolveCreate;

export const wrongBesides: readonly WrongBeside[] = [
  {
    name: "a search that takes the first provider of the name",
    finds: ["resolve"],
    beside: {
      ...noBeside,
      creators: 3,
      creates: 4,
      resolve: naiveResolve,
      fixed: { way: "add and resolveCreate", timeoutMs: 1000, twinAfterMs: 5 },
    },
  },
  {
    name: "a search that finds nothing again without the server's clock",
    finds: ["resolve"],
    beside: {
      ...noBeside,
      creators: 3,
      creates: 2,
      resolve: forgetfulResolve,
      fixed: { way: "add and resolveCreate", timeoutMs: 1000, isBlind: true },
    },
  },
  {
    name: "an apply that looks only once, and says that all is well",
    finds: ["unreported", "lost"],
    beside: { teams: 2, rounds: 4, processes: 0, operations: 0, applyInProcess: naiveApply },
  },
  {
    name: "a package that says of each failure that nothing was done, once its files are gone",
    finds: ["falselyCertain", "hidden"],
    beside: { teams: 0, rounds: 0, processes: 2, operations: 60, reportAs: "not_done" },
  },
];
