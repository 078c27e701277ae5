/** A thread that runs floods again and again until it is told to stop. The thread that measures must not wait for their work. */
import { parentPort, workerData } from "node:worker_threads";
import { misbehave, type Target } from "./attacker.ts";
import { FLOODS } from "./floods.ts";
import { repeat, Tally } from "./tally.ts";

/** Between two runs of one flood, in milliseconds. */
const PAUSE = 100;

/** What the thread gets. */
export interface FloodTask {
  target: Target;
  /** Of FLOODS, and where each comes from. */
  floods: { name: string; address: string }[];
}

const { target, floods }: FloodTask = workerData;
const stop = new AbortController();
const { promise: told, resolve } = Promise.withResolvers<void>();
parentPort?.once("message", () => {
  stop.abort();
  resolve();
});
const tally = new Tally();
await Promise.all([
  told,
  ...floods.map(({ name, address }) =>
    repeat(stop.signal, PAUSE, async () => {
      const flood = FLOODS[name];
      if (flood !== undefined) await tally.run(name, () => misbehave(flood, target, address));
    }),
  ),
]);
parentPort?.postMessage([...tally.done]);
