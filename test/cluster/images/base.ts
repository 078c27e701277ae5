/** The base image of our Dockerfile where no registry gives one: Node, the libraries it needs, and nothing else. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyBelow, copyLibraries } from "./libraries.ts";
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
  await copyBelow(root, NODE, "/usr/local/bin/node");
  await copyLibraries(NODE, root);
  await copyBelow(root, CERTIFICATES, CERTIFICATES);
  await writeFile(join(root, "etc", "passwd"), "root:x:0:0:root:/:\nnonroot:x:65532:65532:nonroot:/tmp:\n");
  await mkdir(join(root, "tmp"), { mode: 0o777 });
}
