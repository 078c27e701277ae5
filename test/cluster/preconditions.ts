/**
 * Checks on this machine the preconditions that tools/setup/main.sh defines. Programs that run without make call these
 * functions.
 */
import { join } from "node:path";
import { finish } from "./run.ts";

const SETUP = join(import.meta.dirname, "../../tools/setup/main.sh");

/**
 * Setup tasks. The task `demo` also checks the preconditions of a test cluster. The end-to-end tests have additional
 * preconditions.
 */
export type SetupTask = "demo" | "e2e";

/**
 * Returns the unmet preconditions of a task, with the commands that meet each precondition. Returns undefined when all
 * preconditions are met. Installs nothing.
 */
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

/** @throws Error that names the unmet preconditions and the commands to run */
export async function requirePreconditions(task: SetupTask): Promise<void> {
  const unmet = await unmetPreconditions(task);
  if (unmet !== undefined) throw new Error(unmet);
}
