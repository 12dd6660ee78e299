import type { ChangeSignal } from "./change-signal.js";
import type { ControlledEmulator } from "./controlled-emulator.js";
import { type ControlRoutes, replyNotFound } from "./control-routes.js";
import { createExchangeStore } from "./exchange-store.js";
import { listEmulatorSecrets } from "./list-emulator-secrets.js";

/** Creates the routes for the request log. From then on, the headers and the response of each request are kept as long as its entry. */
export function createLogRoutes(
  { log, instance }: ControlledEmulator,
  changes: ChangeSignal,
): ControlRoutes {
  const exchanges = createExchangeStore();
  log.watch((added) => {
    if (added !== undefined) {
      exchanges.keep(added.entry, added.exchange);
    }
    changes.notify();
  });
  const getFirstId = (): number => log.total - log.entries.length + 1;
  return {
    "GET /log": ({ query }) => {
      const after = Number(query.get("after") ?? 0);
      if (!(Number.isInteger(after) && after >= 0)) {
        throw new TypeError("after must be the id of a request: a whole number, 0 or more");
      }
      const requests = log.entries
        .map((entry, index) => ({ id: getFirstId() + index, ...entry }))
        .slice(Math.max(0, after + 1 - getFirstId()));
      return [200, { requests, first: getFirstId(), last: log.total }];
    },
    "GET /log/:name": async ({ name }) => {
      const entry = log.entries[Number(name) - getFirstId()];
      if (entry === undefined) {
        return replyNotFound("request", name);
      }
      const secrets = listEmulatorSecrets(instance().state);
      return [200, { id: Number(name), ...entry, ...(await exchanges.describe(entry, secrets)) }];
    },
    "DELETE /log": () => {
      log.clear();
      return [204, undefined];
    },
  };
}
