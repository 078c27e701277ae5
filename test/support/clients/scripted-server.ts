import { createServer, type Server, type Socket } from "node:net";

/** A TCP server on this machine. Disposal of the server also closes its connections. */
export interface Listening extends AsyncDisposable {
  port: number;
}

export async function listen(onConnection: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns a server that sends the reply in `answers` for each command. The reply to other commands is 200. */
export function scripted(greeting: string, answers: Record<string, string>): (socket: Socket) => void {
  return (socket) => {
    if (greeting !== "") socket.write(`${greeting}\r\n`);
    socket.setEncoding("utf8").on("data", (lines: string) => {
      for (const line of lines.split("\r\n").slice(0, -1)) {
        const answer = answers[line.slice(0, 4).trim()] ?? "200 Fine";
        if (answer !== "") socket.write(`${answer}\r\n`);
      }
    });
  };
}

export const LOGIN = { USER: "331 Password", PASS: "230-Hello\r\n 230 is not the end\r\n230 In" };

/** A PASV reply that contains another address of this machine, at which no server listens. */
export const ELSEWHERE = "227 Entering Passive Mode (127,0,0,99,0,1)";

/** Returns the PASV reply for a port on this machine. */
export function passiveReply(port: number): string {
  return `227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255})`;
}

/** Sends single bytes at intervals until the socket closes. */
export function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("x"), 50);
  socket.once("close", () => clearInterval(timer));
}
