/**
 * Tests sinks with IPv6 addresses, and sinks with addresses that the engine must reject when internal sinks are denied.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { run } from "../../cluster/run.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";
import { loggedIn, NotifiedEngines, notificationsTo } from "../../support/notifications/notified-engine.ts";
import { type Outcome, PUBLIC, type Targets } from "./addresses-program.ts";

const TIMEOUT = 60_000;
/** Internal IPv6 addresses, and IPv6 addresses that contain internal IPv4 addresses. */
const INTERNAL_IPV6 = [
  "::1",
  "::",
  "fe80::1",
  "fc00::1",
  "fd00:ec2::254",
  "fec0::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:169.254.169.254",
  "::127.0.0.1",
  "::ffff:0:10.0.0.1",
  // NAT64 addresses with the well-known prefix, and with local-use prefixes of 48, 64 and 96 bits (RFC 8215).
  "64:ff9b::127.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b::a83f:8110",
  "64:ff9b:1:a00:0:100:808:808",
  "64:ff9b:1:1:a:0:108:808",
  "64:ff9b:1::808:808",
  "2002:7f00:1::1",
  "2002:a9fe:a9fe::1",
  "2001:0:a00:1::1",
  "2001:db8::1",
  // Addresses outside the global unicast range 2000::/3.
  "1::1",
  "4000::1",
  "8000::1",
];
const INTERNAL_IPV4 = [
  "127.0.0.1",
  "127.1",
  "0x7f.1",
  "0177.0.0.1",
  "2130706433",
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "169.254.169.254",
  // Address at which each virtual machine in Azure reaches the platform services.
  "168.63.129.16",
];

/** Runs the program in a separate network namespace. No packet can leave this namespace. */
async function runProgram(targets: Targets): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), "sink-addresses-"));
  const resolver = join(directory, "resolv.conf");
  await writeFile(resolver, "nameserver 127.0.0.1\n");
  const script = [
    "ip link set lo up",
    "ip addr add 8.8.8.8/32 dev lo",
    "ip addr add 2001:4860:4860::8888/128 dev lo",
    "ip addr add fc00::1/128 dev lo",
    `mount --bind ${resolver} /etc/resolv.conf`,
    'exec "$@"',
  ].join("\n");
  const program = join(import.meta.dirname, "addresses-program.ts");
  try {
    const output = await run(
      ["unshare", "--map-root-user", "--mount", "--net", "sh", "-ec", script, "sh"].concat(
        [process.execPath, "--disable-warning=ExperimentalWarning", program],
        JSON.stringify(targets),
      ),
      { timeout: TIMEOUT },
    );
    return JSON.parse(output);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe("a sink, when internal sinks are denied", () => {
  const internal = [...INTERNAL_IPV6, ...INTERNAL_IPV4.filter((address) => address.split(".").length === 4)];
  const names = internal.filter((address) => !address.includes("0177"));
  let outcome: Outcome;
  before(async () => {
    outcome = await runProgram({
      hosts: [...PUBLIC, ...INTERNAL_IPV6, ...INTERNAL_IPV4, "localhost"],
      names: [
        ...PUBLIC.map((address) => [address]),
        ["127.0.0.1", "8.8.8.8"],
        ["::1", "8.8.8.8", "fc00::1"],
        ...names.map((address) => [address]),
      ],
    });
  });

  for (const address of PUBLIC)
    test(`with the public address ${address} receives events`, () => {
      assert.deepEqual(outcome.hosts[address], ["Connected", "Delivered"]);
      assert.deepEqual(outcome.names[address], ["Connected", "Delivered"]);
    });

  // id: internal-addresses
  for (const host of [...INTERNAL_IPV6, ...INTERNAL_IPV4, "localhost"])
    test(`at ${host} is denied`, () => {
      assert.deepEqual(outcome.hosts[host], ["AddressDenied", "AddressDenied"]);
    });

  for (const address of names)
    test(`with a name that resolves to ${address} is denied`, () => {
      assert.deepEqual(outcome.names[address], ["AddressDenied", "AddressDenied"]);
    });

  test("with a name that also has internal addresses is reached at the public address only", () => {
    assert.deepEqual(outcome.names["127.0.0.1 8.8.8.8"], ["Connected", "Delivered"]);
    assert.deepEqual(outcome.names["::1 8.8.8.8 fc00::1"], ["Connected", "Delivered"]);
  });

  // id: dns-rebinding
  test("with a name whose address changes after each lookup never leads to an internal address", () => {
    const { delivered, denied } = outcome.rebinding;
    assert.ok(delivered > 0 && denied > 0, JSON.stringify(outcome.rebinding));
    assert.equal(delivered + denied, 40);
    assert.equal(outcome.internalConnections, 0);
  });

  test("that redirects to an internal address receives the event later", () => {
    assert.deepEqual(new Set(outcome.redirects), new Set(["Redirected"]));
    assert.equal(outcome.internalConnections, 0);
  });
});

for (const tls of [false, true])
  test(`a sink with an IPv6 address receives events over ${tls ? "HTTPS" : "HTTP"} when internal sinks are allowed`, async () => {
    const certificate = tls
      ? await makeCertificate({ commonName: "receiver", alternativeNames: "IP:::1" })
      : undefined;
    await using receiver = await EventReceiver.start(certificate, "::1");
    assert.match(receiver.url, /^https?:\/\/\[::1\]:/u);
    await using engines = await NotifiedEngines.create();
    const sink = certificate && { caFile: certificate.certificateFile };
    const engine = await engines.start(
      notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"], ...(sink && { sink }) }),
    );
    // The report contains the result of the connection check until the engine sends the first event.
    await waitUntil("the receiver has a connection", TIMEOUT, () => assert.ok(receiver.connections > 0));
    assert.match((await engine.page("/readyz")).text, /"state":"Idle"/u);
    const client = await loggedIn(engine);
    assert.equal(await client.upload("STOR file", "content"), 226);
    await waitUntil("the event has arrived", TIMEOUT, () => assert.equal(receiver.events.length, 1));
  });
