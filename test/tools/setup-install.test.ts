/** Tests how the setup checks registries and installs Debian packages. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { assertStopped, Machine } from "./setup-machine.ts";

/** Creates a simulated machine on which the setup detects root as the current user. */
async function createAsRoot(): Promise<Machine> {
  const machine = await Machine.create();
  await machine.program("id", '[ "$1" = -u ] && echo 0 || echo root');
  return machine;
}

describe("the check of the network", () => {
  const GO = 'case "$1" in env) echo go1.99.0 ;; *) ';

  test("continues with a note when a registry is slow or does not answer", async () => {
    for (const script of [
      "exec sleep 60 ;; esac",
      "echo 'net/http: TLS handshake timeout' >&2; exit 1 ;; esac",
    ]) {
      await using machine = await createAsRoot();
      await machine.program("go", GO + script);
      // Shortens the setup timeout to 1 second.
      await machine.program("timeout", `shift; exec /usr/bin/timeout 1 "$@"`);
      const { stdout, stderr } = await machine.setUp("test");
      assert.match(stdout, /^note: the proxy of Go modules has not answered yet: /m);
      assert.doesNotMatch(stderr, /does not answer/);
    }
  });

  test("retries once after a failure", async () => {
    await using machine = await createAsRoot();
    const asked = machine.path("asked");
    const once = `[ -e ${asked} ] && exit 0; : > ${asked}; echo 'dial tcp: connection refused' >&2; exit 1 ;; esac`;
    await machine.program("go", GO + once);
    const { stdout, stderr } = await machine.setUp("test");
    assert.ok(existsSync(asked));
    assert.doesNotMatch(stdout + stderr, /proxy of Go modules/);
  });

  test("stops when a registry cannot be reached", async () => {
    await using machine = await createAsRoot();
    await machine.program(
      "go",
      `${GO}echo 'dial tcp: lookup proxy: no such host' >&2; echo no error >&2; exit 1 ;; esac`,
    );
    assertStopped(
      await machine.setUp("test"),
      /the proxy of Go modules does not answer: dial tcp: lookup proxy: no such host/,
      /go list -m k8s\.io/,
    );
  });
});

describe("the installation of Debian packages", () => {
  /**
   * Creates a simulated machine with the programs for `make test` and with Go. On this machine, `apt-get` is a script
   * that records installed packages in a file.
   */
  const create = async (script: string): Promise<Machine> => {
    const machine = await createAsRoot();
    await machine.program("go", "echo go1.99.0");
    await machine.program("npm", "exit 0");
    const note = `case "$*" in *--simulate*) ;; *" install "*) echo "$*" >> ${machine.path("installed")} ;; esac`;
    await machine.program("apt-get", `case "$*" in *--print-uris*) exit 0 ;; esac\n${script}\n${note}`);
    return machine;
  };
  const installed = (machine: Machine): string => readFileSync(machine.path("installed"), "utf8");

  test("skips optional packages that apt-get cannot install", async () => {
    for (const script of [
      'case "$*" in *rclone*) echo "E: Unable to locate package rclone" >&2; exit 100 ;; esac',
      'case "$*" in *--simulate*rclone*) echo "Remv something [1.0]" ;; esac',
    ]) {
      await using machine = await create(script);
      const { code, stdout, stderr } = await machine.setUp("test", { INSTALL: "yes" });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(installed(machine), /lftp/);
      assert.doesNotMatch(installed(machine), /rclone/);
      assert.match(stdout, /^note: some tests are skipped, .*rclone/m);
    }
  });

  test("removes no package to install a required package", async () => {
    await using machine = await create('case "$*" in *--simulate*) echo "Remv something [1.0]" ;; esac');
    const output = await machine.setUp("test", { INSTALL: "yes" });
    assertStopped(output, /would remove these installed packages: something$/, /apt-get install .*lftp/);
    assert.equal(existsSync(machine.path("installed")), false);
  });

  test("continues when the package lists of one archive cannot be read", async () => {
    await using machine = await create(
      'case "$*" in *update) echo "E: no longer signed" >&2; exit 100 ;; esac',
    );
    const { code } = await machine.setUp("test", { INSTALL: "yes" });
    assert.equal(code, 0);
    assert.match(installed(machine), /lftp/);
  });

  test("runs in one setup at a time", async () => {
    await using machine = await create("");
    const busy = machine.path("busy");
    // `apt-get --print-uris` requires no lock.
    const asks = 'case "$*" in *--print-uris*) exit 0 ;; esac';
    await machine.program("apt-get", `${asks}\nmkdir ${busy} || exit 100; sleep 0.3; rmdir ${busy}`);
    const both = await Promise.all([1, 2].map(() => machine.setUp("test", { INSTALL: "yes" })));
    for (const { code, stderr } of both) assert.deepEqual([code, stderr], [0, ""]);
  });
});
