/**
 * Changes a directory tree until this process is killed. Arguments: HOME OUTSIDE. Replaces a few paths with files,
 * directories and links in random order.
 */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [home = "", outside = ""] = process.argv.slice(2);
const NAMES = ["a", "b", "secret"];
const TARGETS = [outside, join(outside, "a"), join(outside, "secret"), "..", "../..", "a", "b/../.."];
/** Path at which a link is created before it is renamed. */
const LINK = join(outside, "..", "link");

function any<T>(list: readonly T[]): T {
  const one = list[Math.floor(Math.random() * list.length)];
  if (one === undefined) throw new Error("the list is empty");
  return one;
}

/** Functions that change a name in the current directory. */
const CHANGES: readonly ((name: string) => void)[] = [
  (name) => rmSync(name, { recursive: true, force: true }),
  (name) => mkdirSync(name),
  (name) => mkdirSync(name),
  (name) => writeFileSync(name, "inside", { flag: "wx" }),
  (name) => renameSync(name, process.cwd() === home ? any(NAMES) : join("..", any(NAMES))),
  // An atomic replacement is the most difficult case for the engine.
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
    // The program checks its working directory, because links can lead it out of the home.
    if (`${process.cwd()}/`.startsWith(`${home}/`)) any(CHANGES)(any(NAMES));
  } catch {
    // The program ignores changes that fail.
  }
}
