/** The base image of our Dockerfile where no registry gives one: Node, the libraries it needs, and nothing else. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { run } from "../run.ts";
import { cachedImage } from "./scratch.ts";

const BASE_IMAGE = "localhost/ftp-operator-base:1";
const REPOSITORY = join(import.meta.dirname, "..", "..", "..");
const NODE = join(REPOSITORY, "node_modules", `node-linux-${process.arch}`, "bin", "node");
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const DOCKERFILE = `FROM scratch
COPY root /
ENV PATH=/usr/local/bin:/usr/bin:/bin
`;

/** Archive of the base image; made when it is not in the cache. */
export async function baseImage(): Promise<string> {
  return await cachedImage({
    name: "base",
    reference: BASE_IMAGE,
    dockerfile: DOCKERFILE,
    inputs: [NODE],
    fill,
  });
}

async function fill(root: string): Promise<void> {
  const copy = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
  };
  await copy(NODE, "/usr/local/bin/node");
  const { loader, libraries } = parseLdd(await run(["ldd", NODE]));
  await copy(loader, loader);
  // The loader searches /lib whatever the distribution calls its folders.
  for (const library of libraries) await copy(library, join("/lib", basename(library)));
  await copy(CERTIFICATES, CERTIFICATES);
  await writeFile(join(root, "etc", "passwd"), "root:x:0:0:root:/:\nnonroot:x:65532:65532:nonroot:/tmp:\n");
  await mkdir(join(root, "tmp"), { mode: 0o777 });
}

/** The shared libraries that `ldd` lists, and the loader, which it lists by path alone. */
export function parseLdd(listing: string): { loader: string; libraries: string[] } {
  const libraries = [...listing.matchAll(/=> (\/\S+) \(/g)].map(([, path = ""]) => path);
  const loader = /^\s*(\/\S*ld-linux\S*) \(/m.exec(listing)?.[1];
  if (!loader) throw new Error(`ldd names no loader:\n${listing}`);
  return { loader, libraries };
}
