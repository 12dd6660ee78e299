import { Code, type ConnectError } from "@connectrpc/connect";
import { createServerError } from "./server-error.js";

/** A lookup that the database carries out. All other lookups compare values in the server itself. */
export type Lookup = keyof typeof lookupErrors;

/** The ids and texts of the errors of lookups whose values the database cannot read. */
const lookupErrors = {
  provider: ["QUERY-ADG42", "Errors.Internal"],
  providerList: ["QUERY-BDFrq", "Errors.Internal"],
  legacyIdp: ["QUERY-zE3Ro", "Errors.Internal"],
  legacyIdpList: ["QUERY-xPlVH", "Errors.Internal"],
  policyLinkList: ["QUERY-ZkKUc", "Errors.Internal"],
  humanLinkList: ["QUERY-C1E4D", "Errors.Internal"],
  /** The events by which a command finds the object that it changes. */
  events: ["SQL-KyeAx", "unable to filter events"],
} as const;

/** Creates the error of a lookup with a value that the database cannot read. */
export function createLookupError(lookup: Lookup): ConnectError {
  const [id, key] = lookupErrors[lookup];
  return createServerError(Code.Internal, id, key);
}
