import type { StorageReport, VolumeReport } from "../../../api/engine-report.ts";
import { type ProbeOptions, StorageProbe } from "../storage-probe.ts";
import { checkWritable, describeRoot, identityOf, newCheckName, type VolumeIdentity } from "./write-check.ts";

export interface WriteProbeOptions extends ProbeOptions {
  /** Root of the volume. */
  root: string;
  /** Homes for {@link checkWritable}. Called for each check because the accounts can change. */
  homes: () => Iterable<string> | undefined;
}

/** Starts a probe of a volume. A check writes and synchronizes one block, so frequent checks cost little. */
export async function startWriteProbe({ root, homes, ...options }: WriteProbeOptions): Promise<StorageProbe> {
  const name = newCheckName();
  // A stat call on a volume that does not respond must not delay the start of the engine.
  let described: VolumeIdentity = identityOf(root);
  const check = async (): Promise<VolumeReport> => {
    const found = await checkWritable(root, name, homes());
    described = await describeRoot(root);
    return { ...found, ...described };
  };
  const timedOut = (): StorageReport => ({ state: "NotResponding", code: "ETIMEDOUT", ...described });
  return await StorageProbe.start({ initial: { state: "Checking", ...described }, check, timedOut }, options);
}
