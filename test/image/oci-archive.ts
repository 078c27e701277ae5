/** Reads container images without a container engine. */
import { readFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../cluster/run.ts";

export interface ImageConfig {
  architecture: string;
  os: string;
  config: {
    Env: string[];
    Entrypoint: string[];
    User: string;
    WorkingDir: string;
    Labels: Record<string, string>;
  };
}

interface Descriptor {
  digest: string;
}

/**
 * Unpacks the layers of an OCI archive into `folder`/root. Layers that delete files from lower layers are not
 * supported.
 */
export async function unpackImage(
  archive: string,
  folder: string,
): Promise<{ root: string; config: ImageConfig }> {
  const layout = join(folder, "layout");
  const root = join(folder, "root");
  await Promise.all([mkdir(layout), mkdir(root)]);
  await run(["tar", "--extract", "--file", archive, "--directory", layout]);
  const blob = ({ digest }: Descriptor): string => join(layout, "blobs", digest.replace(":", "/"));
  const json = async (file: string): Promise<any> => JSON.parse(await readFile(file, "utf8"));
  const index: { manifests: [Descriptor] } = await json(join(layout, "index.json"));
  const manifest: { config: Descriptor; layers: Descriptor[] } = await json(blob(index.manifests[0]));
  for (const layer of manifest.layers)
    await run(["tar", "--extract", "--preserve-permissions", "--file", blob(layer), "--directory", root]);
  return { root, config: await json(blob(manifest.config)) };
}
