import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { diagnose, type DiagnoseOptions, type Finding } from "../../../src/doctor/index.js";
import type { ProviderSettings } from "../../../src/providers/index.js";
import { normalizeFields } from "../../../src/providers/model/normalize-fields.js";
import { toRequest } from "../../../src/providers/model/to-request.js";
import { createOwnerApi } from "../../../src/providers/owner-api.js";

/** The topics of the checks of issuers. Other checks of the same providers have tests of their own. */
const topics: ReadonlySet<string> = new Set(["doctor", "entra", "jwt", "oidc", "tls"]);

/** An emulator with a client, for the diagnosis of providers that a test adds. */
export interface CheckedEmulator extends AsyncDisposable {
  /** The base URL of the emulator. It serves OpenID Connect too. */
  readonly url: string;
  readonly client: IdpClient;
  /** Adds a provider as the console does, which accepts more than this package, and returns the findings about it. */
  check(settings: ProviderSettings, options?: DiagnoseOptions): Promise<readonly Finding[]>;
  /** Returns the findings about the provider with this id. */
  checkById(id: string, options?: DiagnoseOptions): Promise<readonly Finding[]>;
}

/** Starts an emulator. Its diagnoses allow `http:` to this machine, unless their options say otherwise. */
export async function startCheckedEmulator(): Promise<CheckedEmulator> {
  const emulator = createEmulator();
  const { url } = await emulator.listen();
  const client = createIdpClient({ baseUrl: url, auth: emulator.token });
  const checkById = async (id: string, options?: DiagnoseOptions): Promise<readonly Finding[]> => {
    const { findings, checked } = await diagnose(client, {
      provider: id,
      allowPrivate: true,
      // The certificates of most tests are valid for an hour.
      withinMs: 60_000,
      ...options,
    });
    if (checked !== 1) {
      throw new Error(`${checked} providers have the id ${id}`);
    }
    return findings.filter(({ check }) => topics.has(check.split("/", 1)[0] ?? ""));
  };
  return {
    url,
    client,
    checkById,
    async check(settings, options) {
      const { type, ...fields } = settings;
      const request = toRequest(type, normalizeFields(type, fields));
      const id = await createOwnerApi(client, "org").add(type, request, {}, new Set());
      return await checkById(id, options);
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await emulator.close();
    },
  };
}

/** Returns the findings above a note, as `severity check`. */
export function aboveNotes(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== "note")
    .map(({ severity, check }) => `${severity} ${check}`);
}
