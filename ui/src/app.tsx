import { useQuery } from "@tanstack/react-query";
import {
  type ComponentType,
  lazy,
  type LazyExoticComponent,
  type ReactElement,
  Suspense,
} from "react";
import { ErrorMessage } from "../../examples/console/src/parts/error-message.js";
import { emulatorQuery } from "./control/control-queries.js";
import { useChanges } from "./control/use-changes.js";
import { useFragment } from "./use-fragment.js";

interface View {
  readonly title: string;
  readonly View: LazyExoticComponent<ComponentType>;
}

/** The views by the fragment of their address. Each loads when it is first shown. */
const views: Readonly<Record<string, View>> = {
  requests: {
    title: "Requests",
    View: lazy(async () => ({
      default: (await import("./requests/requests-view.js")).RequestsView,
    })),
  },
  providers: {
    title: "Providers",
    View: lazy(async () => ({
      default: (await import("./providers/providers-view.js")).ProvidersView,
    })),
  },
  users: {
    title: "Users",
    View: lazy(async () => ({ default: (await import("./users/users-view.js")).UsersView })),
  },
  faults: {
    title: "Faults",
    View: lazy(async () => ({ default: (await import("./faults/faults-view.js")).FaultsView })),
  },
  state: {
    title: "State",
    View: lazy(async () => ({ default: (await import("./state/state-view.js")).StateView })),
  },
};

/** Shows the view that the address names. Default: the requests. */
export function App(): ReactElement {
  const isConnected = useChanges();
  const fragment = useFragment();
  const { data, error } = useQuery(emulatorQuery);
  const current = Object.hasOwn(views, fragment) ? fragment : "requests";
  const View = views[current]?.View;
  return (
    <>
      <header className="top">
        <h1>ZITADEL emulator</h1>
        <nav aria-label="Views">
          <ul className="views">
            {Object.entries(views).map(([name, { title }]) => (
              <li key={name}>
                <a href={`#${name}`} aria-current={name === current ? "page" : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p className="instance">{data?.domain}</p>
      </header>
      <main>
        <p role="status" className={isConnected ? "hidden" : "error"}>
          {isConnected ? "" : "The emulator does not answer. The page tries again every second."}
        </p>
        <ErrorMessage error={isConnected ? error : undefined} />
        <Suspense fallback={null}>{View && <View />}</Suspense>
      </main>
    </>
  );
}
