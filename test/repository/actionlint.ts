/** Builds actionlint from its Go module and stores it in the cache. */
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import { finish, run } from "../cluster/run.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

const VERSION = "v1.7.12";

/** Returns the path of actionlint. If actionlint is not in the cache, builds it in about 20 seconds. */
export async function actionlint(): Promise<string> {
  const program = join(cacheFolder(), "bin", `actionlint-${VERSION}`, "actionlint");
  if (existsSync(program)) return program;
  await inTemporaryFolder(async (folder) => {
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: "0", GOFLAGS: "-trimpath" };
    await run(["go", "install", `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`], { env });
    await mkdir(dirname(program), { recursive: true });
    await rename(join(folder, "actionlint"), program);
  });
  return program;
}

/** Returns whether a program is in PATH. */
export async function isInstalled(program: string): Promise<boolean> {
  const { code } = await finish(["bash", "-c", 'command -v "$1"', "bash", program]);
  return code === 0;
}
