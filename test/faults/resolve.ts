import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ConnectError, ZitadelError } from "zitadel-idp";
import type { ManagementClient } from "zitadel-idp/management";
import { resolveCreate, UnresolvedCreateError } from "zitadel-idp/providers";
import type { Operation } from "./operation.js";
import { operationHeader, resolvePrefix } from "./server.js";
import { describeRequest } from "./recorder.js";
import type { Told } from "./told.js";
import type { Workplace } from "./worker.js";

/** Longer than lists trail writes, with some faults in between. */
const searchMs = 1000;

/** Has `resolveCreate` find out what became of an Add, over the same bad network, and checks what it says. */
export async function resolveUnknown(
  { client, journal, recorder, estate }: Workplace,
  { level, request, isDone, made }: Operation,
  method: DescMethodUnary,
  name: string,
  told: Told,
  endedMs: number,
): Promise<void> {
  const operation = `${resolvePrefix}${name}`;
  const since = told.error instanceof ZitadelError ? told.error.startedAt : new Date();
  const wasMade = isDone?.() ?? false;
  // The id of a policy is that of its organization, that of a link the provider's.
  const ids = made?.() ?? [String(request["idpId"] ?? estate.spec.orgId)];
  const wrong = (what: string): void =>
    recorder.violation(
      "resolve",
      `${name} ${method.name} (${told.text}): ${what}; requests: ${journal
        .of(name)
        .map((each) => describeRequest(each, endedMs))
        .join(" ")}`,
    );
  try {
    const { id } = await resolveCreate(
      client[level] as ManagementClient,
      method.localName as "addGoogleProvider",
      request as never,
      { since, timeoutMs: searchMs, headers: { [operationHeader]: operation } },
    );
    recorder.resolved("found");
    if (!wasMade) {
      wrong(`found ${id} where nothing was made`);
    } else if (id !== ids[0]) {
      wrong(`found ${id} in the place of ${ids.join()}`);
    }
  } catch (error) {
    if (!(error instanceof UnresolvedCreateError)) {
      wrong(`threw ${ConnectError.from(error).message}`);
    } else if (error.cause !== undefined) {
      recorder.resolved("unread");
    } else {
      recorder.resolved("nothing");
      if (wasMade) {
        wrong(`did not find ${ids.join()}: ${error.message}`);
      } else if (error.candidates.length > 1) {
        wrong(`has ${error.candidates.length} candidates where nothing was made`);
      }
    }
  }
  if (journal.of(operation).some(({ events }) => events > 0)) {
    wrong("wrote something");
  }
}
