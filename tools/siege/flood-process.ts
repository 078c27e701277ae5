/**
 * Runs floods repeatedly until a stop message arrives. Floods run in separate processes, because floods in the
 * measuring process would delay the measurements.
 */
import { once } from "node:events";
import { runBrokenClient, type Target } from "../soak/attacker.ts";
import { FLOODS } from "./floods.ts";
import { repeat, Tally } from "../soak/tally.ts";

/** Pause between two runs of a flood in milliseconds. */
const PAUSE = 100;

/** First message to the process. The next message stops the process. */
export interface FloodTask {
  target: Target;
  /** Names of floods in FLOODS, each with a source address. */
  floods: { name: string; address: string }[];
}

async function flood({ target, floods }: FloodTask): Promise<void> {
  const stop = new AbortController();
  const tally = new Tally();
  const stopped = once(process, "message").then(() => stop.abort());
  const running = floods.map(({ name, address }) =>
    repeat(stop.signal, PAUSE, async () => {
      const client = FLOODS[name];
      if (client !== undefined) await tally.run(name, () => runBrokenClient(client, target, address));
    }),
  );
  await Promise.all([stopped, ...running]);
  process.send?.([...tally.done]);
}

process.once("message", (task: FloodTask) => void flood(task));
