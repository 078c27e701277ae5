/**
 * A round consists of several concurrent sessions. Each session is a list of random steps. Failing rounds are saved as
 * JSON and are run again later.
 */
import * as fc from "fast-check";
import { command, interleaved, long, noise, payload, tlsGarbage } from "./grammar.ts";

/** A byte sequence is stored as a string with one character for each byte. */
export type Step =
  | { do: "Send"; bytes: string }
  /** Opens a data connection to the last announced port. */
  | { do: "Dial"; secured: boolean }
  /** Listens and sends EPRT. */
  | { do: "Listen" }
  /** Writes to the data connection. */
  | { do: "Write"; bytes: string }
  /** Inserts bytes into the TCP stream below TLS, like an attacker on the network path. */
  | { do: "Inject"; on: Connection; bytes: string }
  /** Ends a connection below TLS without close_notify, possibly in the middle of a record. */
  | { do: "Cut"; on: Connection }
  /** Connects to the last announced port as another client, in addition to the data connection of the session. */
  | { do: "Intrude"; from: string; secured: boolean; bytes: string }
  | { do: "End" }
  | { do: "Reset" }
  | { do: "Wait"; milliseconds: number };

export type Connection = "Control" | "Data";

export interface Session {
  /** Whether the session starts with AUTH TLS. */
  secured: boolean;
  steps: Step[];
}

export type Round = Session[];

const MAX_SESSIONS = 8;
const MAX_STEPS = 40;

function textOf(bytes: fc.Arbitrary<Uint8Array | string>): fc.Arbitrary<string> {
  return bytes.map((some) => Buffer.from(some).toString("latin1"));
}

function send(text: fc.Arbitrary<Uint8Array | string>): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant("Send"), bytes: textOf(text) });
}

const login = fc.constant("USER alice\r\nPASS secret\r\nTYPE I\r\n");
const transfer = fc
  .tuple(
    fc.constantFrom("RETR /large", "RETR f", "STOR f", "APPE f", "STOU", "LIST", "MLSD", "NLST -la"),
    fc.constantFrom(
      "",
      "REST 3\r\n",
      "RANG 1 5\r\n",
      "MODE Z\r\n",
      "TYPE A\r\n",
      "PROT C\r\n",
      "PBSZ 0\r\nPROT P\r\n",
    ),
    fc.constantFrom(
      "",
      "ABOR\r\n",
      "\u00ff\u00f4\u00f2ABOR\r\n",
      "STAT\r\n",
      "NOOP\r\n",
      "QUIT\r\n",
      "REIN\r\n",
    ),
  )
  .map(([line, before, after]) => Buffer.from(`${before}${line}\r\n${after}`, "latin1"));
const passive = fc.constantFrom("EPSV\r\n", "PASV\r\n", "EPSV ALL\r\n", "EPSV 1\r\nPASV\r\n");

const connection = fc.constantFrom<Connection>("Control", "Data", "Data");
const intrude = fc.record({
  do: fc.constant("Intrude"),
  from: fc.constantFrom("127.0.0.1", "127.0.0.9"),
  secured: fc.boolean(),
  bytes: textOf(fc.oneof(noise, tlsGarbage)),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: send(command) },
  { weight: 2, arbitrary: send(noise) },
  { weight: 1, arbitrary: send(long) },
  { weight: 2, arbitrary: send(login) },
  { weight: 6, arbitrary: send(passive) },
  { weight: 6, arbitrary: send(transfer) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("Dial"), secured: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "Listen" }) },
  { weight: 6, arbitrary: send(interleaved) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("Write"), bytes: textOf(payload) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("Inject"), on: connection, bytes: textOf(tlsGarbage) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("Cut"), on: connection }) },
  { weight: 3, arbitrary: intrude },
  { weight: 3, arbitrary: fc.constant({ do: "End" }) },
  { weight: 1, arbitrary: fc.constant({ do: "Reset" }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("Wait"), milliseconds: fc.nat(30) }) },
);
// Most sessions log in, because most errors occur only after a login.
const steps = fc.oneof(
  { weight: 1, arbitrary: fc.array(step, { maxLength: MAX_STEPS, size: "max" }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(send(login), fc.array(step, { maxLength: MAX_STEPS, size: "max" }))
      .map(([first, rest]) => [first, ...rest]),
  },
);
const round = fc.array(fc.record({ secured: fc.boolean(), steps }), {
  minLength: 1,
  maxLength: MAX_SESSIONS,
  size: "max",
});

/** Generates a round from a seed. The same seed always results in the same round. */
export function roundOf(seed: number): Round {
  return fc.sample(round, { seed, numRuns: 1 })[0] ?? [];
}
