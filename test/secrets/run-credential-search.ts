import { inspect } from "node:util";
import { createIdpClient } from "zitadel-idp";
import { clientCredentials, serviceAccount, type TokenSource } from "zitadel-idp/auth";
import {
  type ReceivedRequest,
  startTokenServer,
  type StubResponse,
  tokenPath,
} from "../auth/token-server.js";
import { createKeyPair, type KeyPair } from "../support/rsa-keys.js";
import { createRecordingHooks } from "./call-rpc.js";
import { type CredentialFailure, credentialFailures } from "./credential-failures.js";
import { createMarkers, type Markers } from "./markers.js";
import { quotes } from "./quotes.js";
import { createSearcher, type Findings, type Searcher } from "./report.js";
import { shapes } from "./secret-shapes.js";
import { type SinkText, collectTexts, collectErrorTexts } from "./collect-texts.js";

/** A secret that cannot hold a marker because its content is fixed: a key, a signature. */
interface Found {
  readonly sink: string;
  readonly where: string;
}

/** The findings of a search with credentials. */
export interface CredentialReport extends Findings {
  /** The sinks in which pieces of keys and assertions appeared. */
  readonly pieces: readonly Found[];
}

/** The parts of a search that all cases share, and its findings so far. */
interface SearchState {
  readonly markers: Markers;
  readonly searcher: Searcher;
  readonly keys: KeyPair;
  /** The pieces of the key and of the assertions that were sent so far. */
  readonly unmarked: Set<string>;
  readonly pieces: Found[];
}

/** A failure of the token endpoint, and the way in which it quotes the request. */
interface CredentialCase {
  /** The failure. Undefined if the endpoint gives a token, which the API rejects. */
  readonly failure: CredentialFailure | undefined;
  readonly quote: (bytes: Uint8Array) => string;
  readonly where: string;
}

/**
 * Runs token sources through every failure of their endpoint that repeats the request, and searches errors, hooks, and the
 * sources themselves for the client secret, the key, its assertions, and the tokens. Each failure uses one way of quoting out of
 * `step`.
 */
export async function runCredentialSearch(step: number = 7): Promise<CredentialReport> {
  const markers = createMarkers();
  const searcher = createSearcher(markers);
  const keys = createKeyPair();
  const unmarked = new Set(keyTexts(keys).flatMap(piecesOf));
  const state: SearchState = { markers, searcher, keys, unmarked, pieces: [] };
  const failures: [string, CredentialFailure | undefined][] = [
    ...Object.entries(credentialFailures),
    ["a token that is refused", undefined],
  ];
  for (const [turn, [name, failure]] of failures.entries()) {
    for (const [index, [quoteName, quote]] of Object.entries(quotes).entries()) {
      if ((index + turn) % step === 0) {
        const where = `${name}, ${quoteName}`;
        await searchCase(state, { failure, quote, where }, index);
      }
    }
  }
  return { pieces: state.pieces, searched: searcher.searched, leaks: searcher.leaks };
}

/** Makes a call with each token source, and searches everything that it shows. */
async function searchCase(state: SearchState, each: CredentialCase, index: number): Promise<void> {
  await using server = await startTokenServer((request) => answer(state, each, request));
  for (const source of sourcesFor(state, index)) {
    const events: SinkText[] = [];
    await using client = createIdpClient({
      baseUrl: server.url,
      auth: source,
      protocol: "json",
      retry: false,
      hooks: createRecordingHooks(events),
    });
    const error = await client.management.listProviders({}).catch((reason: unknown) => reason);
    search(state, [...collectErrorTexts(error)], "error ", each.where);
    search(state, events, "hooks ", each.where);
    const hidden = ["inspect", inspect(source, { showHidden: true })] as const;
    search(state, [...collectTexts(source), hidden], "source ", each.where);
    search(state, [...collectTexts(client)], "client ", each.where);
  }
}

/** Answers as the token endpoint and as the API. Collects the pieces of the assertion that the request contains. */
function answer(
  { markers, unmarked }: SearchState,
  { failure, quote }: CredentialCase,
  request: ReceivedRequest,
): StubResponse | undefined {
  const { form, headers, path } = request;
  for (const assertion of form.getAll("assertion")) {
    piecesOf(assertion).forEach((piece) => unmarked.add(piece));
  }
  if (path === tokenPath) {
    return failure?.(request, quote) ?? giveToken(markers);
  }
  const message = quote(Buffer.from(String(headers["authorization"])));
  return path.startsWith("/management") ? { status: 401, body: { code: 16, message } } : undefined;
}

function giveToken(markers: Markers): StubResponse {
  const access_token = markers.text("a token that was given");
  return { body: { access_token, token_type: "Bearer", expires_in: 600 } };
}

/** Searches texts for markers, and for pieces of keys and assertions. */
function search(
  { searcher, unmarked, pieces }: SearchState,
  shown: readonly SinkText[],
  prefix: string,
  where: string,
): void {
  searcher.search(shown, prefix, where);
  const text = [...new Set(shown.map(([, each]) => each))].join("\n");
  if (holdsPiece(text, unmarked)) {
    pieces.push({ sink: prefix, where });
  }
}

/** Returns a client secret in one of its shapes, and the key in its two forms in turn. */
function sourcesFor({ markers, keys }: SearchState, index: number): TokenSource[] {
  const { privatePkcs1, privateKey } = keys;
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
