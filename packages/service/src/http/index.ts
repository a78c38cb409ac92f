export type { Identify } from "./HostRequest.ts"
export { type LogRecord, makeNodeHandler, type NodeHandler, type NodeHandlerOptions } from "./makeNodeHandler.ts"
export { routeLabel } from "./routeLabel.ts"
