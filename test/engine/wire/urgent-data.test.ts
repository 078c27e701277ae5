import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../cluster/run.ts";
import { startServer } from "../../support/engine/server.ts";

/** File content that exceeds the size of the kernel buffers, so a transfer without a reader does not complete. */
const BIG = Buffer.alloc(32 * 1024 * 1024);

// id: bare-carriage-return-3
test("ABOR, STAT, NOOP and QUIT as urgent data get their replies and do not change the next line", async () => {
  await using world = await startServer();
  world.memory.put("/big", BIG);
  const output = await run([
    "python3",
    "-c",
    `import ftplib, socket, sys
ftp = ftplib.FTP()
ftp.connect('127.0.0.1', int(sys.argv[1]), timeout=10)
ftp.login('alice', 'secret')
ftp.voidcmd('TYPE I')
def urgent(line, prefix=b''):
    ftp.sock.sendall(prefix + line + b'\\r\\n', socket.MSG_OOB)
    return ftp.getmultiline()[:3]
def synch(line):
    ftp.sock.sendall(b'\\xff\\xf4\\xff', socket.MSG_OOB)
    ftp.sock.sendall(b'\\xf2' + line + b'\\r\\n')
    return ftp.getmultiline()[:3]
def marked(line):
    ftp.sock.sendall(b'\\xff\\xf4')
    ftp.sock.sendall(b'\\xff\\xf2', socket.MSG_OOB)
    ftp.sock.sendall(line + b'\\r\\n')
    return ftp.getmultiline()[:3]
data = ftp.transfercmd('RETR /big')
data.recv(10)
for line in (b'STAT', b'NOOP', b'STAT /big', b'stat', b'noop x'):
    print(*[send(line) for send in (urgent, synch, marked)])
ftp.sock.sendall(b'STAT /big\\r\\n', socket.MSG_OOB)
ftp.sock.sendall(b'NOOP\\r\\n')
print(ftp.getmultiline()[:3], ftp.getmultiline()[:3])
print(urgent(b'ABOR'), ftp.voidresp()[:3])
data.close()
print(ftp.pwd(), urgent(b'QUIT'))`,
    String(world.engine.controlPort),
  ]);
  assert.equal(
    output,
    [
      "211 211 211",
      "200 200 200",
      "213 213 213",
      "211 211 211",
      "200 200 200",
      "213 200",
      "426 226",
      "/ 221",
      "",
    ].join("\n"),
  );
});
