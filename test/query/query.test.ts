// @vitest-environment happy-dom
import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  QueryClient as VueQueryClient,
  useMutation as useVueMutation,
  useQuery as useVueQuery,
  VueQueryPlugin,
} from "@tanstack/vue-query";
import { act, createElement, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp, defineComponent, h } from "vue";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { createProviders, type Providers } from "zitadel-idp/providers";
import { createProviderQueries, type ProviderQueries } from "zitadel-idp/query";

const google = { type: "google", name: "Google", clientId: "id", clientSecret: "s3cret" } as const;

let emulator: Emulator;
let client: IdpClient;
let providers: Providers;
let queries: ProviderQueries;
/** The promise for which each request waits, so that a test can look at a page before the response. */
let gate: Promise<void> | undefined;

beforeEach(() => {
  gate = undefined;
  emulator = createEmulator();
  client = createIdpClient({
    baseUrl: "http://localhost",
    auth: emulator.token,
    fetch: async (input, init) => {
      await gate;
      return await emulator.fetch(input, init);
    },
    protocol: "json",
    retry: false,
  });
  providers = createProviders(client, { owner: "instance" });
  queries = createProviderQueries(providers);
});

afterEach(async () => {
  document.body.replaceChildren();
  await client.close();
  await emulator.close();
});

describe("queries", () => {
  test("have stable keys that begin with that of all", () => {
    const { keys } = queries;
    expect(queries.list().queryKey).toEqual(queries.list({}).queryKey);
    expect(queries.list({ type: "saml" }).queryKey).toEqual([
      "zitadel-idp",
      "instance",
      "list",
      { type: "saml" },
    ]);
    for (const key of [
      queries.list().queryKey,
      queries.get("1").queryKey,
      queries.active().queryKey,
    ]) {
      expect(key.slice(0, keys.all.length)).toEqual(keys.all);
    }
    expect(createProviderQueries(providers, { scope: "org 7" }).keys.all).toEqual([
      "zitadel-idp",
      "org 7",
    ]);
  });

  test("end when TanStack Query cancels them", async () => {
    const cache = new QueryClient();
    emulator.inject({ rpc: "ListProviders", fault: { type: "delay", ms: 60_000 } });
    let ended: Promise<unknown> | undefined;
    const { queryKey, queryFn } = queries.list();
    const reading = cache.fetchQuery({
      queryKey,
      queryFn: (context) => (ended = queryFn(context)),
      retry: false,
    });
    await cache.cancelQueries({ queryKey: queries.keys.all });
    await expect(reading).rejects.toThrow();
    await expect(ended).rejects.toMatchObject({ reason: "aborted" });
  });
});

describe("mutations", () => {
  test("add and update show their result in the lists", async () => {
    const cache = new QueryClient();
    await cache.fetchQuery(queries.list());
    const add = queries.add(cache);
    const added = await add.mutationFn(google);
    await add.onSuccess(added, google);
    expect(cache.getQueryData(queries.keys.get(added.id))).toEqual(added);
    expect(cache.getQueryState(queries.keys.list())?.isInvalidated).toBe(true);
    expect(await cache.fetchQuery(queries.list())).toMatchObject([{ name: "Google" }]);

    const update = queries.update(cache);
    const change = { id: added.id, patch: { name: "Acme" } };
    const result = await update.mutationFn(change);
    await update.onSuccess(result, change);
    expect(cache.getQueryData(queries.keys.get(added.id))).toMatchObject({ name: "Acme" });
    expect(await cache.fetchQuery(queries.list())).toMatchObject([{ name: "Acme" }]);
  });

  test("delete removes the provider from all cached lists", async () => {
    const cache = new QueryClient();
    const { id } = await providers.add(google);
    await cache.fetchQuery(queries.list());
    const remove = queries.delete(cache);
    const deletion = { id, evenIfLinked: true };
    await remove.onSuccess(await remove.mutationFn(deletion), deletion);
    expect(cache.getQueryData(queries.keys.list())).toEqual([]);
    expect(cache.getQueryData(queries.keys.get(id))).toBeUndefined();
  });
});

describe("in React", () => {
  test("an activation shows at once, and is reverted if the call fails", async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    const { id } = await providers.add(google);
    const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    let flip: ((active: boolean) => void) | undefined;
    const Page = (): ReactNode => {
      const { data: list = [] } = useQuery(queries.list());
      const { data: active } = useQuery(queries.active());
      const { mutate, isError } = useMutation(queries.switch(useQueryClient()));
      flip = (on) => mutate({ id, active: on });
      const rows = list.map(
        (each) => `${each.name}:${active?.ids.includes(each.id) ? "on" : "off"}`,
      );
      return createElement("p", null, `${rows.join()} ${isError ? "failed" : ""}`);
    };
    const container = document.body.appendChild(document.createElement("div"));
    const root = createRoot(container);
    await act(async () => {
      root.render(createElement(QueryClientProvider, { client: cache }, createElement(Page)));
    });
    await act(
      async () => await vi.waitFor(() => expect(container.textContent).toContain("Google:off")),
    );

    await act(async () => flip?.(true));
    await act(
      async () => await vi.waitFor(() => expect(container.textContent).toContain("Google:on")),
    );
    expect((await providers.active()).ids).toEqual([id]);

    emulator.inject({ rpc: "RemoveIDPFromLoginPolicy", fault: { type: "http", status: 500 } });
    let openGate: (() => void) | undefined;
    gate = new Promise((resolve) => (openGate = resolve));
    await act(async () => flip?.(false));
    await act(
      async () => await vi.waitFor(() => expect(container.textContent).toContain("Google:off")),
    );
    await act(async () => openGate?.());
    await act(
      async () => await vi.waitFor(() => expect(container.textContent).toContain("failed")),
    );
    expect(container.textContent).toContain("Google:on");
    await act(async () => root.unmount());
  });
});

describe("in Vue", () => {
  test("a page lists, adds and deletes providers", async () => {
    const cache = new VueQueryClient();
    let add: (() => void) | undefined;
    let remove: ((id: string) => void) | undefined;
    let ids: string[] = [];
    const Page = defineComponent(() => {
      const { data } = useVueQuery(queries.list());
      const added = useVueMutation(queries.add(cache));
      const deleted = useVueMutation(queries.delete(cache));
      add = () => added.mutate(google);
      remove = (id) => deleted.mutate({ id, evenIfLinked: true });
      return () => {
        ids = (data.value ?? []).map((each) => each.id);
        return h("p", data.value?.map(({ name }) => name).join() || "none");
      };
    });
    const container = document.body.appendChild(document.createElement("div"));
    const app = createApp(Page).use(VueQueryPlugin, { queryClient: cache });
    app.mount(container);
    await vi.waitFor(() => expect(container.textContent).toBe("none"));
    add?.();
    await vi.waitFor(() => expect(container.textContent).toBe("Google"));
    remove?.(ids[0] ?? "");
    await vi.waitFor(() => expect(container.textContent).toBe("none"));
    app.unmount();
  });
});
