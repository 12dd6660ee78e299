import { Code } from "@connectrpc/connect";
import type { FaultEntry } from "../control/control-queries.js";
import { faultTypes } from "./fault-fields.js";

/** Formats the label of a fault with its most important value. */
export function formatFaultTitle({ rule: { fault } }: FaultEntry): string {
  const { label } = faultTypes[fault.type];
  switch (fault.type) {
    case "delay":
      return `${label} of ${fault.ms} ms`;
    case "http":
      return `${label}: ${fault.status}`;
    case "status":
      return `${label}: ${Code[fault.code]}`;
    default:
      return label;
  }
}

/** Formats the conditions of a rule in one line, with its hits. */
export function formatFaultConditions({ rule, hits, on }: FaultEntry): string {
  const { rpc, path, protocol, times, probability, fault } = rule;
  const conditions = [
    path === undefined ? (rpc ?? "Every RPC") : path,
    protocol && `over ${protocol}`,
    "when" in fault && fault.when === "after" && "after the call",
    probability !== undefined && `${Math.round(probability * 100)} % of the calls`,
    times !== undefined && (times === 1 ? "once" : `${times} times`),
    `${hits} ${hits === 1 ? "hit" : "hits"}`,
    !on && times !== undefined && hits >= times && "used up",
  ];
  return conditions.filter(Boolean).join(", ");
}
