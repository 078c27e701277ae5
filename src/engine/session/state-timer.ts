import { nothingToCancel, type Cancel } from "../../common/clock.ts";
import { CLOSE_GRACE } from "./limits.ts";
import type { Session } from "./session.ts";
import { idleSeconds, type SessionState } from "./state.ts";

/** Starts the timer that ends a session which stays in a state for too long. */
export function startTimer(
  session: Pick<Session, "engine" | "parameters" | "end" | "destroy">,
  state: SessionState,
): Cancel {
  const { clock, config } = session.engine;
  switch (state.type) {
    case "AwaitingUser":
    case "AwaitingPassword":
    case "LoggingIn":
      return clock.schedule(Math.max(0, state.deadline - clock.now()), () =>
        session.end(421, "Login took too long"),
      );
    case "LoggedIn":
      return clock.schedule(idleSeconds(config, session.parameters) * 1000, () =>
        session.end(421, "Idle for too long"),
      );
    case "Closing":
      return clock.schedule(CLOSE_GRACE, () => session.destroy());
    case "Transferring":
    case "Computing":
    case "Closed":
      return nothingToCancel;
  }
}
