import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { createProviders } from "zitadel-idp/providers";
import { diagnose, type DiagnoseOptions, type Finding } from "../../../src/doctor/index.js";
import type { DesiredProvider, ProviderSettings } from "../../../src/providers/index.js";

/** Adds a provider to an emulator, changes it with `change`, and returns the findings about it. */
export async function diagnoseOnServer(
  settings: ProviderSettings,
  options: DiagnoseOptions = {},
  change: (providers: ReturnType<typeof createProviders>, id: string) => Promise<unknown> = () =>
    Promise.resolve(),
): Promise<readonly Finding[]> {
  await using emulator = createEmulator({ seed: { instance: { allowPrivateUrls: true } } });
  const { url: baseUrl, fetch, token: auth } = emulator;
  await using client = createIdpClient({ baseUrl, fetch, auth });
  const providers = createProviders(client, { owner: "org" });
  const { id } = await providers.add(settings);
  await change(providers, id);
  const { findings, checked } = await diagnose(client, { ...options, provider: id });
  if (checked !== 1) {
    throw new Error(`${checked} providers have the id ${id}`);
  }
  return findings;
}

/** Returns the findings about an entry of a file. `existing` is the provider that the entry changes; by default, it does not exist yet. */
export async function diagnoseEntry(
  entry: DesiredProvider,
  options: DiagnoseOptions = {},
  existing?: ProviderSettings,
): Promise<readonly Finding[]> {
  await using emulator = createEmulator();
  const { url: baseUrl, fetch, token: auth } = emulator;
  await using client = createIdpClient({ baseUrl, fetch, auth });
  if (existing !== undefined) {
    await createProviders(client, { owner: "org" }).add(existing);
  }
  const { findings } = await diagnose(client, {
    ...options,
    desired: { organization: { providers: [entry] } },
  });
  return findings;
}
