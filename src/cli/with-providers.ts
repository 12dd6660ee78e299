import { createProviders, type Providers } from "../providers/index.js";
import type { CommandContext } from "./command-context.js";
import { findConnection } from "./connection/find-connection.js";
import { withClient } from "./with-client.js";
import { createOutput, type Output } from "./output.js";
import type { SharedOptions } from "./shared-options.js";

/** The objects that a command on the providers of one owner works with. */
export interface ProviderSession {
  readonly providers: Providers;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Connects to ZITADEL, and runs `work` with the providers of the owner that the options select. */
export async function withProviders(
  context: CommandContext,
  options: SharedOptions,
  work: (session: ProviderSession) => Promise<void>,
): Promise<void> {
  const output = createOutput(context, options);
  await withClient(findConnection(context, options), async (client) => {
    const owner = options.instance ? "instance" : "org";
    const providers = createProviders(client, { owner });
    await work({ providers, output, signal: context.signal });
  });
}
