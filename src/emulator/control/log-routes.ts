import type { LoggedRequest } from "../log/request-log.js";
import type { ChangeSignal } from "./change-signal.js";
import type { ControlledEmulator } from "./controlled-emulator.js";
import { type ControlRoutes, replyNotFound } from "./control-route.js";
import { createExchangeStore } from "./exchange-store.js";
import { listEmulatorSecrets } from "./list-emulator-secrets.js";

/** Creates the routes on the request log. From now on, the headers and responses of requests are kept as long as their entries. */
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
  const number = (entries: readonly LoggedRequest[]): (LoggedRequest & { id: number })[] =>
    entries.map((entry, index) => ({ id: log.total - entries.length + index + 1, ...entry }));
  return {
    "GET /log": ({ query }) => {
      const after = Number(query.get("after") ?? 0);
      if (!(Number.isInteger(after) && after >= 0)) {
        throw new TypeError("after must be the id of a request: a whole number, 0 or more");
      }
      const newer = Math.max(0, Math.min(log.total - after, log.entries.length));
      return [200, { requests: number(log.entries.slice(log.entries.length - newer)) }];
    },
    "GET /log/:name": async ({ name }) => {
      const found = number(log.entries).find(({ id }) => String(id) === name);
      const entry = found && log.entries[log.entries.length - 1 - (log.total - found.id)];
      if (found === undefined || entry === undefined) {
        return replyNotFound("request", name);
      }
      const secrets = listEmulatorSecrets(instance().state);
      return [200, { ...found, ...(await exchanges.describe(entry, secrets)) }];
    },
    "DELETE /log": () => [204, log.clear()],
  };
}
