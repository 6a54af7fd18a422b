/** Load that differs from its plan by no more than this is still the load that was planned. */
export const DEFAULT_MAX_DROPPED_SHARE = 0.01;
