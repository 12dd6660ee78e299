import type { Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { answer, type Call } from "./call.js";
import type { Fault } from "./faults/fault.js";
import type { FaultRules } from "./faults/rules.js";
import { finish, strike } from "./faults/strike.js";
import { codeOf } from "./log/code-of.js";
import { redactedJson } from "./log/redact.js";
import type { LoggedRequest, RequestLog } from "./log/request-log.js";
import type { World } from "./worlds.js";
import type { WireRequest, WireResponse } from "./wire/exchange.js";
import { isBreakage, type Outcome } from "./wire/outcome.js";
import { protocolOf } from "./wire/protocol.js";
import { plainText } from "./wire/rest.js";
import { route } from "./wire/router.js";

/** A function that returns the outcome of a request. It never rejects. `signal` aborts when the client disconnects. */
export type Respond = (request: WireRequest, signal: AbortSignal) => Promise<Outcome>;

/**
 * The number of bytes of a body that the emulator reads. The services reject messages above 4 MiB of protobuf, well below this
 * limit, with their own error.
 */
export const maxBodyBytes: number = 16 * 1024 * 1024;

/** The length at which the log cuts off a path. */
const maxPathCharacters = 2048;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Creates the function that responds to requests: it routes them by wire protocol, applies faults, and adds each request to the
 * log.
 */
export function createRespond(current: () => World, faults: FaultRules, log: RequestLog): Respond {
  return async (request, signal) => {
    const { serveBeside, lag } = current();
    const at = new Date();
    const start = performance.now();
    const protocol = protocolOf(request);
    const path = (request.target.split("?", 1)[0] ?? "").slice(0, maxPathCharacters);
    const seen: Writable<Partial<LoggedRequest>> = {};

    const circumstances = { protocol, headers: request.headers, signal };
    const faultOfPath = faults.take({ protocol, path });
    let fault: Fault | undefined = faultOfPath;
    const under = <T>(each: Fault | undefined, carryOut: () => Promise<T>): Promise<T> =>
      each === undefined ? carryOut() : strike(each, circumstances, carryOut);

    const call = async (each: Call): Promise<Message> => {
      const service = each.method.parent.typeName;
      const rpc = each.method.name;
      Object.assign(seen, {
        service,
        rpc,
        request: redactedJson(each.method.input, each.message),
      });
      fault ??= faults.take({ protocol, path, rpc: `${service}/${rpc}` });
      try {
        return await under(faultOfPath === undefined ? fault : undefined, async () =>
          answer(lag.stateFor(`${service}/${rpc}`), {
            ...each,
            authorized: ({ user, organization }) =>
              void Object.assign(seen, { user: user.name, orgId: organization.id }),
          }),
        ).finally(() => lag.notice());
      } catch (reason) {
        const [detail] = ConnectError.from(reason).findDetails(ErrorDetailSchema);
        if (detail?.id) {
          seen.errorId = detail.id;
        }
        throw reason;
      }
    };

    const response = await under(faultOfPath, async () =>
      // gRPC sends the size of a message before the message, and rejects a message that is too large by that size.
      request.body.length > maxBodyBytes && !protocol.startsWith("grpc")
        ? tooLarge
        : route(request, call, serveBeside),
    ).catch((): WireResponse | undefined => undefined);
    const outcome = fault === undefined ? (response ?? broken) : finish(fault, response);
    const told = isBreakage(outcome) ? ("answer" in outcome ? outcome.answer : undefined) : outcome;
    const code = told && codeOf(told);
    log.add({
      at,
      protocol,
      httpMethod: request.method,
      path,
      httpVersion: request.httpVersion,
      ...seen,
      ...(told && { status: told.status }),
      ...(code !== undefined && { code }),
      ms: Math.round((performance.now() - start) * 100) / 100,
      ...(fault && { fault: fault.type }),
    });
    return outcome;
  };
}

const tooLarge = plainText(413, `the body is larger than ${maxBodyBytes} bytes`);
/** The response to an unexpected failure of the emulator itself. */
const broken = plainText(500, "Internal Server Error");
