import { lazy, type ReactElement, Suspense } from "react";
import { useConnection } from "./connection/use-connection.js";

/** The two pages, each loaded when it is first shown. */
const ConsolePage = lazy(async () => ({
  default: (await import("./console-page.js")).ConsolePage,
}));
const SignInPage = lazy(async () => ({
  default: (await import("./sign-in-page.js")).SignInPage,
}));

/** Shows the sign-in page, or the console after the sign-in. */
export function App(): ReactElement {
  const { connection, isFinishing, error, connect, signOut } = useConnection();
  if (isFinishing) {
    return <Progress text="Signing in …" />;
  }
  return (
    <Suspense fallback={<Progress text="Loading …" />}>
      {connection === undefined ? (
        <SignInPage error={error} onConnect={connect} />
      ) : (
        <ConsolePage key={connection.token} connection={connection} onSignOut={signOut} />
      )}
    </Suspense>
  );
}

function Progress({ text }: { readonly text: string }): ReactElement {
  return (
    <main className="narrow">
      <p role="status">{text}</p>
    </main>
  );
}
