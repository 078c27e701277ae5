/**
 * Applies each file in examples/ without changes. Creates the Secrets that the file requires, and uses the FtpServer
 * from outside the cluster.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { type ExampleService, startArchive, startPipeline } from "./example-services.ts";
import { probe } from "./outside.ts";
import { conditionOf, eventually, passwordSecret, TestNamespace } from "./test-namespace.ts";

const FOLDER = join(import.meta.dirname, "../../examples");
const PASSWORD = "change-me";
/** Exit codes of curl for a rejected login and for a rejected upload. */
const LOGIN_DENIED = 67;
const UPLOAD_FAILED = 25;

interface Used {
  namespace: TestNamespace;
  /** Name of the FtpServer and of the file. */
  name: string;
  service: ExampleService | undefined;
  /** Runs curl on an outside host with a path on the FtpServer. @returns exit code and output */
  curl: (user: string, path: string, ...args: string[]) => Promise<{ code: number; stdout: string }>;
  /** Uploads a file, downloads it and compares the contents. */
  roundTrip: (user: string, ...args: string[]) => Promise<void>;
}

interface Example {
  /** Whether the test clients can connect. Defaults to true. */
  isOpen?: boolean;
  /** Name of the FtpServer if it differs from the file name. */
  server?: string;
  /** Objects that the example requires. */
  secrets?: () => Promise<object[]> | object[];
  /** Starts a service that the example requires. */
  start?: (namespace: TestNamespace) => Promise<ExampleService>;
  use: (used: Used) => Promise<void>;
}

const secretOf = (name: string): object => passwordSecret(name, PASSWORD);
const secretWith = (name: string, ...keys: string[]): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  stringData: Object.fromEntries(keys.map((key) => [key, PASSWORD])),
});

const EXAMPLES: Readonly<Record<string, Example>> = {
  basic: { server: "demo", use: ({ roundTrip }) => roundTrip("alice") },
  "active-mode": {
    secrets: () => [secretOf("scanner")],
    use: async ({ curl }) => {
      const sent = await curl("scanner", "page.pdf", "--ftp-port", "-", "-T", "-");
      assert.equal(sent.code, 0);
      assert.match((await curl("scanner", "", "--ftp-port", "-")).stdout, /page\.pdf/);
    },
  },
  anonymous: {
    secrets: () => [secretOf("editor")],
    use: async ({ curl }) => {
      assert.equal((await curl("editor", "news.txt", "-T", "-")).code, 0);
      assert.equal((await curl("anonymous", "news.txt")).stdout, CONTENT);
      assert.equal((await curl("anonymous", "mine.txt", "-T", "-")).code, UPLOAD_FAILED);
    },
  },
  ftps: {
    secrets: async () => [secretOf("alice"), await certificateSecret("ftps-certificate")],
    use: async ({ curl, roundTrip }) => {
      await roundTrip("alice", "--ssl-reqd", "--insecure");
      assert.equal((await curl("alice", "")).code, LOGIN_DENIED, "nobody logs in in the clear");
    },
  },
  "node-port": { secrets: () => [secretOf("alice")], use: ({ roundTrip }) => roundTrip("alice") },
  partners: {
    secrets: () => [secretWith("partners", "acme", "globex")],
    use: async ({ curl }) => {
      assert.equal((await curl("acme", "order.xml", "-T", "-")).code, 0);
      assert.notEqual((await curl("acme", "order.xml")).code, 0, "it may read none");
      assert.equal((await curl("globex", "")).code, LOGIN_DENIED, "it comes from another network");
    },
  },
  "persistent-volume": {
    secrets: () => [secretWith("ftp-users", "editor", "reader")],
    use: async ({ curl, roundTrip }) => {
      await roundTrip("editor");
      assert.equal((await curl("reader", "file")).stdout, CONTENT);
      assert.equal((await curl("reader", "other", "-T", "-")).code, UPLOAD_FAILED);
    },
  },
  replicas: {
    secrets: () => [secretOf("alice")],
    use: async ({ namespace, name, curl, roundTrip }) => {
      await namespace.waitComplete(name);
      await roundTrip("alice");
      // All pods must serve the same file.
      for (let login = 0; login < 6; login++) assert.equal((await curl("alice", "file")).stdout, CONTENT);
    },
  },
  "static-address": {
    secrets: () => [secretOf("alice")],
    use: async ({ namespace, name }) => {
      const place = await dialled(namespace, name);
      using session = await namespace.session({ ...place, user: "alice", password: PASSWORD });
      assert.equal((await session.passive()).address, "203.0.113.10");
    },
  },
  mounts: {
    secrets: () => [secretWith("partners", "acme", "globex")],
    start: startArchive,
    use: async ({ curl, roundTrip }) => {
      await roundTrip("acme");
      assert.equal((await curl("acme", "inbox/order.xml", "-T", "-")).code, 0);
      assert.equal((await curl("globex", "inbox/", "--list-only")).stdout, "", "the inbox is private");
      assert.equal((await curl("acme", "shared/plan.txt", "-T", "-")).code, 0);
      assert.equal((await curl("globex", "shared/plan.txt")).stdout, CONTENT);
      assert.equal((await curl("globex", "archive/2025.txt")).stdout, "report\n");
      assert.equal((await curl("globex", "archive/new.txt", "-T", "-")).code, UPLOAD_FAILED);
    },
  },
  notifications: {
    secrets: () => [secretOf("alice")],
    start: startPipeline,
    use: async ({ namespace, name, curl, service }) => {
      const into = ["--ftp-create-dirs", "-T", "-"];
      assert.equal((await curl("alice", "inbox/notes.txt", ...into)).code, 0);
      assert.equal((await curl("alice", "inbox/today/order.csv", ...into)).code, 0);
      assert.equal((await curl("mallory", "")).code, LOGIN_DENIED);
      await eventually("the receiver accepts the events", async () =>
        assert.deepEqual(service?.accepted().toSorted(), [
          "io.ftp-operator.file.uploaded /inbox/today/order.csv",
          "io.ftp-operator.login.failed mallory",
        ]),
      );
      await eventually("the condition is True", async () =>
        assert.equal(
          conditionOf(await namespace.server(name), "NotificationsDelivered")?.reason,
          "Delivering",
        ),
      );
    },
  },
  "behind-proxy": {
    secrets: () => [secretOf("alice")],
    isOpen: false,
    use: async ({ namespace, name }) => {
      const { host, port } = await dialled(namespace, name);
      assert.notEqual(await probe(namespace, "client", host, port), "open", "only the proxies come in");
    },
  },
};

/**
 * Examples that this test file does not run. FtpUser examples have a separate test file. The example `aws-nlb` requires
 * a cloud provider, so the API server only validates its objects.
 */
const ELSEWHERE: ReadonlySet<string> = new Set(["aws-nlb", "ftp-user"]);

const CONTENT = "what is sent\n";

describe("examples", () => {
  const files = globSync("*.yaml", { cwd: FOLDER }).map((file) => basename(file, ".yaml"));

  it("all have a test", () => {
    assert.deepEqual(
      files.filter((file) => !ELSEWHERE.has(file)).toSorted(),
      Object.keys(EXAMPLES).toSorted(),
    );
  });

  for (const [file, example] of Object.entries(EXAMPLES)) {
    it(`${file} works as its comments describe`, async () => {
      const namespace = await TestNamespace.create(`e2e-example-${file}`);
      try {
        await useExample(namespace, file, example);
      } finally {
        await namespace.remove();
      }
    });
  }
});

async function useExample(
  namespace: TestNamespace,
  file: string,
  { server: name = file, secrets, start, isOpen = true, use }: Example,
): Promise<void> {
  await using service = await start?.(namespace);
  const objects = [...((await secrets?.()) ?? []), ...(service?.secrets ?? [])];
  if (objects.length > 0) await namespace.apply(...objects);
  // In the test cluster, the storage class for shared volumes has another name.
  const text = readFileSync(join(FOLDER, `${file}.yaml`), "utf8").replaceAll(": shared\n", ": standard\n");
  const { documentedUrl = "", url = "" } = service ?? {};
  await namespace.kubectl(["apply", "-f", "-"], text.replaceAll(documentedUrl, url));
  await namespace.waitReady(name);
  await use({ ...(await client(namespace, name, isOpen)), service });
}

async function client(
  namespace: TestNamespace,
  name: string,
  isOpen: boolean,
): Promise<Omit<Used, "service">> {
  const { host, port } = await dialled(namespace, name);
  const address = `ftp://${host}:${port}/`;
  if (isOpen)
    await eventually(`${address} answers`, async () =>
      assert.equal(await probe(namespace, "client", host, port), "open"),
    );
  assert.equal(conditionOf(await namespace.server(name), "Ready")?.status, "True");
  const curl: Used["curl"] = async (user, path, ...args) => {
    const login = ["curl", "--silent", "--max-time", "20", "--user", `${user}:${PASSWORD}`];
    const { code, stdout } = await namespace.outside("client", [...login, ...args, `${address}${path}`], {
      stdin: CONTENT,
    });
    return { code: code ?? -1, stdout };
  };
  return {
    namespace,
    name,
    curl,
    roundTrip: async (user, ...args) => {
      assert.equal((await curl(user, "file", ...args, "-T", "-")).code, 0);
      assert.equal((await curl(user, "file", ...args)).stdout, CONTENT);
    },
  };
}

/**
 * Returns the address that test clients use: the load balancer address or the address in the status. Some examples
 * announce a different address.
 */
async function dialled(namespace: TestNamespace, name: string): Promise<{ host: string; port: number }> {
  type Service = KubeObject & { status: { loadBalancer: { ingress?: { ip: string }[] } } };
  const { status } = await namespace.server(name);
  const { hostname, port } = new URL(status?.endpoint ?? "ftp://0.0.0.0");
  const service = await namespace.get<Service>("service", name);
  const [ingress] = service.status.loadBalancer.ingress ?? [];
  return { host: ingress?.ip ?? hostname, port: port === "" ? 21 : Number(port) };
}

async function certificateSecret(name: string): Promise<object> {
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "ftp.example.com" });
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    type: "kubernetes.io/tls",
    stringData: {
      "tls.crt": readFileSync(certificateFile, "utf8"),
      "tls.key": readFileSync(keyFile, "utf8"),
    },
  };
}
