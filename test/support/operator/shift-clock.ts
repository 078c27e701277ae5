/**
 * Shifts the clock of a process by $CLOCK_SHIFT_SECONDS when preloaded with `node --import`. Monotonic time is
 * unchanged.
 */
const shift = Number(process.env["CLOCK_SHIFT_SECONDS"]) * 1000;
const trueNow = Date.now;
const now = (): number => trueNow() + shift;

Date.now = now;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Date(now()).toString(),
});
