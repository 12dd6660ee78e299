import type { Message } from "../utils/message.js";
import { optionText } from "../utils/option-text.js";
import { advice } from "../zitadel/advice-phrases.js";
import type { TlsProblem } from "./find-tls-problem.js";

/** Explains a certificate that is not valid at this time, or that no trusted authority has signed. `subject` names the certificate. */
export function explainCertificate(problem: TlsProblem | undefined, subject: string): Message {
  return problem === "date"
    ? `${subject} is not valid today: renew it, or set the clock of this machine`
    : optionText`${subject} is not signed by an authority that this machine trusts: pass its CA as ${advice.tlsCa}, or trust it on this machine, in Node.js with NODE_EXTRA_CA_CERTS=FILE`;
}
