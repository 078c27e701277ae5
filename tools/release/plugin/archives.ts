/**
 * Writes an archive with the kubectl plugin for each platform. Each archive contains Node.js, so that the plugin
 * requires only kubectl.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Entry, writeTarGz } from "../archive.ts";
import { output } from "../command.ts";
import { extractRuntime, type Platform, PLATFORMS, runtimeVersion } from "./platforms.ts";
import { bundleProgram } from "./program.ts";

export interface PluginOptions {
  readonly root: string;
  readonly source: string;
  readonly version: string;
  readonly commit: string | undefined;
  readonly epoch: number;
  /** Folder of the archives. */
  readonly folder: string;
  /** Folder for intermediate files. */
  readonly work: string;
}

/** Returns the file name of an archive. */
export function archiveName({ os, arch }: Platform, version: string): string {
  return `kubectl-ftpsrv-v${version}-${os}-${arch}.tar.gz`;
}

/**
 * Returns the path of the executable in an archive. On Windows, krew creates a link whose name ends in .exe, so the
 * executable must be an .exe file.
 */
export function executableName({ os }: Platform): string {
  return os === "windows" ? "kubectl-ftpsrv.exe" : "kubectl-ftpsrv";
}

export async function writePluginArchives(options: PluginOptions): Promise<void> {
  const { root, source, version, epoch, folder, work } = options;
  const { code, licenses } = await bundleProgram(options);
  const module = join(work, "kubectl-ftpsrv.mjs");
  await writeFile(module, code);
  const common: Entry[] = [
    { name: "LICENSE", content: await readFile(join(source, "LICENSE")) },
    { name: "THIRD-PARTY-LICENSES", content: Buffer.from(licenses) },
  ];
  const launcher = await readFile(join(import.meta.dirname, "launcher.sh"));
  const archive = async (platform: Platform): Promise<void> => {
    const runtime = await extractRuntime(root, platform, work);
    const name = executableName(platform);
    const own: Entry[] =
      platform.os === "windows"
        ? [{ name, executable: true, content: { file: await injectProgram(root, module, runtime, work) } }]
        : [
            { name, executable: true, content: launcher },
            { name: "kubectl-ftpsrv.mjs", content: { file: module } },
            { name: "node", executable: true, content: { file: runtime } },
          ];
    await writeTarGz(join(folder, archiveName(platform, version)), [...common, ...own], epoch);
  };
  await Promise.all(PLATFORMS.map(archive));
}

/**
 * Writes a Node.js executable that contains the program, and returns its path. Only Windows archives contain this
 * executable. On macOS, injecting the program would invalidate the code signature that Apple processors require.
 */
async function injectProgram(
  root: string,
  module: string,
  executable: string,
  work: string,
): Promise<string> {
  const required = runtimeVersion(root);
  if (process.versions.node !== required)
    throw new Error(
      `the program must be injected by Node.js ${required}, not ${process.versions.node}: run make release`,
    );
  const target = join(work, "kubectl-ftpsrv.exe");
  const config = join(work, "single-executable.json");
  const settings = {
    // The path is relative for reproducible builds, because the executable contains the path.
    main: basename(module),
    mainFormat: "module",
    executable,
    output: target,
    disableExperimentalSEAWarning: true,
    // This setting prevents Node.js from interpreting plugin options.
    execArgvExtension: "none",
  };
  await writeFile(config, JSON.stringify(settings));
  await output(process.execPath, ["--build-sea", config], { cwd: work });
  return target;
}
