import type { Random } from "../support/random-message.js";
import { pickWeighted } from "./seeded.js";
import type { Estate, Level } from "./estate.js";

/** One call, and how to tell from the store what became of it. */
export interface Operation {
  readonly level: Level;
  /** The name of the RPC. */
  readonly rpc: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Returns true if the store has the effect of the call. It never has before the call. Undefined for reads. */
  readonly isDone?: () => boolean;
  /** The ids of all that the call made, which must never be two. Only for those that make something. */
  readonly made?: () => string[];
  /** Returns the mistake in a response, if there is one. */
  readonly check?: (answer: Readonly<Record<string, unknown>>) => string | undefined;
  /** The id of the error by which the server may refuse the call for good. */
  readonly refusal?: string;
  /** Brings the books of the owner up to date. */
  readonly settle?: () => void;
}

/** The input from which an operation is made. */
export interface Occasion {
  readonly random: Random;
  /** Unique to the operation. */
  readonly name: string;
  readonly estate: Estate;
  readonly level: Level;
  readonly lagMs: number;
}

/** Makes an operation, or nothing if the estate has nothing for it. */
export interface OperationKind {
  readonly weight: number;
  readonly make: (occasion: Occasion) => Operation | undefined;
}

/** An operation that is possible now. */
export function chooseOperation(kinds: readonly OperationKind[], occasion: Occasion): Operation {
  for (let tries = 0; tries < 1000; tries++) {
    const operation = pickWeighted(occasion.random, kinds).make(occasion);
    if (operation !== undefined) {
      return operation;
    }
  }
  throw new Error("no operation is possible");
}
