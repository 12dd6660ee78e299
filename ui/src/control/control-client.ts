/** The address of the control API, next to the page. */
const baseUrl = new URL("../", document.baseURI);

/** The address at which the emulator carries out RPCs for the page, without a token, faults, lag and log. */
export const callsUrl: string = new URL("calls", baseUrl).href;

/** Reads JSON from the control API. Throws an error with the text of the emulator. */
export async function readControl<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await requestControl("GET", path, undefined, signal);
  return (await response.json()) as T;
}

/** Sends a change to the control API, with `body` as JSON. Throws an error with the text of the emulator. */
export async function sendControl(method: string, path: string, body?: unknown): Promise<void> {
  await requestControl(method, path, body);
}

async function requestControl(
  method: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) {
    const text = await response.text();
    throw new Error(readError(text) ?? `The emulator answered with the status ${response.status}.`);
  }
  return response;
}

function readError(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: string }).error;
  } catch {
    return undefined;
  }
}
