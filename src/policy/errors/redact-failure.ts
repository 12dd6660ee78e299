/**
 * The removal of the secrets of a call from its error. Nothing of a failed call gets into a `ZitadelError` without `redactThrown`,
 * `redactHint` or `redactMessage`, except for the caller's own abort reason.
 */
import { ConnectError } from "@connectrpc/connect";
import { collectSecrets } from "../../redact/collect-secrets.js";
import { redactError } from "../../redact/redact-error.js";
import { redactMessage } from "../../redact/redact-message.js";
import { listTextVariants } from "../../redact/secret-variants.js";
import type { Message } from "../../utils/message.js";
import type { FailedCall } from "./failed-call.js";

/** Returns the texts that must not be in the error of a call: its tokens, the secrets of its client and those of its request. */
export function listSecrets({ method, input, call }: FailedCall): readonly string[] {
  const known = [...new Set(call.secrets)];
  return [...known.flatMap(listTextVariants), ...collectSecrets(method.input, input)];
}

/** Removes secrets from what a transport threw: texts, headers, details, causes. Bounds its size too. */
export function redactThrown(error: ConnectError, secrets: readonly string[]): ConnectError {
  return ConnectError.from(redactError(error, secrets));
}

/** The maximum length of a host name, in characters. */
const maxHost = 253;

/** Removes secrets from a hint. Hints repeat host names from redirects, which URLs convert to lower case. */
export function redactHint(hint: Message, secrets: readonly string[]): Message {
  const hosts = secrets.filter(({ length }) => length <= maxHost);
  return redactMessage(
    redactMessage(hint, secrets),
    hosts.map((secret) => secret.toLowerCase()),
  );
}
