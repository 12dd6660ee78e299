import type { Random } from "../support/random-message.js";
import { pickWeighted } from "./seeded.js";
import type { Estate, Level } from "./estate.js";

/** One call, and how to tell from the store what became of it. */
export interface Operation {
  readonly level: Level;
  /** The name of the RPC. */
  readonly rpc: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Whether the store has what the call was to do. It never has before. None for reads. */
  readonly isDone?: () => boolean;
  /** The ids of all that the call made, which must never be two. Only for those that make something. */
  readonly made?: () => string[];
  /** What is wrong with an answer. */
  readonly check?: (answer: Readonly<Record<string, unknown>>) => string | undefined;
  /** The id of the error by which the server may refuse the call for good. */
  readonly refusal?: string;
  /** Brings the books of the owner up to date. */
  readonly settle?: () => void;
}

/** What an operation is made from. */
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
