/**
 * Most check names counted separately per scenario. Limited, because names that contain an id would grow without bound.
 */
export const MAX_CHECKS = 1000;
/** Name under which further checks are counted. */
export const OTHER_CHECKS = '(other checks)';
