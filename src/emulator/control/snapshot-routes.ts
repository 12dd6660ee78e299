import type { ControlledEmulator } from "./controlled-emulator.js";
import { type ControlRoutes, replyNotFound } from "./control-routes.js";
import { readSnapshotFile, writeSnapshotFile } from "./snapshot-file.js";
import { type StateSnapshot, takeSnapshot } from "./state-snapshot.js";

/** Creates the routes for snapshots. A snapshot keeps the state under a name until the emulator ends. */
export function createSnapshotRoutes(
  { instance, loadSnapshot }: ControlledEmulator,
  notifyControls: () => void,
): ControlRoutes {
  const snapshots = new Map<string, StateSnapshot>();
  return {
    "GET /snapshots": () => [200, { snapshots: [...snapshots.keys()] }],
    "GET /snapshots/:name": async ({ name }) => {
      const snapshot = snapshots.get(name);
      return snapshot === undefined
        ? replyNotFound("snapshot", name)
        : [200, await writeSnapshotFile(snapshot)];
    },
    "PUT /snapshots/:name": ({ name, body }) => {
      const { state } = instance();
      snapshots.set(name, body === undefined ? takeSnapshot(state) : readSnapshotFile(body, state));
      notifyControls();
      return [204, undefined];
    },
    "DELETE /snapshots/:name": ({ name }) => {
      if (!snapshots.delete(name)) {
        return replyNotFound("snapshot", name);
      }
      notifyControls();
      return [204, undefined];
    },
    "POST /snapshots/:name/load": ({ name }) => {
      const snapshot = snapshots.get(name);
      if (snapshot === undefined) {
        return replyNotFound("snapshot", name);
      }
      loadSnapshot(snapshot);
      notifyControls();
      return [204, undefined];
    },
  };
}
