import type { Interceptor } from "@connectrpc/connect";
import { ConnectError } from "zitadel-idp";
import { timeHeaders } from "./time-headers.js";

/** An interceptor that removes all headers with the time of the server, as a careless proxy does. */
export const hideClock: Interceptor = (next) => async (request) => {
  const hide = (headers: Headers): void => {
    for (const name of timeHeaders) {
      headers.delete(name);
    }
  };
  try {
    const response = await next(request);
    hide(response.header);
    return response;
  } catch (error) {
    if (error instanceof ConnectError) {
      hide(error.metadata);
    }
    throw error;
  }
};
