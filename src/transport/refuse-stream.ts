import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "../call/evidence.js";

/** Throws the error of a streaming RPC on a transport for unary RPCs. */
export function refuseStream({ parent, name }: DescMethod, alternative: string): never {
  throw withEvidence(
    new ConnectError(
      `${parent.name}.${name} streams, and this transport is for unary RPCs: use ${alternative}`,
      Code.Unimplemented,
    ),
    { notDone: "unsent" },
  );
}
