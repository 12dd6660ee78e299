import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IdpClient } from "zitadel-idp";
import { diagnose } from "zitadel-idp/doctor";

/** The results of the checks that the tour makes besides its operations. */
export interface TourChecks {
  /** One line about the caller, from `zitadel-idp whoami`. */
  readonly whoami: string;
  /** One line about the finding of the doctor in a provider with a planted mistake. */
  readonly doctor: string;
  readonly problems: readonly string[];
}

/** The server and the caller of the tour. */
interface CheckTarget {
  readonly url: string;
  readonly token: string;
  readonly instanceHost: string | undefined;
  readonly org: string | undefined;
}

/**
 * Runs whoami, and the doctor on a provider with a common mistake: its issuer is the URL of the server with an extra slash at the end.
 */
export async function runChecks(client: IdpClient, target: CheckTarget): Promise<TourChecks> {
  const [{ user, protocols, missing }, { findings }] = await Promise.all([
    runWhoami(target),
    diagnose(client, {
      desired: {
        organization: {
          providers: [
            {
              type: "oidc",
              name: "with an extra slash",
              issuer: `${target.url}/`,
              clientId: "tour",
              clientSecret: "not a secret",
            },
          ],
        },
      },
      baseUrl: target.url,
      allowPrivate: true,
    }),
  ]);
  const reachable = protocols.filter(({ getsThrough }) => getsThrough).length;
  const mismatch = findings.find(({ check }) => check === "oidc/issuer-mismatch");
  return {
    whoami: `${user.value?.loginName ?? "unknown"}, ${reachable} of ${protocols.length} wire protocols, ${missing.length === 0 ? "nothing missing" : `${missing.length} missing`}`,
    doctor: mismatch === undefined ? "nothing" : `${mismatch.severity} ${mismatch.check}`,
    problems: [
      ...missing.map((each) => `whoami: missing ${JSON.stringify(each)}`),
      ...(mismatch === undefined && target.instanceHost === undefined
        ? ["doctor: did not find the extra slash at the end of the issuer"]
        : []),
    ],
  };
}

/** The parts of the output of `zitadel-idp whoami --json` that the tour shows. */
interface WhoamiOutput {
  readonly user: { readonly value?: { readonly loginName: string } };
  readonly protocols: readonly { readonly getsThrough: boolean }[];
  readonly missing: readonly unknown[];
}

/** Runs `zitadel-idp whoami --json`. */
async function runWhoami({ url, token, instanceHost, org }: CheckTarget): Promise<WhoamiOutput> {
  const root = dirname(fileURLToPath(import.meta.resolve("zitadel-idp/package.json")));
  const args = [
    join(root, "dist", "node", "cli", "main.js"),
    "whoami",
    "--json",
    "--instance",
    "--url",
    url,
    ...(instanceHost === undefined ? [] : ["--instance-host", instanceHost]),
    ...(org === undefined ? [] : ["--org", org]),
  ];
  const env = { ...process.env, ZITADEL_TOKEN: token };
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as WhoamiOutput);
      } catch {
        reject(new Error(`zitadel-idp whoami failed: ${stderr}`, { cause: error }));
      }
    });
  });
}
