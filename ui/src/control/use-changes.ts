import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readControl } from "./control-client.js";
import { type ChangedPart, refresh } from "./control-queries.js";

/** The pauses before the next request. An emulator under load gets at most four requests a second. */
const pauseMs = { afterChange: 250, afterFailure: 1000 };

/** Keeps the page up to date while it is shown. Returns false while the emulator does not answer. */
export function useChanges(): boolean {
  const cache = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    const controller = new AbortController();
    void followChanges(cache, setConnected, controller.signal);
    return () => controller.abort();
  }, [cache]);
  return isConnected;
}

/** Waits for changes until `signal` aborts. The emulator answers each request when something has changed. */
async function followChanges(
  cache: QueryClient,
  report: (isConnected: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let known: Partial<Record<ChangedPart, string>> = {};
  while (!signal.aborted) {
    try {
      const query = new URLSearchParams(known);
      const now = await readControl<Record<ChangedPart, string>>(`changes?${query}`, signal);
      report(true);
      for (const part of Object.keys(now) as ChangedPart[]) {
        if (now[part] !== known[part]) {
          void refresh(cache, part);
        }
      }
      known = now;
      await pause(pauseMs.afterChange);
    } catch {
      if (!signal.aborted) {
        report(false);
        known = {};
        await pause(pauseMs.afterFailure);
      }
    }
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
