/**
 * `make fresh-machine`: tests the commands for new users on a new Debian system.
 *
 * The system is in a folder, and runs in separate mount, PID and UTS namespaces. The program removes the system at the
 * end. The system has git, make, a clone of the current commit, and empty caches. Requires root and debootstrap.
 */
import { parseArgs } from "node:util";
import { messageOf } from "../../test/cluster/wait.ts";
import { isScenario, scenarios } from "./scenarios.ts";
import { FreshSystem } from "./system.ts";

const USAGE = `usage: node tools/fresh/main.ts [--suite bookworm] [--mirror URL] [--copy FROM:TO]... [--env NAME=VALUE]... SCENARIO...

  scenarios: ${Object.keys(scenarios).join(", ")}
  --suite    Debian or Ubuntu release that debootstrap supports
  --mirror   package archive (default: chosen by debootstrap)
  --copy     a file to copy, for example registry certificates, and its path in the fresh system
  --env      an environment variable for the commands in the fresh system
  --keep     keep the folder of the system for diagnosis`;
const USAGE_ERROR = 2;
const INTERRUPTED = 130;

/** On a signal, terminates running commands, so that the program removes the system before it exits. */
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort());

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      suite: { type: "string", default: "bookworm" },
      mirror: { type: "string" },
      copy: { type: "string", multiple: true, default: [] },
      env: { type: "string", multiple: true, default: [] },
      keep: { type: "boolean", default: false },
    },
  });
  const unknown = positionals.filter((name) => !isScenario(name));
  if (positionals.length === 0 || unknown.length > 0) {
    console.error(`${unknown.length > 0 ? `error: unknown scenario: ${unknown.join(", ")}\n` : ""}${USAGE}`);
    return USAGE_ERROR;
  }
  const failed: string[] = [];
  for (const name of positionals.filter(isScenario)) {
    if (interrupted.signal.aborted) return INTERRUPTED;
    await using system = await FreshSystem.create({ ...values, signal: interrupted.signal }, console.log);
    try {
      await scenarios[name](system);
    } catch (error) {
      console.log(`${name}: ${messageOf(error)}`);
      failed.push(name);
    }
  }
  console.log(failed.length === 0 ? "all scenarios passed" : `failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
