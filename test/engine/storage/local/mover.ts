/** Changes a tree all the time until it is killed: HOME OUTSIDE. Everything at its few paths becomes a file, a directory or a link. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [home = "", outside = ""] = process.argv.slice(2);
const NAMES = ["a", "b", "secret"];
const TARGETS = [outside, join(outside, "a"), join(outside, "secret"), "..", "../..", "a", "b/../.."];
/** Where a link is made before it takes a name. */
const LINK = join(outside, "..", "link");

function any<T>(list: readonly T[]): T {
  const one = list[Math.floor(Math.random() * list.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

/** What becomes of a name in the current directory. */
const CHANGES: readonly ((name: string) => void)[] = [
  (name) => rmSync(name, { recursive: true, force: true }),
  (name) => mkdirSync(name),
  (name) => mkdirSync(name),
  (name) => writeFileSync(name, "inside", { flag: "wx" }),
  (name) => renameSync(name, process.cwd() === home ? any(NAMES) : join("..", any(NAMES))),
  // In one step, as it hurts most.
  (name): void => {
    symlinkSync(any(TARGETS), LINK);
    rmSync(name, { recursive: true, force: true });
    renameSync(LINK, name);
  },
];

process.stdout.write("moving\n");
for (;;) {
  try {
    rmSync(LINK, { force: true });
    process.chdir(home);
    if (Math.random() < 0.6) process.chdir(any(NAMES));
    // Links lead itself astray as well; the current directory stays what it is.
    if (`${process.cwd()}/`.startsWith(`${home}/`)) any(CHANGES)(any(NAMES));
  } catch {
    // What is in the way is in the way.
  }
}
