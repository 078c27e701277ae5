/** What an `up` that came to its end has written down. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Daemon } from "./daemons.ts";
import type { Family } from "./families.ts";
import type { Layout } from "./layout.ts";
import { isAlive } from "./processes.ts";
import { programFolder, programsFor } from "./programs.ts";

interface ClusterRecord {
  readonly daemons: readonly Daemon[];
  readonly families: readonly Family[];
  /** Folders of the programs it was started with; their names change with their versions. */
  readonly programs: readonly string[];
}

const recordFile = (layout: Layout): string => layout.path("cluster.json");
const currentPrograms = (): string[] => programsFor("full").map(({ name }) => programFolder(name));

/** The last thing an `up` does: a cluster without this record is not whole. */
export async function writeRecord(
  layout: Layout,
  daemons: readonly Daemon[],
  families: readonly Family[],
): Promise<void> {
  const record: ClusterRecord = { daemons, families, programs: currentPrograms() };
  await writeFile(recordFile(layout), JSON.stringify(record, null, 2));
}

function readRecord(layout: Layout): ClusterRecord | undefined {
  const file = recordFile(layout);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The daemons of a cluster that came up; none when it did not. */
export function recordedDaemons(layout: Layout): readonly Daemon[] {
  return readRecord(layout)?.daemons ?? [];
}

/** The address families of a cluster that came up. One of an older checkout has IPv4 only. */
export function recordedFamilies(layout: Layout): readonly Family[] {
  return readRecord(layout)?.families ?? ["IPv4"];
}

/** A cluster runs when it came up, all its daemons are still there, and it is made of the programs we would use now. */
export function isRunning(layout: Layout): boolean {
  const record = readRecord(layout);
  if (!record) return false;
  return record.daemons.every(isAlive) && record.programs.join() === currentPrograms().join();
}
