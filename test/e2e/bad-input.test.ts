/**
 * Tests that the engine replies to malformed input with an error, or closes the connection. Other clients must not be
 * affected. The tests connect to the external address of the FtpServer.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { clientNamed, roundTrip, siteOf } from "./outside.ts";
import { type Login, TestNamespace } from "./test-namespace.ts";

const LOGIN_TIMEOUT_SECONDS = 8;
/** Maximum duration of one client connection in seconds. */
const PATIENCE_SECONDS = 30;
const TIMED_OUT = 124;
const MEGABYTE = 1 << 20;

/** Malformed inputs, each with its possible reply codes. */
const GARBAGE: readonly { what: string; input: Uint8Array; answers: number[] }[] = [
  { what: "random bytes", input: randomBytes(200_000), answers: [500, 421] },
  { what: "NUL bytes", input: Buffer.alloc(100_000), answers: [421] },
  { what: "line ends only", input: Buffer.from("\r\n".repeat(10_000)), answers: [500, 421] },
  { what: "a TLS greeting", input: Buffer.from("16030100c8010000c40303".repeat(20), "hex"), answers: [421] },
  {
    what: "Telnet commands",
    input: Buffer.alloc(100_000, Buffer.from("fff4fff2fffd06", "hex")),
    answers: [421],
  },
  { what: "an HTTP request", input: Buffer.from("GET / HTTP/1.1\r\nHost: ftp\r\n\r\n"), answers: [] },
  { what: "unknown commands", input: Buffer.from("XYZZY\r\n".repeat(100)), answers: [500, 421] },
  { what: "commands without arguments", input: Buffer.from("USER\r\n".repeat(100)), answers: [501, 421] },
  {
    what: "commands before login",
    input: Buffer.from("RETR a\r\nPASV\r\n".repeat(100)),
    answers: [530, 421],
  },
];

type Pod = KubeObject & { status: { containerStatuses: { restartCount: number }[] } };

describe("an FtpServer with an external address", () => {
  let namespace: TestNamespace;
  let login: Login;
  let directory: string;
  let pod: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    namespace = await TestNamespace.create("e2e-bad-input");
    const limits = { loginTimeoutSeconds: LOGIN_TIMEOUT_SECONDS };
    await namespace.applyServer("demo", { alice: "one" }, { limits });
    await namespace.waitReady("demo");
    login = await namespace.login("demo", "alice", "one");
    [pod = ""] = await namespace.pods("demo");
  });

  afterEach(async () => {
    await roundTrip(clientNamed("curl"), siteOf(namespace, login), "passive", directory, 10_007);
    const { status } = await namespace.get<Pod>("pod", pod);
    assert.deepEqual(
      status.containerStatuses.map(({ restartCount }) => restartCount),
      [0],
    );
  });

  after(async () => {
    await namespace?.remove();
    await rm(directory, { recursive: true });
  });

  it("replies once to a line of a megabyte, and replies to the next command", async () => {
    const input = Buffer.concat([Buffer.alloc(MEGABYTE, "A"), Buffer.from("\r\nNOOP\r\nQUIT\r\n")]);
    const { codes } = await converse(namespace, login, input);
    assert.deepEqual(codes, [220, 500, 200, 221]);
  });

  it("closes a connection that sends a megabyte without a line end", async () => {
    const { codes, closed } = await converse(namespace, login, Buffer.alloc(MEGABYTE, "A"));
    assert.ok(closed, "it is closed when the time to log in is over");
    assert.equal(codes[0], 220);
  });

  it("replies to every malformed input or closes the connection", async () => {
    await Promise.all(
      GARBAGE.map(async ({ what, input, answers }) => {
        const { codes, closed } = await converse(namespace, login, input);
        assert.ok(closed, `${what}: it is closed when the time to log in is over, if not before`);
        assert.deepEqual([...new Set(codes)], [220, ...answers], `${what}: ${codes.join(" ")}`);
      }),
    );
  });

  it("closes an incomplete line at the login timeout", async () => {
    const started = performance.now();
    const { codes, closed } = await converse(namespace, login, Buffer.from("USER ali"));
    const seconds = (performance.now() - started) / 1000;
    assert.ok(closed);
    assert.deepEqual(codes, [220, 421]);
    assert.ok(seconds > LOGIN_TIMEOUT_SECONDS - 1, `${seconds} s`);
  });

  it("accepts a slow client within the login timeout, and closes the connection of a slower client", async () => {
    const inTime = await converse(namespace, login, Buffer.from("USER alice\r\nPASS one\r\nQUIT\r\n"), 0.02);
    assert.deepEqual(inTime.codes, [220, 331, 230, 221]);
    const late = await converse(namespace, login, Buffer.from("USER alice\r\n"), 1);
    assert.deepEqual(late.codes, [220, 421]);
  });

  it("keeps the old file when an upload fails", async () => {
    const old = "what was there before";
    const script = brokenUpload(login, old);
    const file = join(directory, "broken.py");
    await writeFile(file, script);
    const { code, stdout, stderr } = await namespace.outside("client", ["python3", file], {
      timeout: 60_000,
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), ["426", old, "kept.txt", "True"]);
  });
});

/** Outcome after the client has sent raw bytes on a control connection and has not closed this connection. */
interface Conversation {
  /** Reply codes in order of arrival. */
  codes: number[];
  /** Whether the engine closed the connection before the time limit of the client. */
  closed: boolean;
}

async function converse(
  namespace: TestNamespace,
  { host, port }: Login,
  input: Uint8Array,
  secondsBetweenBytes = 0,
): Promise<Conversation> {
  const send =
    secondsBetweenBytes === 0
      ? "cat >&3"
      : `while IFS= read -r -N1 -d '' byte; do printf %s "$byte" >&3 || break; sleep ${secondsBetweenBytes}; done`;
  // A background job in a shell has no standard input by default.
  const script = `exec 3<>/dev/tcp/${host}/${port} 4<&0; { ${send}; } <&4 2>/dev/null & timeout ${PATIENCE_SECONDS} cat <&3`;
  const { code, stdout } = await namespace.outside("client", ["bash", "-c", script], {
    stdin: input,
    timeout: 60_000,
  });
  const codes = [...stdout.matchAll(/^(\d{3}) /gm)].map(([, digits]) => Number(digits));
  return { codes, closed: code !== TIMED_OUT };
}

/** Resets the data connection during an upload to an existing file. Then reads that file. */
function brokenUpload({ host, port, user, password }: Login, old: string): string {
  return `
import ftplib, io, socket, struct
ftp = ftplib.FTP()
ftp.connect(${JSON.stringify(host)}, ${port}, timeout=30)
ftp.login(${JSON.stringify(user)}, ${JSON.stringify(password)})
ftp.mkd("broken")
ftp.cwd("broken")
ftp.storbinary("STOR kept.txt", io.BytesIO(${JSON.stringify(old)}.encode()))
data = ftp.transfercmd("STOR kept.txt")
data.sendall(b"x" * 3_000_000)
data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
data.close()
try:
    print(ftp.voidresp())
except ftplib.error_temp as error:
    print(str(error)[:3])
kept = io.BytesIO()
ftp.retrbinary("RETR kept.txt", kept.write)
print(kept.getvalue().decode())
print("\\n".join(sorted(ftp.nlst())))
ftp.rename("kept.txt", "old.txt")
ftp.voidcmd("TYPE I")
print(0 < ftp.size("kept.txt") <= 3_000_000)
ftp.quit()
`;
}
