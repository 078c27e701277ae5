import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ftpOperator } from "../support/cli/command-line.ts";

const operator = (...argv: string[]): string[] => ["operator", "--engine-image", "x", ...argv];

/** The error message and the hint for each usage error. */
const WRONG: readonly [argv: string[], error: RegExp, hint: RegExp][] = [
  [["bogus"], /unknown command 'bogus'/, /see `ftp-operator --help`/],
  [["sender"], /unknown command 'sender'/, /did you mean render\?/],
  [["operator"], /--engine-image <IMAGE>' not specified/, /see `ftp-operator operator --help`/],
  [operator("--workers", "many"), /--workers: many/, /from 1 to 64/],
  [operator("--metrics-port", "0"), /--metrics-port: 0/, /from 1 to 65535/],
  [operator("--pod-labels", "app"), /--pod-labels: app/, /KEY=VALUE/],
  [operator("--leader-election-name", "A b"), /--leader-election-name: A b/, /lowercase letters/],
  [operator("--leader-election-lease-duration", "15"), /--leader-election-lease-duration: 15/, /1s to 1h/],
  [operator("--leader-election-retry-period", "500ms"), /--leader-election-retry-period: 500ms/, /1s to 1h/],
  [
    operator("--leader-election-renew-deadline", "15s"),
    /--leader-election-renew-deadline: 15s/,
    /below --leader-election-lease-duration \(15s\)/,
  ],
  [
    operator("--leader-election-retry-period", "1m"),
    /--leader-election-retry-period: 60s/,
    /below --leader-election-renew-deadline \(10s\)/,
  ],
  [
    operator("--image-pull-policy", "Sometimes"),
    /--image-pull-policy: Sometimes/,
    /one of Always, IfNotPresent, Never/,
  ],
  [operator("--log-level", "Loud"), /--log-level: Loud/, /one of Error, Warn, Info, Debug/],
  [operator("--node-addresses", "198.51.100.0/24,1.2.3"), /--node-addresses: 1\.2\.3/, /CIDR/],
  [operator("--debug-port", "8080"), /--debug-port and --metrics-port: 8080/, /another port/],
  [operator(), /no access to a cluster: .*\/nowhere\/kubeconfig/, /KUBECONFIG/],
  [["engine"], /--config <FILE>' not specified/, /--help/],
  [
    ["engine", "--config", "f", "--passive-ports", "50009-50000"],
    /--passive-ports: 50009-50000/,
    /50000-50009/,
  ],
  [["engine", "--config", "f", "--passive-ports", "50000"], /--passive-ports: 50000/, /FIRST-LAST/],
  [["engine", "--config", "f", "--passive-ports", "1-70000"], /--passive-ports: 1-70000/, /65535/],
  [["engine", "--config", "f", "--drain-within", "-1"], /--drain-within: -1/, /from 0 to 608400/],
  [["engine", "--config", "f", "--storage-limit", "10Gi"], /--storage-limit: 10Gi/, /a number from 1/],
  [["render"], /--filename <FILE>' not specified/, /--help/],
  [["render", "-f", "/nowhere"], /cannot be read as YAML: \/nowhere/, /--filename/],
  [["render", "-f", "package.json"], /without kind or metadata\.name: package\.json/, /--filename/],
  [["render", "-f", "README.md"], /cannot be read as YAML: README\.md/, /--filename/],
  [["render", "-f", "examples/basic.yaml", "--output", "xml"], /--output: xml/, /one of yaml, json/],
  [
    ["serve", "-f", "examples/ftps.yaml"],
    /Secret with the key tls\.crt is not in the manifests: ftps-certificate/,
    /with -f/,
  ],
  [["serve", "-f", "charts/ftp-operator/values.yaml"], /without kind or metadata\.name/, /--filename/],
  [["users", "hash", "--secret"], /argument missing/, /see `ftp-operator users hash --help`/],
  [["sessions", "--socket", "/nowhere/socket"], /\(ENOENT\): \/nowhere\/socket/, /--socket/],
  [["kick"], /no session selected/, /--id ID or --user NAME/],
  [["kick", "--id", "first"], /--id: first/, /a number from 1/],
  [["kick", "--id", "1", "--user", "alice"], /cannot be used with/, /--help/],
  [["completion", "tcsh"], /SHELL: tcsh/, /one of bash, zsh, fish/],
];

describe("ftp-operator", () => {
  for (const [argv, expectedError, expectedHint] of WRONG) {
    it(`${argv.join(" ")} exits with code 2, an error and a hint`, async () => {
      const { code, stderr } = await ftpOperator(argv, "", { KUBECONFIG: "/nowhere/kubeconfig" });
      assert.equal(code, 2);
      const [error = "", hint = "", ...others] = stderr.trimEnd().split("\n");
      assert.match(error, /^error: /);
      assert.match(error, expectedError);
      assert.match(hint, /^hint: /);
      assert.match(hint, expectedHint);
      assert.deepEqual(others, []);
    });
  }

  it("engine exits with code 2 and names a missing configuration file", async () => {
    const { code, stderr } = await ftpOperator(["engine", "--config", "/nowhere"]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: .*\/nowhere/);
  });

  it("exits with code 0 after --help", async () => {
    const { code, stderr } = await ftpOperator(["engine", "--help"]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });
});
