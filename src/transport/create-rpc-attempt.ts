import { create, type DescMessage } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import type { UnaryCallRequest } from "../call/call-transport.js";
import { prepareRequest } from "../call/prepare-request.js";
import type { Attempt, HeaderFields } from "./run-attempt.js";

/** The server of a transport, and whether a forward proxy gets all requests to it. */
interface RpcTarget {
  readonly baseUrl: string;
  readonly hasProxy?: boolean | undefined;
}

/** Creates an attempt that goes to the path of its RPC, as with gRPC and gRPC-web. `createFields` returns its header fields. */
export function createRpcAttempt<I extends DescMessage, O extends DescMessage>(
  call: Call,
  { method, header, input, contextValues, deadline }: UnaryCallRequest<I, O>,
  { baseUrl, hasProxy }: RpcTarget,
  createFields: (init: HeadersInit | undefined) => HeaderFields,
): Attempt<I, O> {
  return {
    call,
    method,
    requestMethod: "POST",
    url: `${baseUrl}/${method.parent.typeName}/${method.name}`,
    fields: prepareRequest(() => createFields(header)),
    message: create(method.input, input),
    contextValues,
    deadline,
    hasProxy,
  };
}
