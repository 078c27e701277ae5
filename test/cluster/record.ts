/** Reads and writes the record of a cluster, which `up` writes as its last step. */
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
  /** Program folders that the cluster used at its start. The folder names depend on the program versions. */
  readonly programs: readonly string[];
}

const recordFile = (layout: Layout): string => layout.path("cluster.json");
const currentPrograms = (): string[] => programsFor("full").map(({ name }) => programFolder(name));

/** Writes the record as the last step of `up`. A cluster without a record is incomplete. */
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

/** Returns the daemons of a complete cluster. Returns an empty list for an incomplete cluster. */
export function recordedDaemons(layout: Layout): readonly Daemon[] {
  return readRecord(layout)?.daemons ?? [];
}

/** Returns the IP families of a complete cluster. A cluster that was started from an older checkout has only IPv4. */
export function recordedFamilies(layout: Layout): readonly Family[] {
  return readRecord(layout)?.families ?? ["IPv4"];
}

/** Returns whether a cluster is complete, all its daemons are running, and its programs have the current versions. */
export function isRunning(layout: Layout): boolean {
  const record = readRecord(layout);
  if (!record) return false;
  return record.daemons.every(isAlive) && record.programs.join() === currentPrograms().join();
}
