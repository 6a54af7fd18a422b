/* oxlint-disable no-control-regex -- this module removes control characters */

/** Characters outside the production `Char` of XML 1.0 (section 2.2): not allowed, not even as a reference. */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Removes characters that XML 1.0 does not allow. Does not escape markup: the XML writer does. */
export function removeInvalidXml(text: string): string {
  return text.replace(NOT_IN_XML, '');
}
