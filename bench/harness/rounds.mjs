// Measures peers side by side. Each peer has a process of its own for all rounds. The peers run one at a time, in an order that
// changes with each round, so that other load on the machine affects all of them equally.
import { start } from "./child.mjs";
import { cores } from "./cores.mjs";
import { say, warnOf } from "./progress.mjs";
import { shuffled } from "./stats.mjs";

export async function startServer() {
  const server = start("server/main.mjs", { core: cores.server, name: "server" });
  return { ...server, urls: await server.ask("listen") };
}

/**
 * Runs all rounds. `peers` are `{ name, peer, port, ...options }`: the file of peers/, the port of the server, and options for
 * its `open`. `tasks` are `{ name, call, argument, inFlight }`.
 *
 * The result has `samples[task][peer]`, with one sample per round; `memory[peer]`; and `about[peer]`, the result of `open`.
 */
export async function measure(what, { server, peers, tasks, run }) {
  const clients = new Map();
  const about = {};
  const memory = {};
  try {
    say(`${what}: warming up ${peers.length} clients`);
    for (const { name, peer, port, ...options } of peers) {
      const client = start("harness/client.mjs", {
        core: cores.client,
        flags: ["--expose-gc"],
        name,
      });
      clients.set(name, client);
      about[name] = await client.ask("open", { peer, url: server.urls[port], ...options });
      await warmUp(client, tasks, run);
      memory[name] = { before: await client.ask("memory") };
    }
    const samples = Object.fromEntries(
      tasks.map((task) => [task.name, Object.fromEntries(peers.map(({ name }) => [name, []]))]),
    );
    for (let round = 1; round <= run.rounds; round++) {
      say(`${what}: round ${round} of ${run.rounds}`);
      for (const task of tasks) {
        for (const [name, client] of shuffled(clients, run.random)) {
          samples[task.name][name].push(await sample(server, client, task, run));
        }
      }
    }
    for (const [name, client] of clients) {
      memory[name].after = await client.ask("memory");
    }
    return { samples, memory, about };
  } finally {
    await Promise.all([...clients.values()].map((client) => client.stop()));
  }
}

/** V8 has compiled the hot code after some thousand calls, which a busy machine may not reach in time. */
async function warmUp(client, tasks, { sliceMs, warmUpCalls, warmUpMs }) {
  const warmed = new Set();
  for (const task of tasks) {
    if (warmed.has(task.call)) {
      await client.ask("load", { ...task, ms: sliceMs });
      continue;
    }
    warmed.add(task.call);
    const { calls } = await client.ask("load", {
      ...task,
      inFlight: Math.max(16, task.inFlight),
      ms: warmUpMs,
      maxCalls: warmUpCalls,
    });
    if (calls < warmUpCalls) {
      warnOf(
        `The machine is slow or busy: these clients had less than ${warmUpCalls} calls to warm up`,
        `${client.name} (${calls})`,
      );
    }
  }
}

async function sample(server, client, task, { sliceMs }) {
  const before = await server.ask("counters");
  const measured = await client.ask("load", { ...task, ms: sliceMs });
  const after = await server.ask("counters");
  return { ...measured, serverShare: (after.cpuUs - before.cpuUs) / 1000 / measured.elapsedMs };
}
