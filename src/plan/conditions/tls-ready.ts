import type { CertificateOutcome } from "../model/certificates.ts";
import type { Decision } from "../model/decision.ts";
import type { ConditionValue } from "./condition.ts";

/** From here on somebody should look: whatever renews certificates would have done it. Milliseconds. */
const SOON = 7 * 24 * 3600 * 1000;
/** By so much the clock of an issuer may be ahead of ours. Milliseconds. */
const CLOCK_ERROR = 60_000;

/** Whether clients get TLS with a certificate that is valid. */
export function tlsReady({ spec, observed }: Decision): ConditionValue {
  if (spec.tls.mode === "Disabled")
    return { status: "True", reason: "TLSDisabled", message: "TLS is not asked for." };
  const { server, clientAuthorities } = observed.certificates;
  const outcomes = [server, clientAuthorities].filter((outcome) => outcome !== undefined);
  const violations = outcomes.flatMap((outcome) => ("problem" in outcome ? [outcome.problem] : []));
  const [first] = violations;
  if (first !== undefined)
    return {
      status: "False",
      reason: first.reason,
      message: violations.map(({ message }) => message).join(" "),
      warn: true,
    };
  const now = Date.parse(observed.now);
  const { certificateRef, clientCertificates } = spec.tls;
  const findings = [
    validity(`The certificate of Secret "${certificateRef?.name}"`, server, now),
    validity(
      `The client CA of ${clientCertificates.caRef?.kind} "${clientCertificates.caRef?.name}"`,
      clientAuthorities,
      now,
    ),
  ].filter((finding) => finding !== undefined);
  return summarize(findings);
}

type Valid = Extract<CertificateOutcome, { notAfter: string }>;

function validity(
  what: string,
  outcome: CertificateOutcome | undefined,
  now: number,
): ConditionValue | undefined {
  if (outcome === undefined || "problem" in outcome) return undefined;
  return (
    notYetValid(what, outcome, now) ??
    ending(what, outcome, now) ?? {
      status: "True",
      reason: "CertificateValid",
      message: `${what} is valid until ${outcome.notAfter}.`,
      until: Date.parse(outcome.notAfter) - SOON,
    }
  );
}

function notYetValid(what: string, { notBefore }: Valid, now: number): ConditionValue | undefined {
  const begin = Date.parse(notBefore) - CLOCK_ERROR;
  if (now >= begin) return undefined;
  return {
    status: "False",
    reason: "CertificateNotYetValid",
    message: `${what} is not valid before ${notBefore}: write one that is, or wait.`,
    warn: true,
    until: begin,
  };
}

function ending(what: string, { notAfter }: Valid, now: number): ConditionValue | undefined {
  const end = Date.parse(notAfter);
  if (now < end - SOON) return undefined;
  const advice = "renew it; what uses it takes the new one at once";
  return now >= end
    ? {
        status: "False",
        reason: "CertificateExpired",
        message: `${what} ended at ${notAfter}: ${advice}.`,
        warn: true,
      }
    : {
        status: "True",
        reason: "CertificateExpiresSoon",
        message: `${what} ends at ${notAfter}: ${advice}.`,
        warn: true,
        until: end,
      };
}

/** The worst of the findings, with what the others warn of. */
function summarize(findings: readonly ConditionValue[]): ConditionValue {
  const [worst, ...others] = findings.toSorted((a, b) => badness(b) - badness(a));
  if (worst === undefined)
    return {
      status: "Unknown",
      reason: "CertificateNotRead",
      message: "The certificate has not been read yet.",
    };
  const warnings = others.filter(({ warn = false }) => warn);
  const times = findings.flatMap(({ until }) => until ?? []);
  return {
    ...worst,
    message: [worst, ...warnings].map(({ message }) => message).join(" "),
    until: times.length === 0 ? undefined : Math.min(...times),
  };
}

function badness({ status, warn = false }: ConditionValue): number {
  return status === "False" ? 2 : Number(warn);
}
