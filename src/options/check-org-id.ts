import { throwInvalidOption } from "../utils/option-error.js";

/** Checks an organization id, which is sent as a header. */
export function checkOrgId(orgId: string): string {
  if (typeof orgId !== "string" || !/^[\x21-\x7e]{1,200}$/.test(orgId)) {
    throwInvalidOption(
      "orgId",
      "must be an organization's id: 1 to 200 characters, ASCII without spaces",
    );
  }
  return orgId;
}
