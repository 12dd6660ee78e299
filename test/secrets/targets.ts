import type { DescMethodUnary } from "@bufbuild/protobuf";
import { allMethods } from "../support/all-methods.js";
import { secretFields, type SecretPath, secretRpcs } from "./planted-secrets.js";
import type { Situation } from "./situations.js";

/** An RPC to call, and the path of the secret in its request. */
export interface Target {
  readonly rpc: DescMethodUnary;
  readonly path: SecretPath | undefined;
}

/** Returns the next item of a list, and begins again after its last one. Each key has a position of its own in the list. */
export type Turn = <T>(list: readonly T[], key?: string) => T;

/** Creates a function that begins with the first item of each list. */
export function createTurn(): Turn {
  const next = new Map<unknown, Map<string, number>>();
  return <T>(list: readonly T[], key = ""): T => {
    const byKey = next.get(list) ?? new Map<string, number>();
    next.set(list, byKey);
    const index = byKey.get(key) ?? 0;
    byKey.set(key, index + 1);
    return list[index % list.length] as T;
  };
}

/** Lists the RPCs to call in a situation, each with a secret of its request. */
export function listTargets({ calls }: Situation, turn: Turn): readonly Target[] {
  if (calls === "secrets") {
    return secretFields;
  }
  if (calls === "all") {
    const others = allMethods.filter((rpc) => !secretRpcs.includes(rpc));
    return [...secretFields, ...others.map((rpc): Target => ({ rpc, path: undefined }))];
  }
  return Array.from({ length: calls }, () => turn(secretFields));
}
