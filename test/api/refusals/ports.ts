import { exposure, nodePort, range } from "./parts.ts";
import type { RefusalCase } from "./parts.ts";

const RANGE_PATH = "passive.portRange";

export const PORTS: RefusalCase[] = [
  {
    title: "reversed range",
    bad: range(50_009, 50_000),
    good: range(50_000, 50_009),
    path: RANGE_PATH,
    message: "write the lowest port as first",
  },
  {
    title: "empty range",
    bad: range(50_000, 49_999),
    good: range(49_999, 50_000),
    path: RANGE_PATH,
    message: "reversed or empty",
  },
  {
    title: "1001 ports",
    bad: range(50_000, 51_000),
    good: range(50_000, 50_999),
    path: RANGE_PATH,
    message: "more than 1000 ports; lower last",
  },
  {
    title: "port under 1024",
    bad: range(1023, 1100),
    good: range(1024, 1100),
    path: `${RANGE_PATH}.first`,
    message: "should be greater than or equal to 1024",
  },
  {
    title: "port over 65535",
    bad: range(65_000, 65_536),
    good: range(65_000, 65_535),
    path: `${RANGE_PATH}.last`,
    message: "should be less than or equal to 65535",
  },
  {
    title: "range that holds the control port",
    bad: { ...range(2000, 2200), exposure: { controlPort: 2200 } },
    good: { ...range(2000, 2200), exposure: { controlPort: 2201 } },
    path: RANGE_PATH,
    message: "must not hold exposure.controlPort; move",
  },
  {
    title: "too few ports for replicas and rollout",
    bad: { replicas: 3, ...range(50_000, 50_002) },
    good: { replicas: 3, ...range(50_000, 50_003) },
    path: RANGE_PATH,
    message: "raise last or lower replicas",
  },
  {
    title: "half a range",
    bad: { passive: { portRange: { first: 50_000 } } },
    good: { passive: {} },
    path: `${RANGE_PATH}.last`,
    message: "Required value",
  },
  {
    title: "node port range below",
    bad: nodePort(30_021, 29_999, 30_010),
    good: nodePort(30_021, 30_000, 30_010),
    path: RANGE_PATH,
    message: "must lie within 30000-32767",
  },
  {
    title: "node port range above",
    bad: nodePort(30_021, 32_700, 32_768),
    good: nodePort(30_021, 32_700, 32_767),
    path: RANGE_PATH,
    message: "must lie within 30000-32767",
  },
  {
    title: "NodePort with the default range",
    bad: exposure("NodePort", { nodePort: { controlPort: 30_021 } }),
    good: nodePort(30_021, 30_100, 30_109),
    path: RANGE_PATH,
    message: "for instance {first: 30100, last: 30109}",
  },
  {
    title: "node port for control outside",
    bad: nodePort(29_999, 30_100, 30_109),
    good: nodePort(30_000, 30_100, 30_109),
    path: "exposure.nodePort.controlPort",
    message: "should be greater than or equal to 30000",
  },
  {
    title: "node port for control inside the range",
    bad: nodePort(30_105, 30_100, 30_109),
    good: nodePort(30_110, 30_100, 30_109),
    path: RANGE_PATH,
    message: "must not hold exposure.nodePort.controlPort; move",
  },
  {
    title: "26 replicas",
    bad: { replicas: 26, ...range(50_000, 50_099) },
    good: { replicas: 25, ...range(50_000, 50_099) },
    path: "replicas",
    message: "should be less than or equal to 25",
  },
  {
    title: "fewer than no replicas",
    bad: { replicas: -1 },
    good: { replicas: 0 },
    path: "replicas",
    message: "should be greater than or equal to 0",
  },
];
