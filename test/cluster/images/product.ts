/** Builds the ftp-operator image from the Dockerfile in the repository. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { withLock } from "../lock.ts";
import { run } from "../run.ts";
import { baseImage } from "./base.ts";
import { buildImage, imagesFolder } from "./buildah.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
/** Maximum number of earlier images to keep in the cache. */
const BUILDS_KEPT = 3;
const INPUTS = [
  "Dockerfile",
  "LICENSE",
  ".npmrc",
  "tools/image-context/main.sh",
  "package.json",
  "package-lock.json",
  "tsconfig*.json",
  "src/**/*",
];

export interface ProductImage {
  /** OCI archive. */
  readonly archive: string;
  readonly repository: string;
  /** Image tag. The tag contains a hash of the inputs so that Kubernetes detects a new image. */
  readonly tag: string;
  /** `repository:tag` */
  readonly reference: string;
}

/** Builds the image if its inputs have changed. */
export async function productImage(say: (line: string) => void = () => {}): Promise<ProductImage> {
  const base = await baseImage();
  const tag = await inputHash(base);
  const repository = "localhost/ftp-operator";
  const reference = `${repository}:${tag}`;
  const archive = join(imagesFolder(), `ftp-operator-${tag}.tar`);
  // Parallel builds would share the build folder of the checkout.
  await withLock(join(REPOSITORY, "build", "image.lock"), async () => {
    if (!existsSync(archive)) await build(base, reference, archive, say);
  });
  return { archive, repository, tag, reference };
}

async function build(
  base: string,
  reference: string,
  archive: string,
  say: (line: string) => void,
): Promise<void> {
  say("compiling and gathering the run-time packages");
  await run(["npm", "run", "--silent", "build:image-context"], { cwd: REPOSITORY });
  say("building the image");
  const dockerfile = join(REPOSITORY, "Dockerfile");
  const context = join(REPOSITORY, "build", "image");
  await forgetOldBuilds();
  await buildImage({
    context,
    dockerfile,
    reference,
    archive,
    arguments: { BASE_IMAGE: `oci-archive:${base}` },
  });
}

/** Removes old images from the cache. */
async function forgetOldBuilds(): Promise<void> {
  const archives: { file: string; time: number }[] = [];
  for await (const name of glob("ftp-operator-*.tar", { cwd: imagesFolder() })) {
    const file = join(imagesFolder(), name);
    archives.push({ file, time: (await stat(file)).mtimeMs });
  }
  const old = archives.toSorted((a, b) => b.time - a.time).slice(BUILDS_KEPT);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}

async function inputHash(base: string): Promise<string> {
  const hash = createHash("sha256").update(basename(base));
  const files: string[] = [];
  for await (const entry of glob(INPUTS, { cwd: REPOSITORY, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  for (const file of files.toSorted())
    hash
      .update(file.slice(REPOSITORY.length))
      .update("\0")
      .update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}
