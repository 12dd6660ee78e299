const blankEnd = "Node.js drops a header of HTTP/2 whose value ends with a blank";
const v2Service = "the v2 API is not emulated, so the gRPC-web layer does not know the RPC";

/**
 * Where the emulator does not answer as the recorded server did, by recording and step, with the reason. Nothing else may
 * differ: a step that is listed here and does not differ fails the test too.
 */
export const keptDifferences: Readonly<Record<string, string>> = {
  "auth-header: management, Bearer and a blank (grpc)": blankEnd,
  "auth-header: admin, Bearer and a blank (grpc)": blankEnd,
  "auth-context: orgid of blanks (grpc)": blankEnd,
  "transport-cors: gRPC-web: v2 service": v2Service,
  "transport-cors: gRPC-web: v2 service with grpc-timeout": v2Service,
  "transport-cors: Connect: v2 service": v2Service,
  "transport-rest-routing: raw non-ASCII in the path":
    "Node.js refuses such a request line itself; escaped, the path gets the recorded answer",
};

/** RPCs that the recordings use and the emulator does not have. Their effect is set up by other means. */
export const outsideTheSurface: Readonly<Record<string, string>> = {
  "zitadel.idp.v2.IdentityProviderService/GetIDPByID": "the v2 API is not emulated; it only reads",
  "zitadel.user.v2.UserService/AddHumanUser": "humans come with the seed",
  "zitadel.user.v2.UserService/AddIDPLink": "links come with the seed",
  "zitadel.management.v1.ManagementService/DeactivateOrg":
    "states of organizations come with the seed",
  "zitadel.management.v1.ManagementService/RemoveOrg": "states of organizations come with the seed",
};
