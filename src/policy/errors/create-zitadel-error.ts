import { withCode } from "../../call/with-code.js";
import { decodeDetails, findErrorIdIn } from "../../hints/error-id.js";
import { type Message, setTexts } from "../../utils/message.js";
import { composeMessage } from "./compose-message.js";
import { recordOrganization } from "./error-organization.js";
import { ZitadelError, type ZitadelErrorInit } from "./zitadel-error.js";

/** The parts of an error. The others follow from these. */
interface ErrorParts extends Omit<ZitadelErrorInit, "message" | "hint" | "zitadelDetails" | "id"> {
  /** The text of the server, or of this client if the server sent none. */
  readonly message: Message;
  readonly hint: Message | undefined;
  readonly details: NonNullable<ZitadelErrorInit["details"]>;
  /** The organization of the call, which `error-organization.ts` keeps for the command line. */
  readonly orgId: string | undefined;
}

/** Creates an error with ZITADEL's own details, decoded, with ZITADEL's id of the error, and with texts that the command line can adapt. */
export function createZitadelError({ message, hint, orgId, ...parts }: ErrorParts): ZitadelError {
  const { outcome, attempts } = parts;
  const text = String(message);
  const zitadelDetails = decodeDetails(parts.details);
  const error = new ZitadelError({
    ...parts,
    message: text,
    hint: hint && String(hint),
    zitadelDetails,
    id: findErrorIdIn(zitadelDetails, text),
  });
  recordOrganization(error, orgId);
  const fullMessage = composeMessage({ message, hint, outcome, attempts });
  return setTexts(error, { message: withCode(error, fullMessage), hint });
}
