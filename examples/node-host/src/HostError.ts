/** Why the host does not start: one sentence with the next step. */
export class HostError extends Error {}
