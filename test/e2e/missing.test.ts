/**
 * Tests that a condition and an event name a missing object or address. Other parts of the FtpServer must keep working.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import {
  APPLIED_LIMIT_MILLISECONDS,
  conditionOf,
  eventually,
  passwordSecret,
  TestNamespace,
} from "./test-namespace.ts";

const account = (name: string) => ({ name, passwordSecretRef: { name: `secret-${name}` } });

describe("an FtpServer reports a missing", () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    namespace = await TestNamespace.create("e2e-missing");
  });

  after(async () => {
    await namespace?.remove();
    await rm(directory, { recursive: true });
  });

  /** Waits for a condition with the given reason and a message that contains `name`. */
  const says = (server: string, type: string, reason: string, named: string): Promise<void> =>
    eventually(`${server} says ${reason}`, async () => {
      const condition = conditionOf(await namespace.server(server), type);
      assert.ok(condition?.status === "False" && condition.reason === reason, JSON.stringify(condition));
      assert.ok(condition.message.includes(named), condition.message);
    });

  /** Waits for the condition and for an event that contains `name`. */
  const warns = async (server: string, type: string, reason: string, named: string): Promise<void> => {
    await says(server, type, reason, named);
    await eventually(`${server} has an event`, async () => {
      const notes = await namespace.eventNotes(server);
      assert.ok(
        notes.some((note) => note.includes(named)),
        `no event names ${named}: ${notes.join("\n")}`,
      );
    });
  };

  const carriesFiles = async (server: string): Promise<void> => {
    const site = siteOf(namespace, await answering(namespace, await namespace.login(server, "alice", "one")));
    await roundTrip(clientNamed("curl"), site, "passive", directory);
  };

  it("password Secret, and only its user cannot log in until the Secret is created", async () => {
    await namespace.applyServer("secret", { alice: "one" });
    await namespace.waitReady("secret");
    await namespace.patchSpec("secret", { users: [account("alice"), account("bob")] });
    await warns("secret", "UsersReady", "SecretNotFound", "secret-bob");
    await carriesFiles("secret");
    await namespace.apply(passwordSecret("secret-bob", "two"));
    await namespace.waitReady("secret");
    const bob = await namespace.login("secret", "bob", "two");
    await eventually(
      "bob logs in",
      async () => (await namespace.session(bob))[Symbol.dispose](),
      APPLIED_LIMIT_MILLISECONDS,
    );
  });

  it("PersistentVolumeClaim, and starts pods when it is created", async () => {
    const storage = { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "files" } };
    await namespace.applyServer("claim", { alice: "one" }, { storage });
    await warns("claim", "StorageReady", "ClaimNotFound", "files");
    assert.deepEqual(await namespace.pods("claim"), []);
    await namespace.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "files" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    await namespace.waitReady("claim");
    await carriesFiles("claim");
  });

  it("address, rejects PASV and accepts EPSV until the address is assigned", async () => {
    // No controller handles this load balancer class, so the Service receives no address automatically.
    const exposure = { loadBalancer: { class: "example.com/nobody" } };
    await namespace.applyServer("address", { alice: "one" }, { exposure });
    // The operator writes no event, because every new FtpServer waits for its load balancer.
    await says("address", "AddressAssigned", "LoadBalancerPending", "has not assigned an address");
    await eventually("the pod serves", async () => {
      assert.equal(conditionOf(await namespace.server("address"), "Available")?.reason, "AllReplicasReady");
    });
    const service = await namespace.get<any>("service", "address");
    const { nodePort } = service.spec.ports.find(({ name }: { name: string }) => name === "ftp");
    const [pod = ""] = await namespace.pods("address");
    const { hostIP } = (await namespace.get<any>("pod", pod)).status;
    const login = { host: hostIP, port: nodePort, user: "alice", password: "one" };
    // kube-proxy routes node ports to the pod only after a delay.
    using session = await eventually("a login", () => namespace.session(login));
    assert.equal((await session.command("PASV")).code, 425);
    assert.equal((await session.command("EPSV")).code, 229);
    await namespace.patchSpec("address", {
      passive: { address: { type: "Static", static: { address: hostIP } } },
    });
    await eventually(
      "PASV announces",
      async () => assert.equal((await session.passive()).address, hostIP),
      APPLIED_LIMIT_MILLISECONDS,
    );
    await namespace.waitReady("address");
  });
});
