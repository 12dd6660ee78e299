import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("npm run console starts the emulator and the console, and Ctrl+C ends both", async () => {
  // A group of processes of its own gets the signal as one, as with Ctrl+C.
  const program = spawn("npm", ["run", "console"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  program.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  program.stderr.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(program, "close");
  try {
    await vi.waitFor(() => expect(output).toContain("Stop with Ctrl+C"), {
      timeout: 60_000,
      interval: 100,
    });
    const address = new URL(/http:\/\/localhost:\d+\/#\S+/.exec(output)?.[0] ?? "");
    const fragment = new URLSearchParams(address.hash.slice(1));
    expect(await (await fetch(address)).text()).toContain("<title>Identity providers</title>");
    const search = await fetch(`${fragment.get("url")}/management/v1/idps/templates/_search`, {
      method: "POST",
      headers: { authorization: `Bearer ${fragment.get("token")}` },
    });
    expect(await search.json()).toMatchObject({ details: { totalResult: "5" } });
    const control = await fetch(`${fragment.get("url")}/_emulator/`);
    expect(await control.json()).toMatchObject({
      organizations: [{ name: "Acme" }, { name: "Beta" }],
    });
  } finally {
    process.kill(-(program.pid ?? 0), "SIGINT");
  }
  await ended;
  expect(output).not.toMatch(/error/i);
}, 90_000);
