import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { type CodeFlowHandler, createCodeFlowHandler } from "../doctor/support/code-flow-server.js";
import { createRsaJwk } from "../doctor/support/issuer-server.js";
import { type SecureHosts, startSecureHosts } from "../doctor/support/secure-hosts.js";
import { normalizeOutput, type StepOutcome, readGuide, runGuide } from "../support/guides.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { readSnippets, writeSnippets } from "../support/snippets.js";

type Providers = EmulatorSeed["providers"];

const keyPair = createKeyPair();
/** The key that ZITADEL writes at its first start. */
const keyFile = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: keyPair.privatePkcs1,
  userId: "200000000000000001",
};

const entraId: Providers = [
  {
    owner: "Acme",
    rpc: "AddAzureADProvider",
    request: {
      name: "Entra ID",
      clientId: "5f2c6a1e-3d0b-4c56-9a3e-1b7d2f8e9c04",
      clientSecret: "the old one",
      tenant: { tenantId: "0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b" },
    },
  },
];
const partner = (clientId: string): Providers => [
  {
    owner: "Acme",
    rpc: "AddGoogleProvider",
    request: {
      name: "Google",
      clientId,
      clientSecret: "s",
      providerOptions: { isCreationAllowed: true },
    },
  },
  {
    owner: "Acme",
    rpc: "AddGenericOIDCProvider",
    request: {
      name: "Partner",
      issuer: "https://login.partner.example",
      clientId,
      clientSecret: "s",
      scopes: ["openid", "profile", "email"],
      usePkce: true,
      providerOptions: { isCreationAllowed: true },
    },
  },
];

/** The client secret that the partner's server accepts. */
const partnerSecret = "s3cret-of-the-partner";

/** The initial state of a guide: files of the reader, and providers. */
const guides: Record<
  string,
  {
    files: Record<string, string>;
    production?: Providers;
    staging?: Providers;
    /** The role of the token in its organization. Default: `IAM_OWNER` on the instance. */
    organizationRole?: string;
  }
> = {
  "docs/guides/before-you-switch-it-on.md": {
    files: {
      "zitadel.token": "of-production\n",
      "partner.secret": "s3cret-that-was-replaced\n",
      "partner-new.secret": `${partnerSecret}\n`,
    },
  },
  "docs/guides/connect-entra-id.md": {
    files: {
      "zitadel.token": "of-production\n",
      "state.key": "",
      "entra.secret": "s3cret-of-entra\n",
    },
  },
  "docs/guides/from-zero-to-sign-in.md": {
    files: { "zitadel.token": "of-production\n", "partner.secret": `${partnerSecret}\n` },
    organizationRole: "ORG_SETTINGS_MANAGER",
  },
  "docs/guides/move-from-terraform.md": {
    files: {
      "zitadel.token": "of-production\n",
      "state.key": "",
      "google.secret": "s3cret-of-google\n",
      "partner.secret": "s3cret-of-partner\n",
    },
    production: partner("zitadel"),
  },
  "docs/guides/rotate-a-secret.md": {
    files: {
      "zitadel.token": "of-production\n",
      "entra.secret": "s3cret-that-is-old\n",
      "entra-new.secret": "s3cret-that-is-new\n",
      "entra-next.secret": "s3cret-of-next-year\n",
    },
    production: entraId,
  },
  "docs/guides/run-beside-zitadel-in-docker.md": {
    files: {
      "postgres.password": "s3cret-of-postgres\n",
      "zitadel.masterkey": "s3cret-of-thirty-two-characters!\n",
      "state.key": "",
      "google.secret": "s3cret-of-google\n",
      "keys/key.json": JSON.stringify(keyFile),
    },
  },
  "docs/guides/promote-staging-to-production.md": {
    files: {
      ".config/zitadel-idp/staging.token": "of-staging\n",
      ".config/zitadel-idp/production.token": "of-production\n",
      "state.key": "",
      "google-staging.secret": "s3cret-google-staging",
      "google-production.secret": "s3cret-google-production",
      "partner-staging.secret": "s3cret-partner-staging",
      "partner-production.secret": "s3cret-partner-production",
    },
    staging: partner("zitadel-staging"),
  },
};
const stateKey = "a key of sixteen characters or more\n";

function instance(token: string, providers: Providers = [], organizationRole?: string): Emulator {
  const roles =
    organizationRole === undefined
      ? { instanceRoles: ["IAM_OWNER"] }
      : { organizationRoles: { Acme: [organizationRole] } };
  return createEmulator({
    seed: {
      organizations: [{ name: "Acme" }],
      serviceUsers: [{ name: "ci", organization: "Acme", token, ...roles }],
      providers,
    },
  });
}

/** The discovery document and the keys of an OpenID Connect provider. */
const discovery: Readonly<Record<string, CodeFlowHandler>> = {
  "/.well-known/openid-configuration": ({ url: { origin } }) => ({
    body: {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      userinfo_endpoint: `${origin}/user`,
      jwks_uri: `${origin}/keys`,
      scopes_supported: ["openid", "profile", "email"],
      response_types_supported: ["code"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
    },
  }),
  "/keys": () => ({ body: { keys: [createRsaJwk()] } }),
};

/** Starts the servers of the partner, which know the redirect URIs of the instance: for OAuth 2.0, and for OpenID Connect. */
async function startPartner(instanceUrl: string): Promise<SecureHosts> {
  const redirectUris = ["/ui/login/login/externalidp/callback", "/idps/callback"].map(
    (path) => instanceUrl + path,
  );
  const client = { clientSecret: partnerSecret, redirectUris };
  return await startSecureHosts({
    "login.partner.example": createCodeFlowHandler(client),
    "id.partner.example": createCodeFlowHandler({ ...client, handlers: discovery }),
  });
}

/** An instance that is reached by another name than its own. */
function instanceInDocker(): Emulator {
  return createEmulator({
    seed: {
      instance: { domain: "acme.example" },
      organizations: [{ name: "Acme" }],
      serviceUsers: [
        {
          id: keyFile.userId,
          name: "providers",
          organization: "Acme",
          keys: [{ id: keyFile.keyId, publicKey: keyPair.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
}

describe.each(Object.entries(guides))("%s", (document, guide) => {
  const { files, production, staging, organizationRole } = guide;
  const steps = readGuide(document);
  const runs = steps.flatMap((step, index) => (step.kind === "run" ? [{ ...step, index }] : []));
  const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-guide-"));
  const instances = {
    "https://acme.zitadel.cloud": instance("of-production", production, organizationRole),
    "https://staging.acme.example": instance("of-staging", staging),
    "http://zitadel:8080": instanceInDocker(),
  };
  let outcomes: StepOutcome[];
  let partnerHosts: SecureHosts;

  beforeAll(async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text || stateKey);
    }
    const addresses: Record<string, string> = {};
    for (const [address, emulator] of Object.entries(instances)) {
      const { url, port } = await emulator.listen();
      addresses[address] = url.includes("acme.example") ? `http://127.0.0.1:${port}` : url;
    }
    const scripts = await writeSnippets(
      document.replace(/^docs\/|\.md$/g, ""),
      readSnippets(document).map((snippet) => ({
        ...snippet,
        code: Object.entries(addresses).reduce(
          (code, [there, here]) => code.replaceAll(there, here),
          snippet.code,
        ),
      })),
    );
    partnerHosts = await startPartner(addresses["https://acme.zitadel.cloud"] ?? "");
    writeFileSync(join(folder, "partner-ca.pem"), String(partnerHosts.options.tls?.ca));
    const env = {
      STAGING_TOKEN: "of-staging",
      PRODUCTION_TOKEN: "of-production",
      // The way to the server of the partner, and the authority of its certificate.
      HTTPS_PROXY: String(partnerHosts.options.proxy),
      ZITADEL_CA_FILE: join(folder, "partner-ca.pem"),
    };
    outcomes = await runGuide(steps, { folder, scripts, addresses, env });
  });
  afterAll(async () => {
    await Promise.all(Object.values(instances).map((each) => each.close()));
    await partnerHosts[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test.each(runs)("$name", ({ index, commands }) => {
    const { exits = [], printed = "" } = outcomes[index] ?? {};
    const expected = commands.length === 0 ? [0] : commands.map(({ exit }) => exit);
    expect(exits, printed).toEqual(expected);
  });

  test("shows the real output", () => {
    const shown = runs.filter((run) => run.shown !== undefined);
    const printed = shown.map(({ index }) => outcomes[index]?.printed ?? "");
    expect(normalizeOutput(printed)).toEqual(normalizeOutput(shown.map((run) => run.shown ?? "")));
  });

  test("prints no secret", () => {
    expect(outcomes.map(({ printed }) => printed).join("")).not.toContain("s3cret");
  });
});
