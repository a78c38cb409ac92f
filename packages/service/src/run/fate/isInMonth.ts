import { overlap, type Usage, type Window } from "@hpc-billing/core"

/** Whether a usage has time in the month, or its one instant. */
export const isInMonth = (usage: Usage, window: Window): boolean =>
  usage.startSeconds === usage.endSeconds
    ? window.startSeconds <= usage.startSeconds && usage.startSeconds <= window.endSeconds
    : overlap(usage, window) !== null
