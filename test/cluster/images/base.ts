/**
 * Builds the base image for the Dockerfile without using a registry. The image contains Node.js and its shared
 * libraries.
 */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyBelow, copyLibraries } from "./libraries.ts";
import { cachedImage } from "./scratch.ts";

const BASE_IMAGE = "localhost/ftp-operator-base:2";
const REPOSITORY = join(import.meta.dirname, "../../..");
const NODE = join(REPOSITORY, "node_modules", `node-linux-${process.arch}`, "bin", "node");
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
export const BASE_DOCKERFILE = `FROM scratch
COPY root /
ENV PATH=/usr/local/bin:/usr/bin:/bin
`;

/** Returns the path of the base image archive. Creates the archive if it is not in the cache. */
export async function baseImage(): Promise<string> {
  return await cachedImage({
    name: "base",
    reference: BASE_IMAGE,
    dockerfile: BASE_DOCKERFILE,
    inputs: [NODE],
    fill: async (root) => {
      await fillBase(root, NODE);
      await copyLibraries(NODE, root);
    },
  });
}

/**
 * Fills the root folder of a base image, except the libraries of Node.js. When you change this function, also change
 * the tag of the base images.
 */
export async function fillBase(root: string, node: string): Promise<void> {
  await copyBelow(root, node, "/usr/local/bin/node");
  await copyBelow(root, CERTIFICATES, CERTIFICATES);
  await writeFile(join(root, "etc", "passwd"), "root:x:0:0:root:/:\nnonroot:x:65532:65532:nonroot:/tmp:\n");
  await mkdir(join(root, "tmp"));
  // The umask of this process does not apply to `chmod`.
  await chmod(join(root, "tmp"), 0o1777);
}
