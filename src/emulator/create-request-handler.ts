import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import type { EmulatorInstance } from "./emulator-instance.js";
import { applyFault, toFaultedOutcome } from "./faults/apply-fault.js";
import type { FaultRules } from "./faults/fault-rules.js";
import type { Fault } from "./faults/fault.js";
import { handleCall } from "./handle-call.js";
import type { RequestHandler } from "./http/request-handler.js";
import { readResponseErrorCode } from "./log/read-response-error-code.js";
import type { LoggedRequest, RequestLog } from "./log/request-log.js";
import { toLoggedMessage } from "./log/to-logged-message.js";
import { findResponse, type RequestOutcome } from "./wire/broken-connection.js";
import type { CallHandler, DecodedCall } from "./wire/decoded-call.js";
import { detectProtocol, type RequestProtocol } from "./wire/detect-protocol.js";
import { maxBodyBytes, type WireRequest, type WireResponse } from "./wire/http-message.js";
import { createPlainTextResponse } from "./wire/plain-text-response.js";
import { routeRequest } from "./wire/route-request.js";

/** The length at which the log cuts off a path. */
const maxLoggedPathLength = 2048;

/**
 * Creates the function that handles the requests of all listeners and of `fetch`. Each request is handled in these steps:
 *
 * 1. The fault rules select a fault by the path.
 * 2. `routeRequest` decodes the request, and calls back with the call of an RPC.
 * 3. The fault rules select a fault by the RPC, and `handleCall` carries out the call under this fault.
 * 4. The fault replaces or breaks the response.
 * 5. The request is added to the log.
 */
export function createRequestHandler(
  getInstance: () => EmulatorInstance,
  faults: Pick<FaultRules, "take">,
  log: Pick<RequestLog, "add">,
): RequestHandler {
  return async (request, signal) =>
    new HandledRequest(request, signal, getInstance(), faults, log).run();
}

/** One request from its arrival to its outcome. */
class HandledRequest {
  readonly #request: WireRequest;
  readonly #signal: AbortSignal;
  readonly #instance: EmulatorInstance;
  readonly #faults: Pick<FaultRules, "take">;
  readonly #log: Pick<RequestLog, "add">;
  readonly #protocol: RequestProtocol;
  readonly #path: string;
  readonly #at = new Date();
  readonly #startMs = performance.now();
  /** The fault that applies to the request. */
  #fault: Fault | undefined;
  #method: DescMethodUnary | undefined;
  /** The fields of the log entry that only the call of an RPC has. */
  #callFields: Pick<
    Partial<LoggedRequest>,
    "service" | "rpc" | "request" | "user" | "orgId" | "errorId"
  > = {};

  constructor(
    request: WireRequest,
    signal: AbortSignal,
    instance: EmulatorInstance,
    faults: Pick<FaultRules, "take">,
    log: Pick<RequestLog, "add">,
  ) {
    this.#request = request;
    this.#signal = signal;
    this.#instance = instance;
    this.#faults = faults;
    this.#log = log;
    this.#protocol = detectProtocol(request);
    this.#path = (request.target.split("?", 1)[0] ?? "").slice(0, maxLoggedPathLength);
  }

  /** Handles the request. Never rejects. */
  async run(): Promise<RequestOutcome> {
    this.#fault = this.#faults.take({ protocol: this.#protocol, path: this.#path });
    const response = await this.#applyFault(this.#fault, undefined, () => this.#route()).catch(
      (): WireResponse | undefined => undefined,
    );
    const outcome =
      this.#fault === undefined
        ? (response ?? internalError)
        : toFaultedOutcome(this.#fault, response);
    this.#addToLog(findResponse(outcome));
    return outcome;
  }

  async #route(): Promise<WireResponse> {
    // gRPC sends the size of a message before the message, and rejects a message that is too large by that size.
    if (this.#request.body.length > maxBodyBytes && !this.#protocol.startsWith("grpc")) {
      return bodyTooLarge;
    }
    return routeRequest(this.#request, this.#handleCall, this.#instance.handleEndpoint);
  }

  readonly #handleCall: CallHandler = async (call) => {
    const { lag } = this.#instance;
    const { method, message } = call;
    const service = method.parent.typeName;
    const rpc = `${service}/${method.name}`;
    this.#method = method;
    this.#callFields = {
      service,
      rpc: method.name,
      request: toLoggedMessage(method.input, message),
    };
    const hasFaultOfPath = this.#fault !== undefined;
    this.#fault ??= this.#faults.take({ protocol: this.#protocol, path: this.#path, rpc });
    try {
      return await this.#applyFault(hasFaultOfPath ? undefined : this.#fault, call, async () =>
        handleCall(lag.stateFor(rpc), {
          ...call,
          onAuthorized: ({ user, organization }) =>
            void Object.assign(this.#callFields, { user: user.name, orgId: organization.id }),
        }),
      ).finally(() => lag.scheduleChanges());
    } catch (reason) {
      const [detail] = ConnectError.from(reason).findDetails(ErrorDetailSchema);
      if (detail?.id) {
        this.#callFields = { ...this.#callFields, errorId: detail.id };
      }
      throw reason;
    }
  };

  #applyFault<T>(
    fault: Fault | undefined,
    call: DecodedCall | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    if (fault === undefined) {
      return run();
    }
    const { domain } = this.#instance.state;
    const request = { protocol: this.#protocol, call, domain, signal: this.#signal };
    return applyFault(fault, request, run);
  }

  #addToLog(response: WireResponse | undefined): void {
    const code = response && readResponseErrorCode(response);
    const entry: LoggedRequest = {
      at: this.#at,
      protocol: this.#protocol,
      httpMethod: this.#request.method,
      path: this.#path,
      httpVersion: this.#request.httpVersion,
      ...this.#callFields,
      ...(response && { status: response.status }),
      ...(code !== undefined && { code }),
      ms: Math.round((performance.now() - this.#startMs) * 100) / 100,
      ...(this.#fault && { fault: this.#fault.type }),
    };
    this.#log.add(entry, { headers: this.#request.headers, response, method: this.#method });
  }
}

const bodyTooLarge = createPlainTextResponse(413, `the body is larger than ${maxBodyBytes} bytes`);
/** The response to an unexpected failure of the emulator itself. */
const internalError = createPlainTextResponse(500, "Internal Server Error");
