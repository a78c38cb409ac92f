/** Why the plugin does not start: where, what and the next step, in one sentence. Backstage shows it and ends the backend. */
export class StartProblem extends Error {}
