import { type Context, type Histogram, type MeterProvider, metrics } from "@opentelemetry/api";
import type { Attributes } from "../policy/observe/hooks.js";
import { notify } from "../utils/notify.js";
import { schemaUrl, scopeName } from "./conventions.js";

/** The figures of a call that has ended. */
interface CallFigures {
  readonly durationMs: number;
  readonly attempts: number;
  readonly attributes: Attributes;
}

/** A function that records the figures of a call. `context` holds the span of the call, for exemplars. */
export type Measure = (call: CallFigures, context: Context) => void;

/** Creates the function that records the figures of calls with the registered provider of meters. It never throws. */
export function createCallMetrics(): Measure {
  let provider: MeterProvider | undefined;
  let instruments: Instruments | undefined;
  const record: Measure = ({ durationMs, attempts, attributes }, context) => {
    // Unlike a tracer, a meter that was created before its SDK was registered never records anything.
    const registered = metrics.getMeterProvider();
    if (instruments === undefined || provider !== registered) {
      provider = registered;
      instruments = createInstruments(registered);
    }
    instruments.duration.record(durationMs / 1000, attributes, context);
    instruments.attempts.record(attempts, attributes, context);
  };
  return (call, context) => notify(() => record(call, context));
}

interface Instruments {
  readonly duration: Histogram;
  readonly attempts: Histogram;
}

function createInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(scopeName, undefined, { schemaUrl });
  return {
    duration: meter.createHistogram("rpc.client.call.duration", {
      description: "Measures the duration of an outgoing Remote Procedure Call (RPC).",
      unit: "s",
      advice: {
        explicitBucketBoundaries: [
          0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
        ],
      },
    }),
    attempts: meter.createHistogram("zitadel.client.call.attempts", {
      description: "Measures the number of attempts of a call.",
      unit: "{attempt}",
      advice: { explicitBucketBoundaries: [1, 2, 3, 4, 5] },
    }),
  };
}
