import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("the page has no element with the id root");
}
// Queries are refetched only when the emulator reports a change.
const cache = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
});
createRoot(root).render(
  <QueryClientProvider client={cache}>
    <App />
  </QueryClientProvider>,
);
