/** Checks out and builds the previous release, which is the commit before the last change to the image. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { run } from "../cluster/run.ts";
import type { ProductImage } from "../cluster/images/product.ts";

const ROOT = join(import.meta.dirname, "../..");
const SHIPPED = ["src", "Dockerfile", "package-lock.json"];

/** A checkout of the previous release, with the image that was built from this checkout. */
export interface Previous extends AsyncDisposable {
  /** Abbreviated commit hash. */
  commit: string;
  checkout: string;
  image: ProductImage;
}

/** @returns undefined when the commit is not in the history, for example in a shallow clone */
export async function previousRelease(): Promise<Previous | undefined> {
  const git = async (...args: string[]): Promise<string> => (await run(["git", "-C", ROOT, ...args])).trim();
  const last = await git("log", "-1", "--format=%H", "--", ...SHIPPED).catch(() => "");
  const commit = await git("rev-parse", "--verify", "--quiet", "--short", `${last}^`).catch(() => "");
  if (last === "" || commit === "") return undefined;
  const checkout = await makeTemporaryFolder();
  const archive = join(checkout, "checkout.tar");
  await git("archive", "--output", archive, commit);
  await run(["tar", "-x", "-f", archive, "-C", checkout]);
  await rm(archive);
  await symlink(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  await mkdir(join(checkout, "build"), { recursive: true });
  // The build tools in the checkout build the image.
  const script = join(checkout, "build-image.ts");
  await writeFile(
    script,
    'import { productImage } from "./test/cluster/images/product.ts";\nconsole.log(JSON.stringify(await productImage()));\n',
  );
  const stdout = await run([process.execPath, script], { cwd: checkout });
  const image: ProductImage = JSON.parse(stdout);
  return {
    commit,
    checkout,
    image,
    [Symbol.asyncDispose]: () => rm(checkout, { recursive: true, force: true }),
  };
}
