/** Builds images from files on this machine. The archives stay in the cache until the input files change. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { metallbImages } from "../parts/metallb.ts";
import { programFile } from "../programs.ts";
import { run } from "../run.ts";
import { inTemporaryFolder } from "../temporary.ts";
import { buildImage, imagesFolder } from "./buildah.ts";
import { copyLibraries } from "./libraries.ts";

/**
 * Busybox with all applets. Test pods use this image. The cluster also uses this image as the pause image, which sleeps
 * forever. The image pull policy of a pod must be `IfNotPresent` or `Never`. The default for this tag is
 * `IfNotPresent`.
 */
export const BUSYBOX_IMAGE = "localhost/ftp-operator-busybox:1";
const BUSYBOX = "/bin/busybox";
const BUSYBOX_DOCKERFILE = `FROM scratch
COPY root /
ENV PATH=/bin
CMD ["sleep", "2147483647"]
`;

export interface ScratchImage {
  /** Prefix of the archive file name. */
  readonly name: string;
  readonly reference: string;
  /** Copies the folder `root`. */
  readonly dockerfile: string;
  /** Input files for the image. */
  readonly inputs: readonly string[];
  readonly platform?: string;
  /** Fills the root folder of the image. */
  readonly fill: (root: string) => Promise<void>;
}

/** Returns the path of an image archive. Creates the archive if it is not in the cache. */
export async function cachedImage(image: ScratchImage): Promise<string> {
  const hash = createHash("sha256")
    .update(image.reference)
    .update(image.dockerfile)
    .update(image.fill.toString());
  for (const input of image.inputs) hash.update(await readFile(input));
  const archive = join(imagesFolder(), `${image.name}-${hash.digest("hex").slice(0, 12)}.tar`);
  if (existsSync(archive)) return archive;
  await inTemporaryFolder(async (context) => {
    const root = join(context, "root");
    await mkdir(root);
    await image.fill(root);
    const dockerfile = join(context, "Dockerfile");
    await writeFile(dockerfile, image.dockerfile);
    const { reference, platform } = image;
    await buildImage({ context, dockerfile, reference, archive, ...(platform && { platform }) });
  });
  return archive;
}

/** Returns the paths of the image archives that every cluster requires. */
export async function clusterImages(): Promise<string[]> {
  const images = (await metallbImages()).map(({ reference, program }) => {
    return programImage(reference, program, programFile("metallb", program));
  });
  return await Promise.all([busyboxImage, ...images].map(cachedImage));
}

const busyboxImage: ScratchImage = {
  name: "busybox",
  reference: BUSYBOX_IMAGE,
  dockerfile: BUSYBOX_DOCKERFILE,
  inputs: [BUSYBOX],
  fill: async (root) => {
    const bin = join(root, "bin");
    await mkdir(bin);
    await copyFile(BUSYBOX, join(bin, "busybox"));
    // The program in the Debian package `busybox` requires shared libraries. The package `busybox-static` conflicts
    // with `busybox`.
    await copyLibraries(BUSYBOX, root);
    const applets = (await run([BUSYBOX, "--list"])).trim().split("\n");
    await Promise.all(
      applets.filter((name) => name !== "busybox").map((name) => symlink("busybox", join(bin, name))),
    );
    await mkdir(join(root, "tmp"), { mode: 0o777 });
  },
};

function programImage(reference: string, name: string, program: string): ScratchImage {
  return {
    name,
    reference,
    dockerfile: `FROM scratch\nCOPY root /\nENTRYPOINT ["/${name}"]\n`,
    inputs: [program],
    fill: (root) => copyFile(program, join(root, name)),
  };
}
