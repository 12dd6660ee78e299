import type { Message } from "../utils/message.js";
import type { Code } from "@connectrpc/connect";
import { AttemptError } from "./attempt-error.js";

/** Creates the error of a request that was not sent. */
export function createUnsentError(message: Message, code: Code, cause?: unknown): AttemptError {
  return new AttemptError(message, code, { notDone: "unsent" }, { cause });
}
