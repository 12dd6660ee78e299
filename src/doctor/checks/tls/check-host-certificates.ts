import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { listUpstreamUrls } from "../../list-upstream-urls.js";
import { UpstreamError } from "../../upstream/upstream-error.js";

/**
 * Checks the certificates of a provider's servers that this machine accepts: reports those that expire soon, and those that only ZITADEL
 * rejects. The checks that send requests report certificates that this machine rejects.
 */
export async function checkHostCertificates(
  provider: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const urls = await listUpstreamUrls(provider, upstream);
  const secure = urls.filter(({ url }) => url.protocol === "https:");
  await Promise.all(
    secure.map(async ({ url, field }) => {
      try {
        const served = await upstream.loadCertificate(url);
        const problem =
          served?.error === undefined ? await upstream.findCertificateProblem(url) : undefined;
        if (problem !== undefined) {
          const { severity, check, text, fix, expiresAt } = problem;
          report({
            severity,
            check,
            field,
            message: `${text}${effects[severity] ?? ""}`,
            fix,
            ...(expiresAt !== undefined && { expiresAt }),
          });
        }
      } catch (error) {
        // The checks that send requests report a server that does not answer.
        if (!(error instanceof UpstreamError)) {
          throw error;
        }
      }
    }),
  );
}

const effects: Readonly<Partial<Record<string, string>>> = {
  broken: ": ZITADEL rejects it, so nobody can sign in",
  expires: ": sign-in fails from then on",
};
