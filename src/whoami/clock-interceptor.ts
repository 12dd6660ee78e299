import { ConnectError, type Interceptor } from "@connectrpc/connect";
import type { ServerClock } from "../providers/resolve-create/server-clock.js";

/** Creates an interceptor that passes the headers of all responses and errors to `clock`. */
export function createClockInterceptor(clock: ServerClock): Interceptor {
  return (next) => async (request) => {
    try {
      const response = await next(request);
      clock.observe(response.header);
      return response;
    } catch (error) {
      if (error instanceof ConnectError) {
        clock.observe(error.metadata);
      }
      throw error;
    }
  };
}
