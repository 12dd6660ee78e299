import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { Connection } from "./connection/connection.js";
import { readRedirectUri } from "./connection/read-redirect-uri.js";
import { ErrorMessage } from "./parts/error-message.js";

/** Properties of `SignInPage`. */
export interface SignInPageProps {
  /** The error of a sign-in on the login page. */
  readonly error: unknown;
  readonly onConnect: (connection: Connection) => void;
}

/** Asks for the instance, and sends the user to its login page or asks for an access token. */
export function SignInPage({ error: earlierError, onConnect }: SignInPageProps): ReactElement {
  const [error, setError] = useState(earlierError);
  const [method, setMethod] = useState<"login" | "token">("login");
  const [baseUrl, setBaseUrl] = useState("");
  const [clientId, setClientId] = useState("");
  const [token, setToken] = useState("");
  const id = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setError(undefined);
    try {
      // Throws the error of the browser for an invalid URL, before anything is sent.
      const { origin } = new URL(baseUrl);
      if (method === "token") {
        onConnect({ baseUrl: origin, token: token.trim() });
      } else {
        const { beginSignIn } = await import("./connection/oidc.js");
        await beginSignIn(origin, clientId.trim());
      }
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <main className="narrow">
      <h1>Identity providers</h1>
      <form className="card" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={`${id}-url`}>ZITADEL URL</label>
          <input
            id={`${id}-url`}
            type="url"
            required
            placeholder="https://acme.zitadel.cloud"
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.target.value)}
          />
        </div>
        <fieldset className="choices">
          <legend>Sign in</legend>
          <label>
            <input
              type="radio"
              name="method"
              checked={method === "login"}
              onChange={() => setMethod("login")}
            />
            On the login page of ZITADEL
          </label>
          <label>
            <input
              type="radio"
              name="method"
              checked={method === "token"}
              onChange={() => setMethod("token")}
            />
            With an access token
          </label>
        </fieldset>
        {method === "login" ? (
          <div className="field">
            <label htmlFor={`${id}-client`}>Client ID</label>
            <input
              id={`${id}-client`}
              required
              aria-describedby={`${id}-client-help`}
              value={clientId}
              onChange={(event) => setClientId(event.target.value)}
            />
            <p className="help" id={`${id}-client-help`}>
              The application in ZITADEL, of the type “User Agent” with PKCE. Its redirect URI is
              the address of this page: {readRedirectUri()}
            </p>
          </div>
        ) : (
          <div className="field">
            <label htmlFor={`${id}-token`}>Access token</label>
            <input
              id={`${id}-token`}
              type="password"
              required
              autoComplete="off"
              aria-describedby={`${id}-token-help`}
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
            <p className="help" id={`${id}-token-help`}>
              The page keeps it in memory. A reload signs out.
            </p>
          </div>
        )}
        <ErrorMessage error={error} />
        <button className="primary" type="submit">
          Sign in
        </button>
      </form>
    </main>
  );
}
