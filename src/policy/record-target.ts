import type { Call } from "../call/call.js";
import type { HeaderFields } from "../transport/run-attempt.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { orgIdHeader } from "./org-id-header.js";

/** Records the organization and the instance that the headers of an attempt name, for the errors of its call. */
export function recordTarget(call: Call, fields: Readonly<HeaderFields>): void {
  call.orgId = fields[orgIdHeader];
  call.instanceHost = fields[instanceHostHeader] ?? fields["host"];
}
