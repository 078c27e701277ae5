import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FtpServer } from "../../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import { CONDITION_TYPES } from "../../../src/plan/conditions/condition.ts";
import type { PersistentVolumeClaim, Pod } from "../../../src/plan/model/objects.ts";
import { plan } from "../../../src/plan/plan.ts";
import { kstatus } from "../../support/plan/kstatus.ts";
import {
  observedOf,
  serverOf,
  specOf,
  Cluster,
  type SpecPatch,
  type StoragePatch,
} from "../../support/plan/cluster.ts";

function find(server: FtpServer, type: string): Condition {
  const found = server.status?.conditions?.find((one) => one.type === type);
  assert.ok(found, type);
  return found;
}

function said(server: FtpServer, type: string): string {
  const { status, reason } = find(server, type);
  return `${status} ${reason}`;
}

function settled(spec: SpecPatch = {}): Cluster {
  const world = new Cluster(serverOf(spec));
  world.settle();
  return world;
}

describe("conditions", () => {
  it("are all there from first sight, and Unknown where nothing is known", () => {
    const { status } = plan(observedOf(serverOf()));
    assert.deepEqual(
      status.conditions?.map(({ type }) => type),
      [...CONDITION_TYPES],
    );
    const unknown = status.conditions?.filter((one) => one.status === "Unknown").map(({ type }) => type);
    assert.deepEqual(unknown, [
      "Ready",
      "Available",
      "PassivePortsPublished",
      "AddressAssigned",
      "PassiveReachable",
    ]);
    for (const { observedGeneration, message } of status.conditions ?? []) {
      assert.equal(observedGeneration, 1);
      assert.notEqual(message, "");
    }
  });

  it("never say that all is as the spec says while replicas are missing", () => {
    const world = settled({ replicas: 2 });
    assert.equal(said(world.server, "Ready"), "True Ready");
    const observed = world.observe();
    const [pod] = observed.children.pods;
    assert.ok(pod);
    pod.status = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
    const { status } = plan(observed);
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    assert.equal(`${ready?.status} ${ready?.reason}`, "True SomeReplicasReady");
    assert.match(ready?.message ?? "", /1 of 2 replicas/);
  });

  it("lead kstatus from InProgress over Current through a rollout back to Current", () => {
    const world = new Cluster(serverOf());
    assert.equal(kstatus(world.server), "InProgress");
    world.step();
    assert.equal(kstatus(world.server), "InProgress");
    world.settle();
    assert.equal(kstatus(world.server), "Current");
    world.change({ pod: { image: "engine:2" } });
    assert.equal(kstatus(world.server), "InProgress");
    world.step();
    assert.equal(kstatus(world.server), "InProgress");
    assert.equal(said(world.server, "Ready"), "True Ready");
    assert.equal(said(world.server, "Progressing"), "True RollingOut");
    world.settle();
    assert.equal(kstatus(world.server), "Current");
  });

  it("say why a rollout does not get on, while the old pod serves", () => {
    const world = settled();
    world.change({ pod: { image: "engine:2" } });
    world.step();
    world.control();
    const pod = world.all("Pod").find(({ metadata }) => metadata.name === "demo-b-0");
    assert.ok(pod);
    pod.status = { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ErrImagePull" } } }] };
    const { events } = world.step();
    assert.equal(said(world.server, "Ready"), "True Ready");
    assert.match(
      find(world.server, "Progressing").message,
      /Slot b .* Slot a .* Pod demo-b-0 .*ErrImagePull/,
    );
    assert.deepEqual(
      events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning RollingOut"],
    );
  });

  it("say that a server of no replica is stopped on purpose", () => {
    const world = settled();
    world.change({ replicas: 0 });
    world.settle();
    assert.equal(said(world.server, "Available"), "True Stopped");
    assert.equal(kstatus(world.server), "Current");
    assert.deepEqual(world.all("StatefulSet"), []);
    assert.equal(world.server.status?.addresses?.[0]?.value, "192.0.2.10");
  });

  it("say when only one node can mount the volume, and the old pod ends first", () => {
    const persistentVolumeClaim = { create: { size: "1Gi" } };
    const world = settled({ storage: { type: "PersistentVolumeClaim", persistentVolumeClaim } });
    world.change({ pod: { image: "engine:2" } });
    world.step();
    assert.equal(said(world.server, "Progressing"), "True RollingOut");
    assert.match(find(world.server, "Progressing").message, /one node can mount the volume/);
    world.settle();
    assert.equal(kstatus(world.server), "Current");
  });

  it("do not wait for sessions that drain", () => {
    const world = settled({ replicas: 2 });
    world.deletePod("demo-b-0");
    world.step();
    world.control();
    world.makeReady();
    world.step();
    assert.equal(kstatus(world.server), "Current");
    assert.match(find(world.server, "Progressing").message, /Slot b is draining/);
  });

  it("move lastTransitionTime with status only", () => {
    const world = settled();
    const before = find(world.server, "AddressAssigned").lastTransitionTime;
    world.balancerAddress = "192.0.2.99";
    world.settle();
    assert.match(find(world.server, "AddressAssigned").message, /192\.0\.2\.99/);
    assert.equal(find(world.server, "AddressAssigned").lastTransitionTime, before);
  });

  it("stall on an object that is not valid, touch nothing, and keep what is known", () => {
    const world = settled();
    world.change({ passive: { ...specOf().passive, portRange: { first: 50009, last: 50000 } } });
    const result = world.step();
    assert.deepEqual([result.apply, result.delete, result.patchPods], [[], [], []]);
    assert.equal(kstatus(world.server), "Failed");
    assert.equal(said(world.server, "Ready"), "False InvalidSpec");
    assert.match(
      find(world.server, "Stalled").message,
      /spec\.passive\.portRange: the passive port range is empty/,
    );
    assert.equal(said(world.server, "AddressAssigned"), "True LoadBalancerAddress");
    assert.equal(world.server.status?.addresses?.[0]?.value, "192.0.2.10");
    assert.deepEqual(
      result.events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning InvalidSpec"],
    );
    assert.deepEqual(world.step().events, []);
    world.change({ passive: specOf().passive });
    world.settle();
    assert.equal(kstatus(world.server), "Current");
  });

  it("say that a balancer is awaited, and warn only of an address that went", () => {
    const world = new Cluster(serverOf());
    world.balancerAddress = undefined;
    const warnings = (): number =>
      [world.step(), world.step(), world.step()]
        .flatMap(({ events }) => events)
        .filter(({ type, reason }) => type === "Warning" && reason === "LoadBalancerPending").length;
    assert.equal(warnings(), 0);
    world.balancerAddress = "192.0.2.10";
    world.settle();
    assert.equal(said(world.server, "AddressAssigned"), "True LoadBalancerAddress");
    world.balancerAddress = undefined;
    const [service] = world.all("Service");
    assert.ok(service);
    service.status = {};
    assert.equal(warnings(), 1);
    world.settle();
    assert.equal(said(world.server, "AddressAssigned"), "False LoadBalancerPending");
    assert.equal(said(world.server, "Ready"), "False LoadBalancerPending");
    assert.equal(kstatus(world.server), "InProgress");
  });

  it("say why no pod gets ready", () => {
    const world = settled();
    const pod = world.all("Pod")[0];
    assert.ok(pod);
    const cases: [status: Pod["status"], message: RegExp][] = [
      [
        { conditions: [{ type: "PodScheduled", status: "False", message: "0/2 nodes are available." }] },
        /demo-a-0 .*0\/2 nodes are available\.$/,
      ],
      [
        { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ImagePullBackOff" } } }] },
        /demo-a-0 .*ImagePullBackOff.*`kubectl describe pod demo-a-0`/,
      ],
      [
        {
          containerStatuses: [
            {
              name: "engine",
              state: { waiting: { reason: "CrashLoopBackOff" } },
              lastState: { terminated: { exitCode: 2 } },
            },
          ],
        },
        /CrashLoopBackOff \(exit code 2\)/,
      ],
      [
        { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ContainerCreating" } } }] },
        /^0 of 1 replicas [a-z ]+\.$/,
      ],
    ];
    for (const [status, message] of cases) {
      pod.status = status ?? {};
      world.step();
      assert.equal(said(world.server, "Available"), "False NoReplicaReady");
      assert.match(find(world.server, "Available").message, message);
    }
  });

  it("warn once about files that are lost with their pod", () => {
    const world = new Cluster(serverOf({ replicas: 2 }));
    const { events } = world.step();
    assert.deepEqual(
      events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning EphemeralStorage", "Warning PlainDataBehindSourceNAT"],
    );
    assert.match(find(world.server, "StorageReady").message, /Each replica has separate files/);
    assert.deepEqual(
      world.step().events.filter(({ reason }) => reason === "EphemeralStorage"),
      [],
    );
  });

  it("name a claim that does not exist, and start no pod without it", () => {
    const storage: StoragePatch = {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName: "files", whenDeleted: "Retain" },
    };
    const world = new Cluster(serverOf({ storage }));
    world.settle();
    assert.equal(said(world.server, "StorageReady"), "False ClaimNotFound");
    assert.match(find(world.server, "StorageReady").message, /PersistentVolumeClaim files /);
    assert.deepEqual(world.all("StatefulSet"), []);
    const claim: PersistentVolumeClaim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "files" },
      spec: { accessModes: ["ReadWriteOnce"] },
    };
    world.apply(claim);
    world.settle();
    assert.equal(said(world.server, "StorageReady"), "True ClaimBoundToOneNode");
    assert.equal(kstatus(world.server), "Current");
    assert.equal(world.server.status?.slots?.length, 1);
    world.change({ replicas: 2 });
    const { events } = world.step();
    assert.match(find(world.server, "StorageReady").message, /`spec\.replicas` to 1/);
    assert.ok(events.some(({ type, reason }) => type === "Warning" && reason === "ClaimBoundToOneNode"));
  });

  const limits: [what: string, patch: SpecPatch, nodes: [] | undefined, expected: string][] = [
    [
      "are allowed by the balancer, but not at node ports",
      { replicas: 2 },
      [],
      "True NodePortsOpenToAllClients",
    ],
    ["are allowed by the balancer alone", { replicas: 2 }, undefined, "True RestrictedByLoadBalancerOnly"],
    [
      "can not be told apart behind node ports",
      {
        exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
        passive: { ...specOf().passive, portRange: { first: 30100, last: 30109 } },
      },
      [],
      "True PublishedToAllClients",
    ],
  ];
  for (const [what, patch, nodes, expected] of limits) {
    it(`say that clients ${what}`, () => {
      const networkPolicy = { mode: "Managed" as const, allowedClients: ["192.0.2.0/24"], metricsFrom: [] };
      const world = new Cluster(serverOf({ ...patch, networkPolicy }));
      world.settle(nodes === undefined ? { nodes } : {});
      assert.equal(said(world.server, "PassivePortsPublished"), expected);
    });
  }

  it("are content with a balancer that does without node ports", () => {
    const networkPolicy = { mode: "Managed" as const, allowedClients: ["192.0.2.0/24"], metricsFrom: [] };
    const world = new Cluster(serverOf({ replicas: 2, networkPolicy }));
    world.settle();
    for (const { spec } of world.all("Service")) for (const port of spec.ports ?? []) delete port.nodePort;
    world.settle();
    assert.equal(said(world.server, "PassivePortsPublished"), "True Published");
  });
});
