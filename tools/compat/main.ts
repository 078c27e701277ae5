/**
 * `make compat`: compares the replies from the engine with those from vsftpd. Writes vsftpd.json and
 * docs/reference/compatibility.md.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../test/cluster/free-ports.ts";
import { compatibilityPage, MEASURED, type Measured, PAGE, readMeasured } from "./page.ts";
import { play } from "./player.ts";
import { PROBES } from "./probes.ts";
import { playEngine, startVsftpd } from "./servers.ts";

async function measure(): Promise<Measured> {
  // The folder is outside the cache, because the user of the vsftpd process cannot always read the cache.
  const work = await mkdtemp(join(tmpdir(), "compat-"));
  const files = join(work, "files");
  const home = join(files, "home");
  try {
    await mkdir(home, { recursive: true });
    await chmod(work, 0o755);
    await chmod(home, 0o777);
    const [port = 0] = await freePorts(1);
    using vsftpd = await startVsftpd(port, work, files);
    const outcomes = await play({ controlPort: port, home }, PROBES);
    return { version: vsftpd.version, outcomes: Object.fromEntries(outcomes) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

// With the option `--page`, the program measures nothing, and generates the page from the last measurement.
const measured = process.argv.includes("--page") ? readMeasured() : await measure();
await writeFile(MEASURED, `${JSON.stringify(measured, undefined, 2)}\n`);
await writeFile(PAGE, compatibilityPage(measured, await playEngine(PROBES)));
