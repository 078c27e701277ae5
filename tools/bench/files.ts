/** The files that all servers serve, and the sizes of the measurements. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../test/cluster/run.ts";
import type { Installed } from "./install.ts";

/** File sizes and session counts. The small values in `SHORT` are used only to test the benchmark. */
export interface Sizes {
  file: number;
  smallFiles: number;
  logins: number;
  /** Number of users that log in at once, at most 100. */
  crowd: number;
  idle: readonly number[];
  entries: number;
  share: { sessions: number; transfers: number };
}

export const FULL: Sizes = {
  file: 2 ** 31,
  smallFiles: 10_000,
  logins: 1000,
  crowd: 100,
  idle: [1000, 10_000],
  entries: 100_000,
  share: { sessions: 10_000, transfers: 2000 },
};
export const SHORT: Sizes = {
  file: 2 ** 24,
  smallFiles: 100,
  logins: 10,
  crowd: 10,
  idle: [20],
  entries: 1000,
  share: { sessions: 60, transfers: 40 },
};

export interface Bench {
  installed: Installed;
  /** Folder with the files that all servers serve. */
  files: string;
  sizes: Sizes;
}

export const SMALL_BYTES = 4096;

/**
 * Removes uploaded files, including files from failed uploads. The next server might not have permission to overwrite
 * these files.
 */
export async function removeUploads({ files }: Bench): Promise<void> {
  await run([
    "find",
    files,
    "-maxdepth",
    "1",
    "-type",
    "f",
    "(",
    "-name",
    "up*",
    "-o",
    "-name",
    "shared*",
    "-o",
    "-name",
    "proof*",
    ")",
    "-delete",
  ]);
}

/** Creates the files for downloads and listings. */
export async function prepareFiles({ files, sizes }: Bench): Promise<void> {
  await rm(files, { recursive: true, force: true });
  await mkdir(join(files, "many"), { recursive: true });
  await run(["chmod", "777", files]);
  for (const clients of [1, 8]) {
    const bytes = Math.floor(sizes.file / clients);
    // The files contain no holes, because the kernel reads holes faster than data.
    await run([
      "dd",
      "if=/dev/zero",
      `of=${join(files, `big-${clients}`)}`,
      "bs=1M",
      `count=${bytes / 2 ** 20}`,
      "status=none",
    ]);
  }
  const content = Buffer.alloc(SMALL_BYTES, "x");
  for (let number = 0; number < sizes.smallFiles; number++)
    await writeFile(join(files, `small-${number}`), content);
  for (let number = 0; number < sizes.entries; number++)
    await writeFile(join(files, "many", `entry-${number}`), "");
}
