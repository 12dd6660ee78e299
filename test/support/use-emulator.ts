import { afterAll, beforeEach } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type Listener,
} from "zitadel-idp/emulator";

/** An emulator that listens on a port, and a client of its first service user. */
export interface RunningEmulator {
  readonly emulator: Emulator;
  readonly listener: Listener;
  readonly client: IdpClient;
}

/** Starts an emulator for the tests of a file. It is reset before each test, and closed after the last one. */
export async function useEmulator(options?: EmulatorOptions): Promise<RunningEmulator> {
  const emulator = createEmulator(options);
  const listener = await emulator.listen();
  const client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  beforeEach(() => emulator.reset());
  afterAll(async () => {
    await client.close();
    await emulator.close();
  });
  return { emulator, listener, client };
}
