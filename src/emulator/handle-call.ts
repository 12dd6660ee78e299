import { create, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { anyUser, authorize, findNeededPermission } from "./authorize.js";
import { createEarlyDeadlineError, fastestResponseMs } from "./wire/deadline-errors.js";
import { readLanguage } from "./errors/error-texts.js";
import { translateError } from "./errors/server-error.js";
import { createUnknownMethodError } from "./errors/unknown-method-error.js";
import { andThen, type MaybePromise } from "./maybe-promise.js";
import { methodsNotEmulated } from "./methods-not-emulated.js";
import { findRpcHandler } from "./rpc/find-rpc-handler.js";
import type { EmulatorState } from "./store/emulator-state.js";
import { createEventRecorder } from "./store/event-recorder.js";
import { validateRequest } from "./validate-request.js";
import type { DecodedCall } from "./wire/decoded-call.js";
import { findFirstHeader } from "./wire/http-message.js";
import { isV2Service } from "./wire/v2-service.js";
import { checkRequestedHost } from "./wire/requested-host.js";

/**
 * Carries out a call and returns the response message.
 *
 * The checks run in the real server's order, which decides which error wins: deadline, instance, token, organization, permission,
 * validation, handler. Throws a ConnectError.
 */
export function handleCall(state: EmulatorState, call: DecodedCall): MaybePromise<Message> {
  return state.ready === undefined
    ? handleReadyCall(state, call)
    : state.ready.then(() => handleReadyCall(state, call));
}

function handleReadyCall(state: EmulatorState, call: DecodedCall): MaybePromise<Message> {
  const { method, message, metadata, authority, origin, timeoutMs, onAuthorized } = call;
  if (timeoutMs < fastestResponseMs) {
    throw createEarlyDeadlineError(state.domain, call);
  }
  checkRequestedHost(state, authority, metadata);
  const service = method.parent.typeName;
  if (methodsNotEmulated[service]?.includes(method.name)) {
    authorize(state, anyUser, metadata);
    throw createUnknownMethodError(service, method.name);
  }
  const permission = findNeededPermission(`${service}/${method.name}`);
  if (permission === undefined) {
    // Healthz needs no token, and its response has no fields.
    return create(method.output);
  }
  const caller = authorize(state, permission, metadata);
  onAuthorized?.(caller);
  validateRequest(method.input, message);
  const owner = service === AdminService.typeName ? state.instance : caller.organization;
  const throwTranslated = (reason: unknown): never => {
    // v2 services ignore the header.
    const header = isV2Service(service) ? undefined : findFirstHeader(metadata, "accept-language");
    const language = readLanguage(header, state.defaultLanguage);
    throw translateError(ConnectError.from(reason, Code.Internal), language);
  };
  try {
    const fields = findRpcHandler(method)(message, {
      state,
      owner,
      user: caller.user,
      events: createEventRecorder(state, owner, caller.user),
      input: method.input,
      origin,
    });
    const response = andThen(fields, (each) => create(method.output, each));
    return response instanceof Promise ? response.catch(throwTranslated) : response;
  } catch (reason) {
    return throwTranslated(reason);
  }
}
