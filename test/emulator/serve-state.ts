import type { JsonObject } from "@bufbuild/protobuf";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { handleCall } from "../../src/emulator/handle-call.js";
import { seedHuman } from "../../src/emulator/seed/seed-human.js";
import { listen } from "../../src/emulator/listen.js";
import { createOAuthEndpoints } from "../../src/emulator/oauth/oauth-endpoints.js";
import type { EmulatorState } from "../../src/emulator/store/emulator-state.js";
import { routeRequest } from "../../src/emulator/wire/route-request.js";
import { createState } from "../../src/emulator/seed/create-state.js";

/** A listening emulator whose state is accessible to tests. */
export interface ServedState {
  readonly state: EmulatorState;
  readonly port: number;
  /** Applies the effect of an RPC that the emulator does not have. Returns the id of the created object. */
  apply(rpc: string, request: JsonObject, orgs: { org: string; org2: string }): string;
  close(): Promise<void>;
}

export async function serveState(seed: EmulatorSeed): Promise<ServedState> {
  const state = createState(seed);
  const serveOAuth = createOAuthEndpoints(state);
  const listener = await listen(
    (request) => routeRequest(request, (call) => handleCall(state, call), serveOAuth),
    state.domain,
    {},
  );
  return {
    state,
    port: listener.port,
    apply: (rpc, request, orgs) => apply(state, rpc, request, orgs),
    close: () => listener.close(),
  };
}

interface Link {
  idpId: string;
  userId: string;
  userName: string;
}

function apply(
  state: EmulatorState,
  rpc: string,
  request: JsonObject,
  { org, org2 }: { org: string; org2: string },
): string {
  switch (rpc) {
    case "AddHumanUser": {
      const id = state.clock.newId();
      const links = (request["idpLinks"] ?? []) as unknown as Link[];
      seedHuman(
        state,
        {
          id,
          name: String(request["username"]),
          organization: "org",
          links: links.map(({ idpId, userId, userName }) => ({ idp: idpId, userId, userName })),
        },
        org,
      );
      return id;
    }
    case "AddIDPLink": {
      const human = state.humans.get(String(request["userId"]));
      const link = request["idpLink"] as unknown as Link;
      const taken = [...state.humans.values()].some(({ links }) =>
        links.some(({ idpId, userId }) => idpId === link.idpId && userId === link.userId),
      );
      if (human !== undefined && !taken) {
        human.links.push(link);
        human.sequence++;
      }
      return "";
    }
    case "RemoveOrg":
      state.accounts.removedOrganizations.add(org2);
      return "";
    default:
      // Reads, and the state of an organization, which no check uses.
      return "";
  }
}
