import { setTimeout as delay } from "node:timers/promises";
import { ConnectError, type Transport } from "@connectrpc/connect";
import type { CompatRequest, Header, ResponseResult, Schemas } from "./messages.js";

/** Makes the call that a case of the suite describes. Throws if the call cannot be made; a failed call is a result. */
export async function call(
  request: CompatRequest,
  transport: Transport,
  schemas: Schemas,
): Promise<ResponseResult> {
  const { service = "", method: name = "", timeoutMs, requestDelayMs, requestMessages } = request;
  const method = schemas.method(service, name);
  const [any, ...others] = requestMessages;
  if (method === undefined || any === undefined || others.length > 0) {
    throw new Error(`not a unary call: ${service}/${name}, ${requestMessages.length} messages`);
  }
  const message = schemas.unpack(any);
  if (message?.$typeName !== method.input.typeName) {
    throw new Error(`${name} takes no ${any.typeUrl}`);
  }
  const cancelMs = cancelAfterMs(request);
  const header = request.requestHeaders.flatMap(({ name: key, value }) =>
    value.map((item): [string, string] => [key, item]),
  );

  await delay(requestDelayMs);
  const abort = new AbortController();
  const timer = cancelMs === undefined ? undefined : setTimeout(() => abort.abort(), cancelMs);
  try {
    const response = await transport.unary(method, abort.signal, timeoutMs, header, message);
    const { payload } = response.message as { payload?: unknown };
    return {
      responseHeaders: headerList(response.header),
      payloads: [payload ?? {}],
      responseTrailers: headerList(response.trailer),
    };
  } catch (error) {
    return failure(error);
  } finally {
    clearTimeout(timer);
  }
}

function failure(error: unknown): ResponseResult {
  // Some cases expect `unavailable` from the server, and would pass without a server.
  if (!(error instanceof ConnectError) || isConnectFailure(error)) {
    throw error;
  }
  return {
    error: {
      code: error.code,
      message: error.rawMessage,
      details: error.details.map((detail) => {
        if (!("type" in detail)) {
          throw new Error("the error has details that no server sent");
        }
        return { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value };
      }),
    },
    // An error merges headers and trailers, which the suite accepts as trailers.
    responseTrailers: headerList(error.metadata),
  };
}

function cancelAfterMs({ cancel }: CompatRequest): number | undefined {
  switch (cancel?.cancelTiming.case) {
    case "afterCloseSendMs":
      return cancel.cancelTiming.value;
    case undefined:
      return cancel && 0;
    default:
      throw new Error(`a unary call has no ${cancel?.cancelTiming.case}`);
  }
}

function headerList(headers: Headers): Header[] {
  return [...headers].map(([name, value]) => ({ name, value: [value] }));
}

/** Returns true if the server was never reached. */
function isConnectFailure(error: unknown): boolean {
  return (
    error instanceof Error &&
    (("syscall" in error && error.syscall === "connect") || isConnectFailure(error.cause))
  );
}
