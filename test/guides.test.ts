import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { startIssuerServer } from "./doctor/support/issuer-server.js";
import { createAuthority } from "./support/certificates.js";
import { normalized, type Outcome, readGuide, runGuide } from "./support/guides.js";
import { createKeyPair } from "./support/rsa-keys.js";
import { readSnippets, writeSnippets } from "./support/snippets.js";

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
  "docs/guides/connect-entra-id.md": {
    files: {
      "zitadel.token": "of-production\n",
      "state.key": "",
      "entra.secret": "s3cret-of-entra\n",
    },
  },
  "docs/guides/from-zero-to-sign-in.md": {
    files: { "zitadel.token": "of-production\n", "partner.secret": "s3cret-of-partner\n" },
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

const authority = await createAuthority();
/** The OpenID Connect provider of the guides, with a certificate of an authority that the commands trust. */
const partnerServer = await startIssuerServer({
  tls: await authority.issue("localhost"),
  answers: { "/authorize": { headers: { "content-type": "text/html" }, body: "<h1>Sign in</h1>" } },
});
afterAll(() => partnerServer[Symbol.asyncDispose]());

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
  let outcomes: Outcome[];

  beforeAll(async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text || stateKey);
    }
    const addresses: Record<string, string> = {
      "https://id.partner.example": partnerServer.issuer,
    };
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
    const caFile = join(folder, ".ca.pem");
    writeFileSync(caFile, authority.ca);
    const env = {
      STAGING_TOKEN: "of-staging",
      PRODUCTION_TOKEN: "of-production",
      ZITADEL_CA_FILE: caFile,
    };
    outcomes = await runGuide(steps, { folder, scripts, addresses, env });
  });
  afterAll(async () => {
    await Promise.all(Object.values(instances).map((each) => each.close()));
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
    expect(normalized(printed)).toEqual(normalized(shown.map((run) => run.shown ?? "")));
  });

  test("prints no secret", () => {
    expect(outcomes.map(({ printed }) => printed).join("")).not.toContain("s3cret");
  });
});
