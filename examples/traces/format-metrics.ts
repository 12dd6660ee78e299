import type { Histogram, ResourceMetrics } from "@opentelemetry/sdk-metrics";

/** Formats the counts of histograms, one line for each method and result. */
export function formatMetrics(resources: readonly ResourceMetrics[]): string {
  return resources
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics)
    .flatMap(({ descriptor, dataPoints }) => [
      `${descriptor.name} (${descriptor.unit})`,
      ...dataPoints.map(({ attributes, value }) => {
        const { count } = value as Histogram;
        return `    ${String(attributes["rpc.method"])} ${String(attributes["rpc.status_code"])}: ${count}`;
      }),
    ])
    .join("\n");
}
