/** Tests that the release tool rejects invalid input and unsuitable checkouts. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { finish } from "../../cluster/run.ts";
import { type Checkout, createCheckout, ROOT } from "./checkout.ts";

describe("a release that cannot be built", () => {
  let checkout: Checkout;

  before(async () => {
    checkout = await createCheckout(await makeTemporaryFolder());
  });
  after(async () => {
    await rm(checkout.folder, { recursive: true });
  });

  /** Reverts the changes that a test made. */
  const reset = async (): Promise<void> => {
    await checkout.git("reset", "--quiet", "--hard");
    await checkout.git("clean", "--quiet", "--force", "-d");
  };

  /**
   * Asserts that the tool exits with code 2, and prints an error message and a suggested command. Nothing must be
   * built.
   */
  const rejects = async (message: RegExp, ...args: string[]): Promise<void> => {
    const status = await checkout.git("status", "--porcelain");
    const { code, stdout, stderr } = await checkout.release(...args);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    const [error = "", hint = "", ...more] = stderr.trimEnd().split("\n");
    assert.match(error, message);
    assert.match(hint, /^ {2}(?:make|git) \S/u);
    assert.deepEqual(more, []);
    assert.equal(await checkout.git("status", "--porcelain"), status);
    assert.equal(existsSync(join(checkout.folder, "dist")), false);
  };

  for (const command of ["build", "version"]) {
    it(`${command} rejects a malformed version`, async () => {
      for (const version of ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3+build"])
        await rejects(/^error: (?:no version given|invalid version: )/u, command, version);
    });

    it(`${command} rejects an older version`, async () => {
      await rejects(/^error: 0\.0\.1 is older than .*, the version in package\.json$/u, command, "0.0.1");
      await rejects(/is older than/u, command, `${checkout.version}-rc.1`);
    });

    it(`${command} rejects uncommitted changes and lists the files`, async () => {
      await writeFile(join(checkout.folder, "Makefile"), "");
      await writeFile(join(checkout.folder, "new.txt"), "");
      await rejects(/uncommitted changes: Makefile, new\.txt$/u, command, checkout.next);
      await reset();
    });

    it(`${command} rejects a changelog with nothing to release`, async () => {
      const file = join(checkout.folder, "CHANGELOG.md");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace(/(?<=## \[Unreleased\]\n).*?(?=\n## |$(?![^]))/su, ""));
      await checkout.git("commit", "--quiet", "--all", "--message", "test: empty the changelog");
      await rejects(/CHANGELOG\.md has no section for/u, command, checkout.next);
      await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
    });
  }

  it("rejects a version whose tag is another commit", async () => {
    await checkout.git("tag", `v${checkout.next}`);
    await checkout.git("commit", "--quiet", "--allow-empty", "--message", "test: add a commit");
    await rejects(/is already released: tag v/u, "build", checkout.next);
    await checkout.git("tag", "--delete", `v${checkout.next}`);
    await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("rejects a malformed image digest", async () => {
    await rejects(
      /^error: invalid image digest: sha256:12$/u,
      "build",
      checkout.next,
      "--image-digest",
      "sha256:12",
    );
  });
});

it("make does not evaluate VERSION", async () => {
  const { code, stdout, stderr } = await finish(["make", "release", 'VERSION=1"; echo injected; "'], {
    cwd: ROOT,
  });
  assert.equal(code, 2);
  assert.doesNotMatch(stdout, /^injected/mu);
  assert.match(stderr, /^error: invalid version: 1"; echo injected; "$/mu);
});
