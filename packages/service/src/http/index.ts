export type { Identify } from "./HostRequest.ts"
export { routeLabel } from "./routeLabel.ts"
export { type LogRecord, makeNodeHandler, type NodeHandler, type NodeHandlerOptions } from "./makeNodeHandler.ts"
