/** Tests the archives of the kubectl plugin with krew and kubectl. */
import assert from "node:assert/strict";
import { mkdir, open, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { programFile } from "../../cluster/programs.ts";
import { type Finished, finish } from "../../cluster/run.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { krew } from "./validators.ts";

interface Built {
  /** Path of dist/release/. */
  readonly folder: string;
  readonly version: string;
  readonly platforms: readonly string[];
}

/** Expected bytes in the executables: the magic number and the machine type, each with its offset. */
const HEADERS: Readonly<Record<string, readonly { offset: number; bytes: string }[]>> = {
  // ELF: magic number and e_machine.
  "linux-amd64": [
    { offset: 0, bytes: "7f454c46" },
    { offset: 18, bytes: "3e00" },
  ],
  "linux-arm64": [
    { offset: 0, bytes: "7f454c46" },
    { offset: 18, bytes: "b700" },
  ],
  // Mach-O, 64-bit: magic number and cputype.
  "darwin-amd64": [
    { offset: 0, bytes: "cffaedfe" },
    { offset: 4, bytes: "07000001" },
  ],
  "darwin-arm64": [
    { offset: 0, bytes: "cffaedfe" },
    { offset: 4, bytes: "0c000001" },
  ],
};
/** Node.js runs the embedded program if the character `1` follows this text in the executable. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:";

/** Defines the plugin tests inside the release suite. */
export function describePlugin(built: () => Built): void {
  describe("the kubectl plugin", () => {
    it("has an executable for each platform that krew installs", async () => {
      const { folder, version, platforms } = built();
      for (const platform of platforms) {
        await inTemporaryFolder(async (root) => {
          const { store, link } = await install(root, folder, version, platform);
          const isWindows = platform.startsWith("windows");
          const program = isWindows ? "kubectl-ftpsrv.exe" : "kubectl-ftpsrv";
          assert.deepEqual(await readdir(join(root, "bin")), [program]);
          assert.equal(await readlink(link), join(store, program));
          const files = isWindows ? [program] : [program, "kubectl-ftpsrv.mjs", "node"];
          assert.deepEqual(await readdir(store), ["LICENSE", "THIRD-PARTY-LICENSES", ...files].toSorted());
          if (isWindows) await checkInjected(join(store, program), version);
          else await checkHeader(join(store, "node"), platform);
        });
      }
    });

    it("is rejected by krew when the checksum of its archive differs", async () => {
      const { folder, version, platforms } = built();
      await inTemporaryFolder(async (root) => {
        const [first = "", second = ""] = platforms;
        const archive = join(folder, `kubectl-ftpsrv-v${version}-${second}.tar.gz`);
        const { code, stderr } = await krew(root, first, installArguments(folder, archive));
        assert.notEqual(code, 0);
        assert.match(stderr, /checksum/u);
      });
    });

    it("runs through links with only kubectl and readlink in PATH", async () => {
      const { folder, version } = built();
      await inTemporaryFolder(async (root) => {
        const { link } = await install(root, folder, version, "linux-amd64");
        const bin = join(root, "path");
        await mkdir(bin);
        // A package manager can create a link to the link from krew. The target of each relative link is relative to
        // the folder of the link.
        await symlink("../bin/kubectl-ftpsrv", join(bin, "kubectl-ftpsrv"));
        await symlink("/usr/bin/readlink", join(bin, "readlink"));
        await symlink(programFile("kube", "kubectl"), join(bin, "kubectl"));
        const ftpsrv = async (...args: string[]): Promise<Finished> =>
          await finish([join(bin, "kubectl"), "ftpsrv", ...args], {
            env: { PATH: bin, HOME: root },
            cwd: "/",
          });
        const shown = await ftpsrv("--version");
        assert.equal(shown.code, 0, shown.stderr);
        assert.match(shown.stdout, new RegExp(`^kubectl-ftpsrv ${version} \\(Node\\.js 26\\.`, "u"));
        const help = await ftpsrv("--help");
        assert.match(help.stdout, /^ {2}drain .*<name>/mu);
        // The plugin loads the code of a command when the command runs. The kubeconfig context in this command does not
        // exist.
        const status = await ftpsrv("--context", "nowhere", "status", "demo");
        assert.equal(status.code, 2);
        assert.match(status.stderr, /nowhere/u);
        assert.equal((await finish([link, "--version"], { env: { PATH: bin } })).stdout, shown.stdout);
      });
    });
  });
}

async function install(
  root: string,
  folder: string,
  version: string,
  platform: string,
): Promise<{ store: string; link: string }> {
  await rm(root, { recursive: true });
  const archive = join(folder, `kubectl-ftpsrv-v${version}-${platform}.tar.gz`);
  const { code, stderr } = await krew(root, platform, installArguments(folder, archive));
  assert.equal(code, 0, stderr);
  const suffix = platform.startsWith("windows") ? ".exe" : "";
  return {
    store: join(root, "store/ftpsrv", `v${version}`),
    link: join(root, "bin", `kubectl-ftpsrv${suffix}`),
  };
}

function installArguments(folder: string, archive: string): string[] {
  return ["install", `--manifest=${join(folder, "ftpsrv.yaml")}`, `--archive=${archive}`];
}

async function checkHeader(file: string, platform: string): Promise<void> {
  await using handle = await open(file);
  for (const { offset, bytes } of HEADERS[platform] ?? []) {
    const { buffer } = await handle.read(Buffer.alloc(bytes.length / 2), 0, bytes.length / 2, offset);
    assert.equal(buffer.toString("hex"), bytes, `${platform} at byte ${offset}`);
  }
}

/**
 * Asserts that the Windows executable is a PE file for x64. Linux cannot run this file. The executable must contain the
 * plugin and must be able to run the plugin.
 */
async function checkInjected(file: string, version: string): Promise<void> {
  const bytes = await readFile(file);
  assert.equal(bytes.toString("latin1", 0, 2), "MZ");
  const header = bytes.readUInt32LE(0x3c);
  assert.equal(bytes.toString("latin1", header, header + 4), "PE\0\0");
  assert.equal(bytes.readUInt16LE(header + 4), 0x8664);
  const fuse = bytes.indexOf(FUSE);
  assert.equal(bytes.toString("latin1", fuse + FUSE.length, fuse + FUSE.length + 1), "1");
  assert.ok(bytes.includes(Buffer.from("NODE_SEA_BLOB", "utf16le")), "the name of the resource");
  assert.ok(bytes.includes(`version: "${version}"`), "the program with its version");
}
