/** Builds images without a registry and without a daemon. */
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../cache.ts";
import { run } from "../run.ts";
import { inTemporaryFolder } from "../temporary.ts";

/**
 * Runs buildah with private copies of /run and /var/lib. As root, buildah writes to /run and /var/lib regardless of its
 * options. The private copies are below `$1` in a separate mount namespace.
 */
const OWN_SYSTEM_FOLDERS = `
set -e
mkdir -p "$1/lib" "$1/lib.work"
mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$1/lib,workdir=$1/lib.work" /var/lib
mount -t tmpfs tmpfs /run
shift
exec buildah "$@"
`;

export interface ImageBuild {
  /** Build context. */
  readonly context: string;
  readonly dockerfile: string;
  /** Name of the image, for example `localhost/ftp-operator:1`. */
  readonly reference: string;
  readonly arguments?: Readonly<Record<string, string>>;
  /** Platform, for example `linux/arm64`. Defaults to the platform of this machine. */
  readonly platform?: string;
  /** Path of the OCI archive. */
  readonly archive: string;
}

export const imagesFolder = (): string => join(cacheFolder(), "images");

/** Builds an image and writes it atomically as an OCI archive. */
export async function buildImage(image: ImageBuild): Promise<void> {
  await mkdir(dirname(image.archive), { recursive: true });
  await inTemporaryFolder(async (folder) => {
    const apart = [
      "unshare",
      "--mount",
      "--propagation=private",
      "bash",
      "-c",
      OWN_SYSTEM_FOLDERS,
      "buildah",
    ];
    const storage = [
      "--root",
      join(folder, "root"),
      "--runroot",
      join(folder, "run"),
      "--storage-driver",
      "vfs",
    ];
    const buildah = [...apart, folder, ...storage];
    const given = Object.entries(image.arguments ?? {}).flatMap(([name, value]) => [
      "--build-arg",
      `${name}=${value}`,
    ]);
    const platform = image.platform ? ["--platform", image.platform] : [];
    const options = ["--isolation", "chroot", "--pull-never", ...platform, ...given];
    const bud = ["bud", ...options, "--file", image.dockerfile];
    await run([...buildah, ...bud, "--tag", image.reference, image.context]);
    const unfinished = join(folder, "image.tar");
    await run([
      ...buildah,
      "push",
      "--quiet",
      image.reference,
      `oci-archive:${unfinished}:${image.reference}`,
    ]);
    await rename(unfinished, image.archive);
  });
}
