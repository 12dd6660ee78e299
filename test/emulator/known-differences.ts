/** Steps of recordings in which the emulator differs from the recorded server, all for the same reason. */
interface KnownDifference {
  /** The steps: "recording: step", or "recording: step (wire protocol)" for a difference on that wire protocol only. */
  readonly steps: readonly string[];
  readonly reason: string;
}

/** The differences in Node.js 20 only. */
const differencesInNode20: readonly KnownDifference[] = [
  {
    steps: [
      "auth-header: management, Bearer and a blank (grpc)",
      "auth-header: admin, Bearer and a blank (grpc)",
      "auth-header: v2, Bearer and a blank (grpc)",
      "auth-context: orgid of blanks (grpc)",
    ],
    reason:
      "Node.js 20 drops a header of HTTP/2 whose value ends with a blank, and has no option to keep it",
  },
];

/**
 * The known differences between the emulator and the recorded server. All other steps must match, and a step in this list that
 * matches fails the test too.
 */
export const knownDifferences: readonly KnownDifference[] = [
  {
    steps: ["saml-url: lengths"],
    reason: "the recording does not show all fields of the server's certificate",
  },
  {
    steps: ["http2-settings: upgradeH2c"],
    reason: "the HTTP/2 server of Node.js cannot take over a connection that begins with HTTP/1",
  },
  ...(process.versions.node.startsWith("20.") ? differencesInNode20 : []),
];

/** Returns the known difference of a step, or `undefined` if the step must match. */
export function findDifference(recording: string, step: string): KnownDifference | undefined {
  return knownDifferences.find(({ steps }) => steps.includes(`${recording}: ${step}`));
}

/** The RPCs of the steps that only prepare others, and that the emulator does not have. The replay does the same in other ways. */
export const rpcsNotEmulated: Readonly<Record<string, string>> = {
  "zitadel.user.v2.UserService/AddHumanUser": "humans come with the seed",
  "zitadel.user.v2.UserService/AddIDPLink": "links come with the seed",
  "zitadel.management.v1.ManagementService/DeactivateOrg":
    "states of organizations come with the seed",
  "zitadel.management.v1.ManagementService/RemoveOrg": "states of organizations come with the seed",
};
