import type { UserFacts } from "../../whoami/facts.js";
import { formatNamedId } from "./format-named-id.js";

const userTypes = { machine: "service user", human: "human user", unknown: "user" } as const;

/** Describes a user, e.g. `ci-bot (service user 1 of organization Acme (7))`. */
export function formatUser({ id, loginName, type, organization }: UserFacts): string {
  return `${loginName} (${userTypes[type]} ${id} of organization ${formatNamedId(organization)})`;
}
