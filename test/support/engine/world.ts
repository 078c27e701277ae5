import { setImmediate as nextTurn } from "node:timers/promises";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { Authenticator } from "../../../src/engine/auth/authenticator.ts";
import { ManualClock } from "./manual-clock.ts";
import { ControlClient } from "./control-client.ts";
import { makeServer, testConfig, type TestServer } from "./server.ts";

/** Passive ports of in-memory engines, on which no socket listens. */
export const SLICE = { first: 50_000, last: 50_001 };

/** An in-memory engine with its clock. */
export interface World extends TestServer {
  clock: ManualClock;
  client(address?: string): ControlClient;
}

/** Starts an in-memory engine with a clock that the test advances. */
export function world(
  config: Partial<EngineConfig> = {},
  announced: string | undefined = "203.0.113.7",
  authenticator?: Authenticator,
): World {
  const clock = new ManualClock();
  const made = makeServer({ config, clock, announced, ...(authenticator && { authenticator }) }, SLICE);
  return { ...made, clock, client: (address) => ControlClient.inMemory(made.engine, address) };
}

/** Returns a configuration change that sets the given limits. */
export function limits(change: Partial<EngineConfig["limits"]>): Partial<EngineConfig> {
  return { limits: { ...testConfig().limits, ...change } };
}

/** Waits until all pending callbacks and promises have run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}
