import type { Random } from "../support/random-message.js";
import { pickWeighted } from "./seeded-random.js";
import type { ExpectedState, Level } from "./expected-state.js";

/** One call, with functions that find its effect in the store. */
export interface Operation {
  readonly level: Level;
  /** The name of the RPC. */
  readonly rpc: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Returns true if the store has the effect of the call. Returns false before the call. Undefined for reads. */
  readonly isInStore?: () => boolean;
  /** Returns the ids of all objects that the call created. More than one is a violation. Only for calls that create objects. */
  readonly findCreatedIds?: () => string[];
  /** Returns the mistake in a response. Undefined: there is none. */
  readonly findResponseMistake?: (
    response: Readonly<Record<string, unknown>>,
  ) => string | undefined;
  /** The id of the ZITADEL error with which the server may reject the call. */
  readonly rejectionId?: string;
  /** Updates the expected state after the call has been checked. */
  readonly updateExpectedState?: () => void;
}

/** The input from which an operation is created. */
export interface OperationContext {
  readonly random: Random;
  /** The name of the operation, which no other operation has. */
  readonly name: string;
  readonly expected: ExpectedState;
  readonly level: Level;
  readonly lagMs: number;
}

/** A kind of operation, and its share of all operations. */
export interface OperationKind {
  readonly weight: number;
  /** Creates an operation. Returns undefined if the expected state has no object for it. */
  readonly create: (context: OperationContext) => Operation | undefined;
}

/** Returns a random operation that is possible in the current state. */
export function chooseOperation(
  kinds: readonly OperationKind[],
  context: OperationContext,
): Operation {
  for (let tries = 0; tries < 1000; tries++) {
    const operation = pickWeighted(context.random, kinds).create(context);
    if (operation !== undefined) {
      return operation;
    }
  }
  throw new Error("no operation is possible");
}
