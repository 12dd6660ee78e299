import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { installPacked } from "../package/install.js";
import { expectAccessible, isTooWide, sizeOfPng } from "./axe.js";
import type { ConsolePage } from "./console-page.js";
import { type EmulatorPageFixture, startEmulatorPageFixture } from "./emulator-page-fixture.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

let fixture: EmulatorPageFixture;
let client: IdpClient;

beforeAll(async () => {
  fixture = await startEmulatorPageFixture();
  client = createIdpClient({
    baseUrl: fixture.baseUrl,
    auth: fixture.emulator.token,
    retry: false,
  });
});

beforeEach(() => fixture.emulator.reset());

afterAll(async () => {
  await client?.close();
  await fixture?.[Symbol.asyncDispose]();
});

const google = { name: "New", clientId: "id", clientSecret: "s3cret-of-google" };

async function listNames(): Promise<string[]> {
  const { result } = await client.management.listProviders({});
  return result.map(({ name }) => name).toSorted();
}

describe("the requests", () => {
  test("appear while the page is open, newest first, with their secrets redacted", async () => {
    await using page = await fixture.openView("requests");
    await page.waitForText("No client has sent a request yet.");
    await client.management.listProviders({});
    await page.waitForText("1 of 1 requests");
    await client.management.addGoogleProvider(google);
    await page.waitForText("2 of 2 requests");
    expect(await requestNames(page)).toEqual(["AddGoogleProvider", "ListProviders"]);
    await page.click("AddGoogleProvider");
    await page.waitForText("Response headers");
    const text = await page.text();
    expect(text).toContain('"clientSecret": "[redacted]"');
    expect(text).toMatch(/authorization\s+\[redacted\]/);
    expect(text).toMatch(/Response body\s+\{\s+"details"/);
    const html = await page.page.content();
    expect(html).not.toContain("s3cret");
    expect(html).not.toContain(fixture.emulator.token);
    await page.page.keyboard.press("Escape");
    await page.expectDialog(false);
  });

  test("are filtered by RPC and status", async () => {
    await client.management.listProviders({});
    await client.management.getProviderByID({ id: "99" }).catch(() => undefined);
    await fetch(`${fixture.baseUrl}/debug/healthz`);
    await using page = await fixture.openView("requests");
    await page.waitForText("3 of 3 requests");
    expect(await requestNames(page)).toEqual([
      "GET /debug/healthz",
      "GetProviderByID",
      "ListProviders",
    ]);
    await page.fill("RPC or path", "providers", "searchbox");
    await page.waitForText("1 of 3 requests");
    await page.fill("RPC or path", "", "searchbox");
    await page.select("Status", "failed");
    await page.waitForText("1 of 3 requests");
    expect(await requestNames(page)).toEqual(["GetProviderByID"]);
    await page.select("Status", "ok");
    expect(await requestNames(page)).toEqual(["ListProviders"]);
  });

  test("do not change while the list is paused, and can be cleared", async () => {
    await client.management.listProviders({});
    await using page = await fixture.openView("requests");
    await page.waitForText("1 of 1 requests");
    await page.click("Pause");
    await client.management.listProviders({});
    await page.waitForText("1 of 1 requests, newest first, paused");
    await page.click("Pause");
    await page.waitForText("2 of 2 requests");
    await page.click("Clear");
    await page.waitForText("No client has sent a request yet.");
    expect(fixture.emulator.log).toEqual([]);
  });

  test("do not include those of the page, which asks at most four times a second", async () => {
    await using page = await fixture.openView("providers");
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    let polls = 0;
    page.page.on("request", (request) => {
      polls += request.url().includes("/changes") ? 1 : 0;
    });
    const start = performance.now();
    for (let call = 0; call < 200; call++) {
      await client.management.listProviders({});
    }
    const seconds = (performance.now() - start) / 1000;
    expect(polls).toBeLessThanOrEqual(4 * seconds + 2);
    expect(new Set(fixture.emulator.log.map(({ rpc }) => rpc))).toEqual(new Set(["ListProviders"]));
    expect(fixture.emulator.log).toHaveLength(200);
  });
});

describe("the providers", () => {
  test("of each owner are shown, change with other clients, and are changed here", async () => {
    await using page = await fixture.openView("providers");
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    await client.management.addGoogleProvider(google);
    await page.expectProviders(
      "Acme directory",
      "Acme Okta",
      "Entra ID",
      "GitHub",
      "Google",
      "New",
    );
    await page.select("Organization", "200");
    await page.expectProviders("Entra ID", "GitLab", "Google");
    await page.select("Organization", "instance");
    await page.expectProviders("Entra ID", "Google");
    await page.click("Delete Google");
    await page.click("Delete it even if users are linked", "checkbox");
    await page.click("Delete");
    await page.expectProviders("Entra ID");
    expect(await listNames()).not.toContain("Google");
  });
});

describe("the users", () => {
  test("are shown with their linked accounts and roles", async () => {
    await using page = await fixture.openView("users");
    await page.waitForText("Acme Okta: ada (ID ada-1)");
    await page.waitForText("No linked accounts");
    await page.waitForText("IAM_OWNER in the instance");
    await client.management.removeHumanLinkedIDP({
      userId: "301",
      idpId: "11",
      linkedUserId: "ada-1",
    });
    await vi.waitFor(async () => expect(await page.text()).not.toContain("ada-1"));
  });
});

describe("the faults", () => {
  test("make the next call fail, and are switched off, on, and removed", async () => {
    await using page = await fixture.openView("faults");
    await page.waitForText("All calls work.");
    await page.select("Fault", "status");
    await page.select("Code", String(Code.Unavailable));
    await page.fill("RPC", "ListProviders", "combobox");
    await page.click("Switch it on");
    await page.waitForText("Error of ZITADEL: Unavailable");
    await expect(listNames()).rejects.toMatchObject({ code: Code.Unavailable });
    await page.waitForText("ListProviders, 1 hit");
    await page.click("Fault 1 is on", "switch");
    await vi.waitFor(async () => expect(await page.isChecked("Fault 1 is on")).toBe(false));
    expect(await listNames()).toContain("Google");
    await page.click("Fault 1 is on", "switch");
    await vi.waitFor(async () => expect(await page.isChecked("Fault 1 is on")).toBe(true));
    await expect(listNames()).rejects.toMatchObject({ code: Code.Unavailable });
    await page.click("Remove fault 1, Error of ZITADEL: Unavailable");
    await page.waitForText("All calls work.");
    expect(await listNames()).toContain("Google");
  });

  test("are ready-made for common cases, with a number of calls", async () => {
    await using page = await fixture.openView("faults");
    await page.click("Too many requests");
    await page.fill("Number of calls", "1", "spinbutton");
    await page.click("Switch it on");
    await page.waitForText("Response of a proxy: 429");
    await expect(listNames()).rejects.toMatchObject({ httpStatus: 429 });
    await page.waitForText("Every RPC, once, 1 hit, used up");
    expect(await listNames()).toContain("Google");
  });

  test("apply to other requests by their path", async () => {
    await using page = await fixture.openView("faults");
    await page.click("Bad gateway");
    await page.select("Requests", "path");
    await page.fill("Path", "/debug/healthz");
    await page.click("Switch it on");
    await page.waitForText("/debug/healthz, 0 hits");
    expect((await fetch(`${fixture.baseUrl}/debug/healthz`)).status).toBe(502);
  });

  test("that the emulator rejects are explained", async () => {
    await using page = await fixture.openView("faults");
    await page.fill("RPC", "Nope", "combobox");
    // The browser reports the status 400 of the emulator too.
    page.expectComplaint(/400/);
    await page.click("Switch it on");
    await page.waitForText("rpc: there is no RPC Nope");
  });
});

describe("the state", () => {
  test("of a snapshot brings a deleted provider back", async () => {
    await using page = await fixture.openView("state");
    await page.waitForText("There are no snapshots.");
    await page.fill("Name", "before the deletion");
    await page.click("Save the state");
    await page.waitForText("Saved before the deletion.");
    await client.management.deleteProvider({ id: "13" });
    expect(await listNames()).not.toContain("GitHub");
    await page.click("Load before the deletion");
    await page.waitForText("Loaded before the deletion.");
    expect(await listNames()).toContain("GitHub");
    await page.click("Delete before the deletion");
    await page.waitForText("There are no snapshots.");
  });

  test("is downloaded as a file, and brought back from it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zitadel-idp-download-"));
    try {
      await using page = await fixture.openView("state");
      const session = await page.page.createCDPSession();
      await session.send("Browser.setDownloadBehavior", {
        behavior: "allow",
        browserContextId: page.page.browserContext().id ?? "",
        downloadPath: folder,
      });
      await page.fill("Name", "all");
      await page.click("Save the state");
      await page.click("Download all");
      const file = join(folder, "all.json");
      await vi.waitFor(async () => JSON.parse(await readFile(file, "utf8")), { timeout: 10_000 });
      await client.management.deleteProvider({ id: "13" });
      await page.click("Delete all");
      await page.waitForText("There are no snapshots.");
      await chooseFile(page, file);
      await page.waitForText("Uploaded all.");
      await page.click("Load all");
      await page.waitForText("Loaded all.");
      expect(await listNames()).toContain("GitHub");

      const other = join(folder, "other.json");
      await writeFile(other, "{}");
      page.expectComplaint(/400/);
      await chooseFile(page, other);
      await page.waitForText("this is not a snapshot of the emulator");
      await page.click("Delete all");
      await page.waitForText("There are no snapshots.");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("shows in lists after the lag", async () => {
    await using page = await fixture.openView("state");
    await page.fill("Lag in milliseconds", "600000", "spinbutton");
    await page.click("Set the lag");
    await page.waitForText("Lists show a write after 600000 ms.");
    await client.management.addGoogleProvider(google);
    expect(await listNames()).not.toContain("New");
    await page.fill("Lag in milliseconds", "0", "spinbutton");
    await page.click("Set the lag");
    await page.waitForText("Lists show every write at once.");
    expect(await listNames()).toContain("New");
  });

  test("is that of the seed after a reset", async () => {
    await client.management.deleteProvider({ id: "13" });
    await using page = await fixture.openView("state");
    await page.click("Reset the emulator");
    await page.click("Cancel");
    await page.expectDialog(false);
    expect(await listNames()).not.toContain("GitHub");
    await page.click("Reset the emulator");
    await page.click("Reset");
    await page.waitForText("The emulator was reset.");
    expect(await listNames()).toContain("GitHub");
  });
});

/** The views, and the steps from each to the part that a test looks at. */
const views: Readonly<Record<string, (page: ConsolePage) => Promise<void>>> = {
  requests: async (page) => await page.waitForText("3 of 3 requests"),
  "requests, opened": async (page) => {
    await page.click("AddGoogleProvider");
    await page.waitForText("Response headers");
  },
  providers: async (page) => await page.waitForText("Findings"),
  users: async (page) => await page.waitForText("IAM_OWNER"),
  faults: async (page) => await page.waitForText("Dropped connection"),
  "faults, of a proxy": async (page) => await page.click("Bad gateway"),
  state: async (page) => await page.waitForText("Snapshots"),
  "state, a reset": async (page) => await page.click("Reset the emulator"),
};

/** Opens a view after some calls, one of which a fault made fail. */
async function openBusyView(name: string): Promise<ConsolePage> {
  await client.management.addGoogleProvider(google);
  fixture.emulator.inject({ rpc: "ListProviders", times: 1, fault: { type: "drop" } });
  await client.management.listProviders({}).catch(() => undefined);
  fixture.emulator.inject({ rpc: "AddLDAPProvider", fault: { type: "drop", when: "after" } });
  await client.management.getProviderByID({ id: "99" }).catch(() => undefined);
  const [view = ""] = name.split(",");
  return await fixture.openView(view);
}

describe.each(
  ["light", "dark"].flatMap((scheme) => [1280, 360].map((width) => ({ scheme, width }))),
)("in $scheme at $width px", ({ scheme, width }) => {
  test.each(Object.entries(views))("%s has no violations of axe and fits", async (name, open) => {
    await using page = await openBusyView(name);
    await page.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.page.setViewport({ width, height: 800 });
    await open(page);
    await expectAccessible(page);
    expect(await isTooWide(page)).toBe(false);
  });
});

test("the keyboard reaches the views and opens a request", async () => {
  await client.management.listProviders({});
  await using page = await fixture.openView("users");
  const press = async (...keys: ("Tab" | "Enter")[]): Promise<void> => {
    for (const key of keys) {
      await page.page.keyboard.press(key);
    }
  };
  await press("Tab", "Enter");
  await page.waitForText("1 of 1 requests");
  await page.page.focus("li.request button");
  await press("Enter");
  await page.expectDialog(true);
  await page.page.keyboard.press("Escape");
  await page.expectDialog(false);
  expect(await page.page.evaluate(() => document.activeElement?.textContent)).toBe("ListProviders");
});

test("the page says when the emulator is gone, and shows the next one at the same address", async () => {
  const { createEmulator } = await import("zitadel-idp/emulator");
  const seed = { humans: [{ name: "ada", organization: "ZITADEL" }] };
  const first = createEmulator({ seed });
  const { port } = await first.listen({ ui: true });
  await using page = await fixture.openView("users", `http://127.0.0.1:${port}/_emulator/ui/`);
  await page.waitForText("ada");
  page.expectComplaint(/ERR_/);
  await first.close();
  await page.waitForText("The emulator does not answer.");
  await using second = createEmulator({
    seed: { humans: [{ name: "bob", organization: "ZITADEL" }] },
  });
  await second.listen({ ui: true, port });
  await page.waitForText("bob");
  expect(await page.text()).not.toContain("The emulator does not answer.");
});

test("a page of another origin gets nothing", async () => {
  const headers = { origin: "https://evil.example" };
  expect((await fetch(fixture.pageUrl, { headers })).status).toBe(403);
});

test("the image in the documents shows the page, and is small", async () => {
  await using page = await openBusyView("requests");
  await page.page.setViewport({ width: 900, height: 420 });
  await page.waitForText("3 of 3 requests");
  const taken = await page.page.screenshot();
  const path = join(root, "docs", "images", "emulator-page.png");
  if (process.env["UPDATE_IMAGES"]) {
    await writeFile(path, taken);
  }
  const committed = await readFile(path);
  for (const { byteLength } of [taken, committed]) {
    expect(byteLength).toBeGreaterThan(5_000);
    expect(byteLength).toBeLessThan(60_000);
  }
  expect(sizeOfPng(committed)).toEqual({ width: 900, height: 420 });
});

describe("zitadel-idp emulator --ui", () => {
  test("serves the page from the two packed packages, and names the one that is missing", async () => {
    await using project = await installPacked();
    const installed = join(project.directory, "node_modules", "@zitadel-idp", "ui");
    await rename(installed, `${installed}-linked`);
    const command = [join(project.installed, "dist", "node", "cli", "main.js"), "emulator", "--ui"];
    const missing = await promisify(execFile)(process.execPath, command, {
      cwd: project.directory,
    }).catch((error: unknown) => error);
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run "npm install --save-dev @zitadel-idp/ui"') as string,
    });

    const packed = await promisify(execFile)(
      "npm",
      ["pack", "-w", "@zitadel-idp/ui", "--json", "--ignore-scripts"].concat(
        "--pack-destination",
        project.directory,
      ),
      { cwd: root },
    );
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    await mkdir(installed, { recursive: true });
    await promisify(execFile)(
      "tar",
      ["-xzf", filename, "--strip-components=1", "-C", "node_modules/@zitadel-idp/ui"],
      { cwd: project.directory },
    );
    const program = spawn(process.execPath, [...command, "--port", "0", "--json"], {
      cwd: project.directory,
    });
    const [chunk] = (await once(program.stdout, "data")) as [Buffer];
    const { ui } = JSON.parse(chunk.toString()) as { ui: string };
    expect(await (await fetch(ui)).text()).toContain("<title>ZITADEL emulator</title>");
    program.kill("SIGTERM");
    expect(await once(program, "close")).toEqual([0, null]);
  });

  test("rejects an address that a browser on this machine cannot use", async () => {
    const { cli } = await import("../support/cli.js");
    const { status, stderr } = await cli(["emulator", "--ui", "--host", "192.0.2.1"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining("leave --host out")]);
  });
});

async function requestNames({ page }: ConsolePage): Promise<string[]> {
  return await page.$$eval("li.request button", (all) => all.map((each) => each.innerText));
}

async function chooseFile({ page }: ConsolePage, file: string): Promise<void> {
  const input = await page.$("input[type=file]");
  await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
}
