import { type Context, propagation } from "@opentelemetry/api";
import { notify } from "../utils/notify.js";
import { parseUrl } from "../utils/parse-url.js";

/**
 * Adds the trace context to the headers of a request, by the registered propagator. It does not add baggage, which the program keeps
 * for its own services.
 *
 * `propagate` is the option of `withTelemetry`.
 */
export function injectContext(
  { url, header }: { readonly url: string; readonly header: Headers },
  active: Context,
  propagate: boolean = passesCors(url),
): void {
  if (propagate) {
    // A propagator of the program may throw, or may set an invalid header.
    notify(() =>
      propagation.inject(propagation.deleteBaggage(active), header, {
        set: (headers, name, value) => headers.set(name, value),
      }),
    );
  }
}

/** Returns false in a page for requests to another origin: ZITADEL's CORS rules reject the headers of a trace context. */
function passesCors(url: string): boolean {
  const { location } = globalThis as { readonly location?: Location };
  return location === undefined || parseUrl(url)?.origin === location.origin;
}
