import type { EmulatorInstance } from "../emulator-instance.js";
import { handleCall } from "../handle-call.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { ServiceUser } from "../store/service-user.js";
import type { WireRequest, WireResponse } from "../wire/http-message.js";
import { routeRequest } from "../wire/route-request.js";

/** The token of the page's calls. `servePageCall` adds it itself, and no other request can use it. */
const pageToken = "page";

/**
 * Serves a call of the page as a user with the role IAM_OWNER. The log omits such a call, no fault applies to it, and its reads do not
 * lag, so that the page always shows the current state.
 */
export async function servePageCall(
  { state, lag }: EmulatorInstance,
  request: WireRequest,
): Promise<WireResponse> {
  const pageState: EmulatorState = {
    ...state,
    tokens: new Map([[pageToken, createPageUser(state)]]),
  };
  const headers = request.headers.filter(([name]) => name !== "authorization");
  return await routeRequest(
    {
      ...request,
      authority: state.domain,
      headers: [...headers, ["authorization", `Bearer ${pageToken}`]],
    },
    async (call) => {
      try {
        return await handleCall(pageState, call);
      } finally {
        lag.scheduleChanges();
      }
    },
    () => undefined,
  );
}

function createPageUser({ instance, organizations, accounts }: EmulatorState): ServiceUser {
  const [organization = ""] = [...organizations.keys()].filter(
    (id) => !accounts.removedOrganizations.has(id),
  );
  return {
    id: "1",
    name: "emulator-page",
    displayName: "The page of the emulator",
    organization,
    isInactive: false,
    created: instance.created,
    memberships: [{ owner: instance.id, roles: ["IAM_OWNER"], event: instance.created }],
  };
}
