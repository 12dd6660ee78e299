import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ConnectError, ZitadelError } from "zitadel-idp";
import type { ManagementClient } from "zitadel-idp/management";
import { resolveCreate, UnresolvedCreateError } from "zitadel-idp/providers";
import type { Operation } from "./operation.js";
import { operationHeader, resolvePrefix } from "./campaign-server.js";
import { describeRequest } from "./recorder.js";
import type { ReportedOutcome } from "./reported-outcome.js";
import type { WorkerContext } from "./worker.js";

/** The timeout of a search. It exceeds the lag of lists, even with a few faults. */
const searchMs = 1000;

/** Calls `resolveCreate` for an Add of unknown outcome, over the same disrupted connections, and compares its result with the store. */
export async function checkResolveCreate(
  { client, journal, recorder, expected }: WorkerContext,
  { level, request, isInStore, findCreatedIds }: Operation,
  method: DescMethodUnary,
  name: string,
  reported: ReportedOutcome,
  endedMs: number,
): Promise<void> {
  const operation = `${resolvePrefix}${name}`;
  const since = reported.error instanceof ZitadelError ? reported.error.startedAt : new Date();
  const wasCreated = isInStore?.() ?? false;
  // A login policy has the id of its organization, and a link the id of its provider.
  const ids = findCreatedIds?.() ?? [String(request["idpId"] ?? expected.spec.orgId)];
  const addMistake = (mistake: string): void => {
    const requests = journal.of(name).map((each) => describeRequest(each, endedMs));
    recorder.addViolation(
      "wrongResolve",
      `${name} ${method.name} (${reported.text}): ${mistake}; requests: ${requests.join(" ")}`,
    );
  };
  try {
    const { id } = await resolveCreate(
      client[level] as ManagementClient,
      method.localName as "addGoogleProvider",
      request as never,
      { since, timeoutMs: searchMs, headers: { [operationHeader]: operation } },
    );
    recorder.countResolved("found");
    if (!wasCreated) {
      addMistake(`found ${id}, but the call created nothing`);
    } else if (id !== ids[0]) {
      addMistake(`found ${id} instead of ${ids.join()}`);
    }
  } catch (error) {
    if (!(error instanceof UnresolvedCreateError)) {
      addMistake(`threw ${ConnectError.from(error).message}`);
    } else if (error.cause !== undefined) {
      recorder.countResolved("unread");
    } else {
      recorder.countResolved("nothing");
      if (wasCreated) {
        addMistake(`did not find ${ids.join()}: ${error.message}`);
      } else if (error.candidates.length > 1) {
        addMistake(`has ${error.candidates.length} candidates, but the call created nothing`);
      }
    }
  }
  if (journal.of(operation).some(({ events }) => events > 0)) {
    addMistake("wrote to the store");
  }
}
