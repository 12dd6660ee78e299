import { inspect } from "node:util";
import { createIdpClient } from "zitadel-idp";
import { clientCredentials, serviceAccount, type TokenSource } from "zitadel-idp/auth";
import { startTokenServer, tokenPath } from "../auth/token-server.js";
import { createKeyPair, type KeyPair } from "../support/rsa-keys.js";
import { createRecordingHooks } from "./call-rpc.js";
import { type CredentialFailure, credentialFailures, quoteNames } from "./credential-failures.js";
import { createMarkers, type Markers } from "./markers.js";
import { quotes } from "./quotes.js";
import { createSearcher, type Findings } from "./report.js";
import { shapes } from "./secret-shapes.js";
import { type SinkText, collectTexts, collectErrorTexts } from "./collect-texts.js";

/** A secret that cannot hold a marker because its content is fixed: a key, a signature. */
interface Found {
  readonly sink: string;
  readonly where: string;
}

/** The calls and findings of a search with credentials. */
export interface CredentialReport extends Findings {
  readonly calls: number;
  /** The sinks in which pieces of keys and assertions appeared. */
  readonly pieces: readonly Found[];
}

/**
 * Runs token sources through every failure of their endpoint that repeats the request, and searches errors, hooks, and the
 * sources themselves for the client secret, the key, its assertions, and the tokens. Each failure uses one way of quoting out of
 * `step`.
 */
export async function runCredentialSearch(step: number = 7): Promise<CredentialReport> {
  const markers = createMarkers();
  const searcher = createSearcher(markers);
  const pieces: Found[] = [];
  const keys = createKeyPair();
  const unmarked = new Set(keyTexts(keys).flatMap(piecesOf));
  let calls = 0;

  const look = (shown: readonly SinkText[], prefix: string, where: string): void => {
    searcher.search(shown, prefix, where);
    const text = [...new Set(shown.map(([, each]) => each))].join("\n");
    if (holdsPiece(text, unmarked)) {
      pieces.push({ sink: prefix, where });
    }
  };

  const cases: [string, CredentialFailure | undefined][] = [
    ...Object.entries(credentialFailures),
    ["a token that is refused", undefined],
  ];
  for (const [turn, [name, failure]] of cases.entries()) {
    for (const [index, quoteName] of quoteNames.entries()) {
      if ((index + turn) % step !== 0) {
        continue;
      }
      const quote = quotes[quoteName] ?? ((bytes: Uint8Array) => String(bytes));
      await using server = await startTokenServer((request) => {
        const { form, headers, path } = request;
        for (const assertion of form.getAll("assertion")) {
          piecesOf(assertion).forEach((piece) => unmarked.add(piece));
        }
        if (path === tokenPath) {
          return failure
            ? failure(request, quote)
            : {
                body: {
                  access_token: markers.text("a token that was given"),
                  token_type: "Bearer",
                  expires_in: 600,
                },
              };
        }
        return path.startsWith("/management")
          ? {
              status: 401,
              body: { code: 16, message: quote(Buffer.from(String(headers["authorization"]))) },
            }
          : undefined;
      });
      for (const source of sourcesFor(markers, keys, index)) {
        const where = `${name}, ${quoteName}`;
        const events: SinkText[] = [];
        await using client = createIdpClient({
          baseUrl: server.url,
          auth: source,
          protocol: "json",
          retry: false,
          hooks: createRecordingHooks(events),
        });
        calls++;
        const error = await client.management.listProviders({}).catch((reason: unknown) => reason);
        look([...collectErrorTexts(error)], "error ", where);
        look(events, "hooks ", where);
        look(
          [...collectTexts(source), ["inspect", inspect(source, { showHidden: true })]],
          "source ",
          where,
        );
        look([...collectTexts(client)], "client ", where);
      }
    }
  }
  return { calls, pieces, searched: searcher.searched, leaks: searcher.leaks };
}

/** Returns a client secret in one of its shapes, and the key in its two forms in turn. */
function sourcesFor(
  markers: Markers,
  { privatePkcs1, privateKey }: KeyPair,
  index: number,
): TokenSource[] {
  const shape = shapes.text.right[index % shapes.text.right.length];
  const secret = String(shape?.make(markers, `a client secret: ${shape.name}`));
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = index % 2 === 0 ? privatePkcs1 : pkcs8;
  return [
    clientCredentials({ clientId: "ci", clientSecret: secret }),
    serviceAccount({ type: "serviceaccount", keyId: "1", userId: "2", key }),
  ];
}

function keyTexts({ privatePkcs1, privateKey }: KeyPair): string[] {
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const { d = "", p = "", q = "" } = privateKey.export({ format: "jwk" });
  return [privatePkcs1, pkcs8].map((pem) => pem.replace(/-----.*?-----|\s/g, "")).concat(d, p, q);
}

/** Returns every piece of twenty characters of a secret, as it is and in hexadecimal. */
function piecesOf(secret: string): string[] {
  return (secret.match(/.{20}/g) ?? []).flatMap((piece) => [
    piece.toLowerCase(),
    Buffer.from(piece).toString("hex"),
  ]);
}

function holdsPiece(text: string, pieces: ReadonlySet<string>): boolean {
  const plain = text.replace(/\\n|\s/g, "").toLowerCase();
  return [...pieces].some((piece) => plain.includes(piece));
}
