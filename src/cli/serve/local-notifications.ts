import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type EngineNotifications, OUTBOX_DIRECTORY } from "../../api/engine-notifications.ts";
import type { EngineStorage } from "../../api/engine-storage.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { SINK_DIRECTORY, sinkFiles } from "../../plan/desired/notifications.ts";
import type { ManifestFiles } from "./manifest-files.ts";

const SECRET_FILE = 0o600;

/**
 * Adapts notifications to this machine and writes the values for sinks to files. The engine can send events to sinks on
 * this machine. The log reports values that are missing from the manifests.
 */
export async function localNotifications(
  notifications: EngineNotifications,
  spec: FtpServerSpec,
  files: Pick<ManifestFiles, "valueOf">,
  { folder, storage }: { folder: string; storage: EngineStorage },
): Promise<EngineNotifications> {
  const directory = join(folder, "notifications");
  for (const { kind, name, key, path } of sinkFiles(spec)) {
    const value = files.valueOf({ kind, name }, key);
    if (value === undefined) continue;
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, value, { mode: SECRET_FILE });
  }
  const local = (file: string): string => join(directory, file.slice(SINK_DIRECTORY.length));
  return {
    ...notifications,
    internalSinks: "Allow",
    ...("root" in storage && { outboxDirectory: join(storage.root, OUTBOX_DIRECTORY) }),
    sinks: notifications.sinks.map(({ sink, ...rest }) => ({
      ...rest,
      sink: {
        ...sink,
        headers: sink.headers.map(({ name, file }) => ({ name, file: local(file) })),
        ...(sink.caFile !== undefined && { caFile: local(sink.caFile) }),
        ...(sink.hmacKeyFile !== undefined && { hmacKeyFile: local(sink.hmacKeyFile) }),
      },
    })),
  };
}
