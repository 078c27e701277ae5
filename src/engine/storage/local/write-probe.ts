import type { StorageReport, VolumeReport } from "../../../api/engine-report.ts";
import { type ProbeOptions, StorageProbe } from "../storage-probe.ts";
import { checkWritable, describeRoot, identityOf, newCheckName, type VolumeIdentity } from "./write-check.ts";

export interface WriteProbeOptions extends ProbeOptions {
  /** Root of the volume. */
  root: string;
  /** Homes for {@link checkWritable}. The probe calls this function for each check, because the accounts can change. */
  homes: () => Iterable<string> | undefined;
}

/**
 * Starts a probe that checks a volume. Each check writes and synchronizes only one block, so frequent checks cause
 * little load.
 */
export async function startWriteProbe({ root, homes, ...options }: WriteProbeOptions): Promise<StorageProbe> {
  const name = newCheckName();
  // The engine must not wait at startup for a stat call on a volume that does not respond.
  let described: VolumeIdentity = identityOf(root);
  const check = async (): Promise<VolumeReport> => {
    const found = await checkWritable(root, name, homes());
    described = await describeRoot(root);
    return { ...found, ...described };
  };
  const timedOut = (): StorageReport => ({ state: "NotResponding", code: "ETIMEDOUT", ...described });
  return await StorageProbe.start({ initial: { state: "Checking", ...described }, check, timedOut }, options);
}
