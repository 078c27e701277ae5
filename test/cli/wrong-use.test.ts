import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

interface Ended {
  code: unknown;
  stderr: string;
}

function run(argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: "/nowhere/kubeconfig" };
    execFile(process.execPath, [MAIN, ...argv], { env }, (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

const operator = (...argv: string[]): string[] => ["operator", "--engine-image", "x", ...argv];

/** Wrong uses: each ends with 2 and one line that says what to write, without a stack trace. */
const WRONG: readonly [argv: string[], why: RegExp][] = [
  [["bogus"], /unknown command 'bogus'/],
  [["operator"], /--engine-image <image>' not specified/],
  [operator("--workers", "many"), /"many" is no count; write a number from 1 to 64/],
  [operator("--metrics-port", "0"), /"0" is not a TCP port/],
  [operator("--pod-labels", "app"), /"app" is not a label; write KEY=VALUE pairs/],
  [operator("--leader-election-name", "A b"), /"A b" is no name of an object; write lower-case letters/],
  [
    operator("--leader-election-lease-duration", "15"),
    /"15" is not a duration of 1 second to 1 hour; write for instance 15s or 1m30s/,
  ],
  [operator("--leader-election-retry-period", "500ms"), /"500ms" is not a duration of 1 second to 1 hour/],
  [
    operator("--leader-election-renew-deadline", "15s"),
    /renew-deadline: 15s must be shorter than --leader-election-lease-duration, which is 15s/,
  ],
  [
    operator("--leader-election-retry-period", "1m"),
    /retry-period: 60s must be shorter than --leader-election-renew-deadline, which is 10s/,
  ],
  [operator("--image-pull-policy", "Sometimes"), /Allowed choices are Always, IfNotPresent, Never/],
  [operator("--log-level", "Loud"), /Allowed choices are Error, Warn, Info, Debug/],
  [operator("--node-addresses", "198.51.100.0/24,1.2.3"), /"1\.2\.3" is no network; write for instance/],
  [operator("--debug-port", "8080"), /8080 is the port of \/metrics already; write another one/],
  [operator(), /no access to a cluster: .*\/nowhere\/kubeconfig/],
  [["engine"], /--config <file>' not specified/],
  [["engine", "--config", "/nowhere"], /\/nowhere: cannot be read/],
  [["engine", "--config", "f", "--passive-ports", "50009-50000"], /reversed; write 50000-50009/],
  [["engine", "--config", "f", "--passive-ports", "50000"], /write FIRST-LAST/],
  [["engine", "--config", "f", "--passive-ports", "1-70000"], /"70000" is not a TCP port/],
  [
    ["engine", "--config", "f", "--drain-within", "-1"],
    /"-1" is no number of seconds; write a number from 0 to 608400/,
  ],
  [
    ["engine", "--config", "f", "--storage-limit", "10Gi"],
    /"10Gi" is no number of bytes; write a number from 1/,
  ],
  [["render"], /--filename <file>' not specified/],
  [["render", "-f", "/nowhere"], /\/nowhere: cannot be read/],
  [["render", "-f", "package.json"], /package\.json: holds something that is no Kubernetes object/],
  [["render", "-f", "README.md"], /README\.md: cannot be read as YAML/],
  [["render", "-f", "examples/basic.yaml", "--output", "xml"], /Allowed choices are yaml, json/],
  [
    ["serve", "-f", "examples/ftps.yaml"],
    /Secret ftps-certificate with the key tls\.crt is not in the manifests/,
  ],
  [["serve", "-f", "charts/ftp-operator/values.yaml"], /no Kubernetes object/],
  [["users", "hash", "--secret"], /argument missing/],
  [["sessions", "--socket", "/nowhere/socket"], /no engine answers at \/nowhere\/socket \(ENOENT\)/],
  [["kick"], /say whose: --id NUMBER or --user NAME/],
  [["kick", "--id", "first"], /"first" is no number of a session/],
  [["kick", "--id", "1", "--user", "alice"], /cannot be used with/],
  [["completion", "tcsh"], /Allowed choices are bash, zsh, fish/],
];

describe("ftp-operator", () => {
  for (const [argv, why] of WRONG) {
    it(`refuses ${argv.join(" ")}`, async () => {
      const { code, stderr } = await run(argv);
      assert.equal(code, 2);
      assert.match(stderr, why);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    });
  }

  it("ends with 0 after --help", async () => {
    assert.deepEqual(await run(["engine", "--help"]), { code: 0, stderr: "" });
  });
});
