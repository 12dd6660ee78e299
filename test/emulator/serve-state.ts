import type { JsonObject } from "@bufbuild/protobuf";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { answer } from "../../src/emulator/call.js";
import { addHuman } from "../../src/emulator/humans.js";
import { listen } from "../../src/emulator/listen.js";
import { createOAuth } from "../../src/emulator/oauth/oauth.js";
import { createState } from "../../src/emulator/seed.js";
import type { State } from "../../src/emulator/state.js";
import { route } from "../../src/emulator/wire/router.js";

/** A listening emulator whose state is accessible to tests. */
export interface ServedState {
  readonly state: State;
  readonly port: number;
  /** Applies the effect of an RPC that the emulator does not have. Returns the id of the created object. */
  apply(rpc: string, request: JsonObject, orgs: { org: string; org2: string }): string;
  close(): Promise<void>;
}

export async function serveState(seed: EmulatorSeed): Promise<ServedState> {
  const state = createState(seed);
  const serveOAuth = createOAuth(state);
  const listener = await listen(
    (request) => route(request, (call) => answer(state, call), serveOAuth),
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
  state: State,
  rpc: string,
  request: JsonObject,
  { org, org2 }: { org: string; org2: string },
): string {
  switch (rpc) {
    case "AddHumanUser": {
      const id = state.clock.newId();
      const links = (request["idpLinks"] ?? []) as unknown as Link[];
      addHuman(
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
