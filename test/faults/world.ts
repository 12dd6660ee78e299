import { generateKeyPairSync } from "node:crypto";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import type { WireName } from "../support/wires.js";

/** One of those who work at the same time, each in an organization of its own. */
export interface WorkerSpec {
  readonly name: string;
  readonly wire: WireName;
  readonly orgId: string;
  readonly humanId: string;
  /** There is one default login policy, so one worker changes it. */
  readonly ownsInstancePolicy: boolean;
}

export const clientSecret = "campaign-secret";
export const keyId = "1";
export const userId = "400000000000000001";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const serviceAccountKey: string = JSON.stringify({
  type: "serviceaccount",
  keyId,
  key: privateKey.export({ type: "pkcs1", format: "pem" }),
  userId,
});

/** The user that all tokens of a campaign are for. */
export const userName = "campaign";

const linksOfHuman = 60;

export function createWorkers(wires: readonly WireName[], perWire: number): WorkerSpec[] {
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

/** An organization for each worker, with a human user who has accounts to unlink, and one service user for all. */
export function worldOf(
  workers: readonly WorkerSpec[],
  others: readonly string[] = [],
): EmulatorSeed {
  const [home] = workers;
  return {
    instance: { id: "100000000000000001" },
    organizations: [
      ...workers.map(({ orgId, name }) => ({ id: orgId, name })),
      ...others.map((id) => ({ id, name: `side ${id}` })),
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
      links: Array.from({ length: linksOfHuman }, (_, index) => ({
        idp: "500000000000000001",
        userId: `u${index}`,
        userName: `u${index}`,
      })),
    })),
  };
}

/** Returns the ids of organizations for what goes on beside the workers. */
export function sideOrganizations(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `60000000000000${String(index).padStart(4, "0")}`,
  );
}
