/**
 * Traces and metrics of calls for OpenTelemetry. Needs the package `@opentelemetry/api`, which no other entry loads.
 *
 * @module
 */
export { withTelemetry } from "./with-telemetry.js";
export type { TelemetryOptions } from "./with-telemetry.js";
