import { Code, ConnectError } from "@connectrpc/connect";

/** Creates the error for a part of a sign-in that the server has and the emulator does not. */
export function createUnemulatedError(part: string): ConnectError {
  return new ConnectError(`${part} is not emulated`, Code.Unimplemented);
}
