/** Runs engine processes and the load program for the separate benchmarks. */
import { join } from "node:path";
import type { EngineConfig, EngineUser } from "../../src/api/engine-config.ts";
import { likelyFreeRange } from "../../test/cluster/free-ports.ts";
import { run } from "../../test/cluster/run.ts";
import { EngineProcess } from "../../test/support/engine/engine-process.ts";
import { testConfig, testUser } from "../../test/support/engine/server.ts";
import { imageSettings } from "../support/image-settings.ts";
import { CHEAP_HASH, PASSWORD } from "./accounts.ts";

const PASSIVE_PORTS = 120;
/** Maximum number of start attempts. Each attempt uses other ports. */
const TRIES = 10;
const TIMEOUT = 900_000;

/** Returns a user with the password that the load program sends. */
export function benchUser(name: string, change: Partial<EngineUser> = {}): EngineUser {
  return testUser(name, { passwordHash: CHEAP_HASH, ...change });
}

/** Starts an engine with the settings in the image. */
export async function startEngine(
  directory: string,
  change: Partial<EngineConfig>,
  tries = TRIES,
): Promise<EngineProcess> {
  const { node, variables } = await imageSettings();
  const main = join(import.meta.dirname, "../../dist/main.js");
  const { first: controlPort, last: metricsPort } = likelyFreeRange(2);
  const config: Partial<EngineConfig> = {
    controlPort,
    metricsPort,
    users: [benchUser("bench")],
    passive: { ...testConfig().passive, portRange: likelyFreeRange(PASSIVE_PORTS) },
    ...change,
  };
  try {
    return await EngineProcess.start(directory, config, { main, node, within: ["env", ...variables] }, 1);
  } catch (error) {
    if (tries <= 1) throw error;
    return await startEngine(directory, change, tries - 1);
  }
}

/** Runs the load program. Returns the duration in seconds. */
export async function load(
  { config }: EngineProcess,
  program: string,
  args: readonly string[],
  userName = "bench",
): Promise<number> {
  const target = ["-address", `127.0.0.1:${config.controlPort}`, "-user", userName, "-password", PASSWORD];
  return Number((await run([program, ...target, ...args], { timeout: TIMEOUT })).trim().split("\n")[0]);
}
