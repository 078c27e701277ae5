/**
 * Command line for `make release`, `make version` and `make sbom`. For usage, run `node tools/release/main.ts --help`.
 */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { buildRelease } from "./build.ts";
import { requireClean, versionChanges } from "./checkout.ts";
import { ReleaseError } from "./release-error.ts";
import { cycloneDx } from "./sbom.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const started = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};

const cli = new Command("tools/release/main.ts")
  .description("build a release, or set the version of the checkout")
  .showHelpAfterError();

cli
  .command("build")
  .description("build the release files in dist/release/ without changing the checkout")
  .argument("<version>", "for example 0.2.0")
  .option("--image-digest <digest>", "pin the image by digest in every manifest")
  .action(async (version: string, options: { imageDigest?: string }) => {
    const folder = await buildRelease({ root: ROOT, version, say, ...options });
    say(`files of version ${version} in dist/release/:`);
    for (const name of readdirSync(folder).toSorted()) {
      const size = statSync(join(folder, name)).size.toLocaleString("en-US");
      process.stdout.write(`${size.padStart(14)}  ${name}\n`);
    }
  });

cli
  .command("version")
  .description(
    "set the version in all files, and move the Unreleased entries in CHANGELOG.md to a new version heading",
  )
  .argument("<version>", "for example 0.2.0")
  .action(async (version: string) => {
    await requireClean(ROOT);
    const today = new Date().toISOString().slice(0, 10);
    const changes = await versionChanges(ROOT, version, today);
    for (const [file, text] of changes) writeFileSync(join(ROOT, file), text);
    const files = [...changes.keys()].toSorted().map((file) => `  ${file}\n`);
    process.stdout.write(
      files.length === 0
        ? `the checkout already has version ${version}\n`
        : `version ${version} set in\n${files.join("")}`,
    );
  });

cli
  .command("sbom")
  .description("write the SBOM of the image in CycloneDX format")
  .argument("<file>")
  .action(async (file: string) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await cycloneDx(ROOT, Number(process.env["SOURCE_DATE_EPOCH"] ?? 0)));
  });

try {
  await cli.parseAsync();
} catch (error) {
  const isUsage = error instanceof ReleaseError;
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  if (isUsage) process.stderr.write(`  ${error.hint}\n`);
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILED;
}
