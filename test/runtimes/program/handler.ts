/** The driver as a worker that answers requests: the body is its setup, the response is the report. */
import { drive, type Setup } from "./driver.js";

export const handler = {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await drive((await request.json()) as Setup));
  },
};
