// Measures clients side by side. Each client has a process of its own for all rounds. They run one at a time, in an order that
// changes with each round, so that other load on the machine affects all of them equally.
import { cores } from "./cores.mjs";
import { addWarning, logProgress } from "./progress.mjs";
import { startProcess } from "./start-process.mjs";
import { shuffle } from "./stats.mjs";

/** Starts the process of the server. */
export async function startServer() {
  const server = startProcess("server/main.mjs", { core: cores.server, name: "server" });
  return { ...server, urls: await server.request("listen") };
}

/**
 * Runs all rounds. `peers` are `{ name, peer, port, ...options }`: the file of peers/, the port of the server, and options for
 * its `open`. `tasks` are `{ name, call, argument, inFlight }`.
 *
 * The result has `samples[task][peer]`, with one sample per round; `memory[peer]`; and `about[peer]`, the result of `open`.
 */
export async function measureClients(title, { server, peers, tasks, settings }) {
  const clients = new Map();
  const about = {};
  const memory = {};
  try {
    logProgress(`${title}: warming up ${peers.length} clients`);
    for (const { name, peer, port, ...options } of peers) {
      const client = startProcess("harness/client.mjs", {
        core: cores.client,
        flags: ["--expose-gc"],
        name,
      });
      clients.set(name, client);
      about[name] = await client.request("open", { peer, url: server.urls[port], ...options });
      await warmUp(client, tasks, settings);
      memory[name] = { before: await client.request("memory") };
    }
    const samples = Object.fromEntries(
      tasks.map((task) => [task.name, Object.fromEntries(peers.map(({ name }) => [name, []]))]),
    );
    for (let round = 1; round <= settings.rounds; round++) {
      logProgress(`${title}: round ${round} of ${settings.rounds}`);
      for (const task of tasks) {
        for (const [name, client] of shuffle(clients, settings.random)) {
          samples[task.name][name].push(await measureTask(server, client, task, settings));
        }
      }
    }
    for (const [name, client] of clients) {
      memory[name].after = await client.request("memory");
    }
    return { samples, memory, about };
  } finally {
    await Promise.all([...clients.values()].map((client) => client.stop()));
  }
}

/** Makes calls until V8 has compiled the hot code, which takes some thousand calls. Adds a warning if the time does not suffice. */
async function warmUp(client, tasks, { sliceMs, warmUpCalls, warmUpMs }) {
  const warmed = new Set();
  for (const task of tasks) {
    if (warmed.has(task.call)) {
      await client.request("load", { ...task, ms: sliceMs });
      continue;
    }
    warmed.add(task.call);
    const { calls } = await client.request("load", {
      ...task,
      inFlight: Math.max(16, task.inFlight),
      ms: warmUpMs,
      maxCalls: warmUpCalls,
    });
    if (calls < warmUpCalls) {
      addWarning(
        `The machine is slow or busy: these clients had fewer than ${warmUpCalls} calls to warm up`,
        `${client.name} (${calls})`,
      );
    }
  }
}

async function measureTask(server, client, task, { sliceMs }) {
  const before = await server.request("counters");
  const measured = await client.request("load", { ...task, ms: sliceMs });
  const after = await server.request("counters");
  return { ...measured, serverShare: (after.cpuUs - before.cpuUs) / 1000 / measured.elapsedMs };
}
