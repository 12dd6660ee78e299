import { generateKeyPairSync } from "node:crypto";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import type { WireName } from "../support/wires.js";

/** A worker, which runs its operations in an organization of its own while other workers run theirs. */
export interface WorkerSpec {
  readonly name: string;
  readonly wire: WireName;
  readonly orgId: string;
  readonly humanId: string;
  /** True for the one worker that may change the default login policy, because an instance has only one. */
  readonly ownsInstancePolicy: boolean;
}

export const clientSecret = "campaign-secret";
const keyId = "1";
const userId = "400000000000000001";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const serviceAccountKey: string = JSON.stringify({
  type: "serviceaccount",
  keyId,
  key: privateKey.export({ type: "pkcs1", format: "pem" }),
  userId,
});

/** The user name of the service account for which all tokens of a campaign are issued. */
export const userName = "campaign";

const linksPerHuman = 60;

export function createWorkerSpecs(wires: readonly WireName[], perWire: number): WorkerSpec[] {
  return wires.flatMap((wire, wireIndex) =>
    Array.from({ length: perWire }, (_, index): WorkerSpec => {
      const number = String(wireIndex * perWire + index + 1).padStart(4, "0");
      return {
        name: `${wire}-${index}`,
        wire,
        orgId: `20000000000000${number}`,
        humanId: `30000000000000${number}`,
        ownsInstancePolicy: wireIndex === 0 && index === 0,
      };
    }),
  );
}

/**
 * Returns the emulator's initial data: an organization for each worker, with a human user who has linked accounts, one for each
 * id of `backgroundIds`, and one service user for all.
 */
export function createEmulatorSeed(
  workers: readonly WorkerSpec[],
  backgroundIds: readonly string[] = [],
): EmulatorSeed {
  const [home] = workers;
  return {
    instance: { id: "100000000000000001" },
    organizations: [
      ...workers.map(({ orgId, name }) => ({ id: orgId, name })),
      ...backgroundIds.map((id) => ({ id, name: `background ${id}` })),
    ],
    serviceUsers: [
      {
        id: userId,
        name: userName,
        organization: home?.name ?? "",
        instanceRoles: ["IAM_OWNER"],
        clientSecret,
        keys: [
          { id: keyId, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() },
        ],
      },
    ],
    humans: workers.map(({ humanId, name }) => ({
      id: humanId,
      name: `human of ${name}`,
      organization: name,
      links: Array.from({ length: linksPerHuman }, (_, index) => ({
        idp: "500000000000000001",
        userId: `u${index}`,
        userName: `u${index}`,
      })),
    })),
  };
}

/** Returns the ids of the organizations of background work. */
export function createBackgroundIds(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `60000000000000${String(index).padStart(4, "0")}`,
  );
}
