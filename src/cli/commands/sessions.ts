import { Command, Option } from "commander";
import { ADMIN_SOCKET } from "../../api/engine-config.ts";
import { wholeNumber } from "../arguments.ts";

const socketOption = (): Option =>
  new Option("--socket <path>", "the engine's --admin-socket").default(ADMIN_SOCKET);

export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("list the sessions and transfers of the engine on this machine, or in this container")
    .addOption(socketOption())
    .addOption(new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text"))
    .action(async (options: { socket: string; output: "text" | "json" }) => {
      const { runSessions } = await import("./administer.ts");
      process.exitCode = await runSessions(options);
    });
}

export function kickCommand(): Command {
  return new Command("kick")
    .description("end sessions of the engine on this machine, or in this container, with the reply 421")
    .addOption(socketOption())
    .addOption(
      new Option("--id <number>", "the session of this number in the list")
        .argParser(wholeNumber("number of a session", Number.MAX_SAFE_INTEGER))
        .conflicts("user"),
    )
    .option("--user <name>", "every session of this user")
    .action(async (options: { socket: string; id?: number; user?: string }) => {
      const { runKick } = await import("./administer.ts");
      process.exitCode = await runKick(options);
    });
}
