/** A process that repeats floods until it receives a stop message. Floods run in other processes than the measurements, which they would delay. */
import { once } from "node:events";
import { runBrokenClient, type Target } from "../soak/attacker.ts";
import { FLOODS } from "./floods.ts";
import { repeat, Tally } from "../soak/tally.ts";

/** Pause between two runs of a flood in milliseconds. */
const PAUSE = 100;

/** First message to the process. Any other message stops it. */
export interface FloodTask {
  target: Target;
  /** Names in FLOODS, with the source address of each. */
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
