/** Images made from nothing but one program of this machine. */
import { createHash } from "node:crypto";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { metallbImages } from "../parts/metallb.ts";
import { programFile } from "../programs.ts";
import { run } from "../run.ts";
import { buildImage, imagesFolder, inTemporaryFolder } from "./buildah.ts";

/** Sleeps for ever when it is given nothing to do: the pause image, and by its commands a pod to probe with. */
export const BUSYBOX_IMAGE = "localhost/ftp-operator-busybox:1";
const BUSYBOX = "/bin/busybox";

/** Archives of the images that every cluster needs; made when they are not in the cache. */
export async function clusterImages(): Promise<string[]> {
  const metallb = (await metallbImages()).map(({ reference, program }) =>
    programImage(reference, program, programFile("metallb", program)),
  );
  return await Promise.all([busyboxImage(), ...metallb]);
}

async function busyboxImage(): Promise<string> {
  const dockerfile = `FROM scratch\nCOPY root /\nENV PATH=/bin\nENTRYPOINT ["${BUSYBOX}"]\nCMD ["sleep","2147483647"]\n`;
  return await cached("busybox", BUSYBOX_IMAGE, dockerfile, BUSYBOX, async (root) => {
    const applets = (await run([BUSYBOX, "--list"])).trim().split("\n");
    for (const applet of applets.filter((name) => name !== "busybox"))
      await symlink("busybox", join(root, "bin", applet));
  });
}

function programImage(reference: string, name: string, program: string): Promise<string> {
  const dockerfile = `FROM scratch\nCOPY root /\nENTRYPOINT ["/bin/${name}"]\n`;
  return cached(name, reference, dockerfile, program);
}

async function cached(
  name: string,
  reference: string,
  dockerfile: string,
  program: string,
  addTo: (root: string) => Promise<void> = async () => {},
): Promise<string> {
  const hash = createHash("sha256")
    .update(reference)
    .update(dockerfile)
    .update(readFileSync(program))
    .digest("hex");
  const archive = join(imagesFolder(), `${name}-${hash.slice(0, 12)}.tar`);
  if (existsSync(archive)) return archive;
  await inTemporaryFolder(async (context) => {
    const root = join(context, "root");
    await mkdir(join(root, "bin"), { recursive: true });
    await cp(program, join(root, "bin", name), { dereference: true });
    await addTo(root);
    const file = join(context, "Dockerfile");
    await writeFile(file, dockerfile);
    await buildImage({ context, dockerfile: file, reference, archive });
  });
  return archive;
}
