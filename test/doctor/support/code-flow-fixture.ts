import type { IdpClient } from "zitadel-idp";
import { checkCatalogue } from "../../../src/doctor/check-catalogue.js";
import { diagnose, type DiagnoseOptions, type Finding } from "../../../src/doctor/index.js";
import type { DesiredProvider } from "../../../src/providers/index.js";
import { useEmulator } from "../../support/use-emulator.js";

/** The topics of the checks of the code flow. Other checks of the same providers have tests of their own. */
const topics = ["apple", "callback", "doctor", "oauth", "secret"];

/** An emulator, and the diagnosis of providers of a file. */
export interface CodeFlowFixture {
  readonly client: IdpClient;
  /** The base URL of the emulator, which is the origin of its primary domain. */
  readonly url: string;
  /** The redirect URIs of the primary domain, of login version 1 and 2. */
  readonly redirectUris: readonly [string, string];
  /** The names of all checks that any diagnosis reported. */
  readonly reported: ReadonlySet<string>;
  /** Returns the findings about a provider of a file, with `probeSecrets` and `allowPrivate`. */
  diagnose(provider: DesiredProvider, options?: DiagnoseOptions): Promise<readonly Finding[]>;
}

/** Starts an emulator for the tests of a file, and closes it after them. */
export async function useCodeFlowFixture(): Promise<CodeFlowFixture> {
  const { client, listener } = await useEmulator();
  const { url } = listener;
  const reported = new Set<string>();
  return {
    client,
    url,
    reported,
    redirectUris: [`${url}/ui/login/login/externalidp/callback`, `${url}/idps/callback`],
    async diagnose(provider, options) {
      const { findings } = await diagnose(client, {
        desired: { organization: { providers: [provider] } },
        baseUrl: url,
        allowPrivate: true,
        probeSecrets: true,
        ...options,
      });
      const own = findings.filter(({ check }) => topics.includes(check.split("/", 1)[0] ?? ""));
      own.forEach(({ check }) => reported.add(check));
      return own;
    },
  };
}

/** Returns the names of the checks of a topic. */
export function checksOf(topic: string): string[] {
  return Object.keys(checkCatalogue).filter((name) => name.startsWith(`${topic}/`));
}

/** Returns the findings above a note. */
export function listProblems(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== "note")
    .map(({ severity, check, message }) => `${severity} ${check}: ${message}`);
}
