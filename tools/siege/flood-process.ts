/** A process that repeats floods until it receives a stop message. The process that measures must not wait for their work. */
import { once } from "node:events";
import { misbehave, type Target } from "../soak/attacker.ts";
import { FLOODS } from "./floods.ts";
import { repeat, Tally } from "../soak/tally.ts";

/** Between two runs of one flood, in milliseconds. */
const PAUSE = 100;

/** The first message that the process gets; any other one stops it. */
export interface FloodTask {
  target: Target;
  /** Of FLOODS, and where each comes from. */
  floods: { name: string; address: string }[];
}

async function flood({ target, floods }: FloodTask): Promise<void> {
  const stop = new AbortController();
  const tally = new Tally();
  const told = once(process, "message").then(() => stop.abort());
  const running = floods.map(({ name, address }) =>
    repeat(stop.signal, PAUSE, async () => {
      const misdeed = FLOODS[name];
      if (misdeed !== undefined) await tally.run(name, () => misbehave(misdeed, target, address));
    }),
  );
  await Promise.all([told, ...running]);
  process.send?.([...tally.done]);
}

process.once("message", (task: FloodTask) => void flood(task));
