/* oxlint-disable no-control-regex -- control characters are what this module is about */

/** What the production `Char` of XML 1.0 (section 2.2) leaves out: it cannot be written, not even as a reference. */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text that XML 1.0 can carry. Markup in it is still markup: what writes the XML escapes that. */
export function removeInvalidXml(text: string): string {
  return text.replace(NOT_IN_XML, '');
}
