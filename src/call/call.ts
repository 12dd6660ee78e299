import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { createContextValues } from "@connectrpc/connect";
import type { CallIdentity } from "./call-identity.js";
import type { Deadline } from "./deadline.js";

/** The state of one call over all its attempts. Every layer of the call receives it as an argument. */
export class Call {
  /** The end of the call. */
  readonly deadline: Deadline;
  /** The start of the call, in milliseconds since 1970. */
  readonly startedMs: number = Date.now();
  /** The number of attempts of the call, 1 from the start. Each request that was sent counts, also the one with another token. */
  attempts = 1;
  /** The maximum number of attempts. `withRetry` sets it. */
  maxAttempts = 1;
  /**
   * True if the current attempt may have left this machine. The transports of this package set it when they send. Other transports do not
   * report that moment, so it is set before they get the call.
   */
  sent = false;
  /** True if the current attempt goes over a transport of the caller, whose errors have no facts before this package adds them. */
  isTransportOfCaller = false;
  /** True if an earlier attempt may have been carried out. */
  mayBeDone = false;
  /** The error id of a retry that found the work already done. */
  alreadyDone: string | undefined;
  /** The texts that must not appear in any error of the call, such as its token. */
  readonly secrets: string[];
  /** The token of the last attempt. Hints use its kind and its expiry. */
  token: string | undefined;
  /** The organization id of the last attempt. */
  orgId: string | undefined;
  /** The host name of the instance that the last attempt named instead of the host of its URL. */
  instanceHost: string | undefined;
  /** The identity of the call in the events of hooks. `identifyCall` sets it with the first event. */
  identity: CallIdentity | undefined;
  /** The context values of a call whose caller gave none. Interceptors of all its attempts share them. */
  ownValues: ContextValues | undefined;

  /** Creates the state of a call with the secrets of its client. A call within an outer call shares the list of secrets with it. */
  constructor(deadline: Deadline, outer?: Call, secrets?: readonly string[]) {
    this.deadline = deadline;
    this.secrets = outer?.secrets ?? [];
    if (secrets !== undefined) {
      this.secrets.push(...secrets);
    }
  }

  /** Records the token of an attempt. */
  useToken(token: string): void {
    this.token = token;
    this.secrets.push(token);
  }
}

/** The facts about an attempt that its context values hold. */
interface CallContext {
  readonly call: Call;
  readonly hasProxy: boolean;
}

/** The key under which interceptors and transports of the caller pass the state of a call on. */
const callKey: ContextKey<CallContext | undefined> = {
  id: Symbol("zitadel-idp.call"),
  defaultValue: undefined,
};

/** Returns the call to which context values belong. Undefined if no layer of this package has created a call. */
export function callOf(values: ContextValues | undefined): Call | undefined {
  return values?.get(callKey)?.call;
}

/** Returns true if context values belong to an attempt over a forward proxy that gets all requests, also those to this machine. */
export function hasProxyIn(values: ContextValues): boolean {
  return values.get(callKey)?.hasProxy ?? false;
}

/** Returns context values that hold the call, and `hasProxy` of its transport, in front of the caller's values. */
export function withCall(
  call: Call,
  values: ContextValues | undefined,
  hasProxy = false,
): ContextValues {
  const inner = values ?? (call.ownValues ??= createContextValues());
  return new CallValues({ call, hasProxy }, inner);
}

/** The caller's context values, with the call in front. Many calls may share the caller's values, so they cannot hold the call. */
class CallValues implements ContextValues {
  readonly #context: CallContext;
  readonly #values: ContextValues;

  constructor(context: CallContext, values: ContextValues) {
    this.#context = context;
    this.#values = values;
  }

  get<T>(key: ContextKey<T>): T {
    return key.id === callKey.id ? (this.#context as T) : this.#values.get(key);
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this.#values.set(key, value);
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this.#values.delete(key);
    return this;
  }
}
