/** Preconditions of this machine from tools/setup/main.sh, for programs that run without make. */
import { join } from "node:path";
import { finish } from "./run.ts";

const SETUP = join(import.meta.dirname, "../../tools/setup/main.sh");

/** Tasks of the set-up. A cluster requires the same as the demo, and the end-to-end tests require more. */
export type SetupTask = "demo" | "e2e";

/** Returns the unmet preconditions of a task with commands that help; undefined when all are met. Installs nothing. */
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

/** @throws Error that names the unmet preconditions and how to meet them */
export async function requirePreconditions(task: SetupTask): Promise<void> {
  const unmet = await unmetPreconditions(task);
  if (unmet !== undefined) throw new Error(unmet);
}
