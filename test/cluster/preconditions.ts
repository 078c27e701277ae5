/** What tools/setup/main.sh says of this machine, for programs that are started without make. */
import { join } from "node:path";
import { finish } from "./run.ts";

const SETUP = join(import.meta.dirname, "../../tools/setup/main.sh");

/** A cluster alone needs what the demo needs; the end-to-end tests need more. */
export type SetupTask = "demo" | "e2e";

/** Returns what a task lacks on this machine, in sentences with a command each, or nothing. Installs nothing. */
export async function unmetPreconditions(task: SetupTask): Promise<string | undefined> {
  const env = {
    ...process.env,
    INSTALL: "no",
    SETUP_COMMAND: `make setup TASKS=${task}`,
    SETUP_PACKAGES: "installed",
  };
  const { code, stdout, stderr } = await finish(["bash", SETUP, task], { env });
  return code === 0 ? undefined : `${stdout}${stderr}`.trim();
}

/** @throws Error with what this machine lacks and how to install it. */
export async function requirePreconditions(task: SetupTask): Promise<void> {
  const unmet = await unmetPreconditions(task);
  if (unmet !== undefined) throw new Error(unmet);
}
