/** A reply of the control API, with its body read as JSON. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request to the control API of an emulator. Sends a body that is not a string as JSON. */
export async function sendControl(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<ControlAnswer> {
  const response = await fetch(`${url}/_emulator${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
}
