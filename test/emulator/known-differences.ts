/** The differences in Node.js 20 only. */
const differencesInNode20: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "auth-header: management, Bearer and a blank (grpc)",
    "auth-header: admin, Bearer and a blank (grpc)",
    "auth-header: v2, Bearer and a blank (grpc)",
    "auth-context: orgid of blanks (grpc)",
  ].map((step) => [
    step,
    "Node.js 20 drops a header of HTTP/2 whose value ends with a blank, and has no option to keep it",
  ]),
);

/**
 * The known differences between the emulator and the recorded server, by recording and step, with the reason. All other steps
 * must match, and a step in this list that matches fails the test too.
 */
export const knownDifferences: Readonly<Record<string, string>> = {
  "saml-url: lengths": "the recording does not show all fields of the server's certificate",
  ...(process.versions.node.startsWith("20.") && differencesInNode20),
};

/** The RPCs that recordings use but the emulator does not have. The replay achieves their effect in other ways. */
export const rpcsNotEmulated: Readonly<Record<string, string>> = {
  "zitadel.user.v2.UserService/AddHumanUser": "humans come with the seed",
  "zitadel.user.v2.UserService/AddIDPLink": "links come with the seed",
  "zitadel.management.v1.ManagementService/DeactivateOrg":
    "states of organizations come with the seed",
  "zitadel.management.v1.ManagementService/RemoveOrg": "states of organizations come with the seed",
};
