import { isEcPrivateKey } from "../../../formats/ec-private-key.js";
import { readPemBlocks } from "../../../formats/pem-blocks.js";
import { hasCertificate } from "../../../formats/x509-certificate.js";
import { toLatin1 } from "../../../utils/to-latin1.js";
import { textToBytes } from "../bytes-text.js";
import { restorePemLineBreaks } from "../pem-line-breaks.js";
import { checkSecretPlaceholder } from "./placeholder.js";

const beginLine = "-----BEGIN ";

/** Returns the problem of the private key of an Apple provider. */
export function checkAppleKey(text: string): string | undefined {
  const bytes = textToBytes(restorePemLineBreaks(text));
  if (isEcPrivateKey(bytes)) {
    return undefined;
  }
  const [first] = readPemBlocks(bytes);
  const key = "the .p8 file as Apple gives it: PEM with an EC key in PKCS #8 (BEGIN PRIVATE KEY)";
  if (first === undefined) {
    return (
      checkSecretPlaceholder(text) ?? `must be ${key}; ${explainMissingBlock(bytes, "PRIVATE KEY")}`
    );
  }
  return first.label === "PRIVATE KEY"
    ? `must be ${key}; this is a damaged key, or one of another kind such as RSA`
    : toLatin1(bytes).includes(`${beginLine}PRIVATE KEY-----`)
      ? `must be ${key}; another block precedes the key: remove it`
      : `must be ${key}; its first block is not a private key in PKCS #8. openssl pkcs8 -topk8 -nocrypt converts other EC keys`;
}

/** Returns the problem of the certificates of a root CA. ZITADEL needs at least one certificate that it can read. */
export function checkRootCa(text: string): string | undefined {
  const bytes = textToBytes(restorePemLineBreaks(text));
  if (bytes.length === 0 || hasCertificate(bytes)) {
    return undefined;
  }
  const labels = [...readPemBlocks(bytes)].map(({ label }) => label);
  const certificate = "PEM with at least one certificate (BEGIN CERTIFICATE)";
  return labels.length === 0
    ? (checkSecretPlaceholder(text) ??
        `must be ${certificate}; ${explainMissingBlock(bytes, "CERTIFICATE")}`)
    : labels.includes("CERTIFICATE")
      ? `must be ${certificate}; this one is damaged or has headers`
      : `must be ${certificate}; this contains only other blocks, such as a key`;
}

/** Returns the reason why a text has no PEM block, and the fix. */
function explainMissingBlock(bytes: Uint8Array, label: string): string {
  const text = toLatin1(bytes);
  const index = text.indexOf(beginLine);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return "this is UTF-16: save it as UTF-8";
  }
  if (index < 0) {
    return first === 0x30 && /[^\t\n\r -~]/.test(text)
      ? `this is DER: convert it to PEM (openssl ${label === "CERTIFICATE" ? "x509" : "pkcs8 -topk8 -nocrypt"} -inform der)`
      : `there is no line -----BEGIN ${label}-----`;
  }
  const before = text.slice(text.lastIndexOf("\n", index) + 1, index);
  if (before === "\u00ef\u00bb\u00bf") {
    return "it begins with a byte order mark: save it as UTF-8 without one";
  }
  if (before !== "") {
    return /^[ \t]+$/.test(before)
      ? "it is indented: remove the spaces before its lines"
      : "its BEGIN is not at the start of a line: remove the text before it";
  }
  const line = text.slice(index).split("\n", 1)[0] ?? "";
  if (!/^-----BEGIN [^-]*-----[ \t\r]*$/.test(line)) {
    return "it is on one line: put line breaks after BEGIN … and before -----END";
  }
  return text.includes("\n-----END ", index)
    ? "its content is damaged, or its END line does not match its BEGIN line"
    : text.includes("-----END ", index)
      ? "its END is not at the start of a line: remove the spaces, or put a line break before it"
      : "it is cut off: its END line is missing";
}
