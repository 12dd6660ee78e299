import { describe, expect, test } from "vitest";
import { createIdpClient, ZitadelError } from "zitadel-idp";
import type { Fault } from "zitadel-idp/emulator";
import { readDeadlines, readDeadlineWrites } from "../support/recordings.js";
import { useEmulator } from "../support/use-emulator.js";
import { wireNames } from "../support/wires.js";

const { emulator, listener } = await useEmulator();

const writes = readDeadlineWrites();
const google = { clientId: "c", clientSecret: "s" };

/** The recorded errors of Adds whose deadline expired. Of the same error over two wire protocols, one row is enough to matter. */
const errors = [...new Set(writes.map(({ answer }) => answer))].filter((each) => each !== "ok");

/** The errors of writes with other timeouts, of which the recording does not count the providers that exist. */
const uncounted = [
  ...new Set(
    readDeadlines()
      .filter(({ call }) => call === "write")
      .flatMap(({ answers }) => Object.keys(answers)),
  ),
].filter((each) => each !== "ok" && !errors.some((known) => each.startsWith(known)));

/** The only errors that prove that a write was not carried out. None of the recorded writes with these errors exists. */
const provesNotDone = /^(?:7 Organisation doesn't exist|13 unable to set instance) /;

/** Returns true if a recorded write with this error exists, over any wire protocol. */
function mayExist(error: string): boolean {
  return writes.some(({ answer, exists }) => answer === error && exists > 0);
}

/** Returns the fault that answers with a recorded error, before or after the write. */
function createFault(error: string, when: "before" | "after"): Fault {
  const [, code = "", message = ""] = /^(\d+) ([^]*)$/.exec(error) ?? [];
  return { type: "status", code: Number(code), message, when };
}

describe.each(wireNames)("over %s, an Add that ends with the recorded error", (protocol) => {
  test.each([...errors, ...uncounted])("%j has the correct outcome", async (error) => {
    await using client = createIdpClient({
      baseUrl: listener.url,
      auth: emulator.token,
      protocol,
      retry: false,
    });
    const when = mayExist(error) ? "after" : "before";
    const fault = emulator.inject({ rpc: "AddGoogleProvider", fault: createFault(error, when) });
    const failure = await client.management.addGoogleProvider(google).catch((reason) => reason);
    expect(fault.hits).toBe(1);
    expect(failure).toBeInstanceOf(ZitadelError);
    const { outcome } = failure as ZitadelError;
    expect(outcome).toBe(provesNotDone.test(error) ? "not_done" : "unknown");
    if (outcome === "not_done") {
      expect(mayExist(error)).toBe(false);
    }
  });

  test.each(errors.filter(mayExist))("%j is not sent again", async (error) => {
    await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
    const fault = createFault(error, "after");
    const injected = emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault });
    const add = client.management.addGoogleProvider(google);
    await expect(add).rejects.toMatchObject({ outcome: "unknown", attempts: 1 });
    injected.remove();
    expect((await client.management.listProviders({})).result).toHaveLength(1);
  });
});

test("the recording has errors of writes that exist, over each wire protocol", () => {
  const wires = new Set(writes.filter(({ answer }) => mayExist(answer)).map(({ wire }) => wire));
  expect([...wires].toSorted()).toEqual([...wireNames].toSorted());
});
