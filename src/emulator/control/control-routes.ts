/** A request to the control API, as a route gets it. */
interface ControlCall {
  /** The part of the path that a route calls `:name`, decoded. Empty for other routes. */
  readonly name: string;
  readonly query: URLSearchParams;
  /** The body as JSON. Undefined without a body. */
  readonly body: unknown;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** The HTTP status and the body, which is sent as JSON. Without a body, the response is empty. */
export type ControlReply = readonly [status: number, body: unknown];

/** Functions by method and path below `/_emulator`, such as `"DELETE /faults/:name"`. A TypeError becomes the status 400. */
export type ControlRoutes = Readonly<
  Record<string, (call: ControlCall) => ControlReply | Promise<ControlReply>>
>;

/** Returns the 404 reply for an unknown name. */
export function replyNotFound(kind: string, name: string): ControlReply {
  return [404, { error: `there is no ${kind} ${JSON.stringify(name)}` }];
}
