/* oxlint-disable no-control-regex -- this module removes control characters */

/**
 * Characters outside the production `Char` of XML 1.0 (section 2.2), which are not allowed, not even as a reference; and DEL, C1 and
 * bidirectional controls, which act in a terminal or reorder a line.
 */
const NOT_IN_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

/** Removes characters that XML 1.0 does not allow, and other controls. Does not escape markup: the XML writer does. */
export function removeInvalidXml(text: string): string {
  return text.replace(NOT_IN_XML, '');
}
