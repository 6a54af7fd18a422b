/**
 * The fields of a CSV row (RFC 4180), which may hold line breaks between quotes. Used in k6 too (`definition/plain.ts`): imports
 * nothing of Node.
 * @param row without the line feed at its end; a carriage return there is left out
 * @returns undefined for quotes in the wrong place
 */
export function csvFields(row: string, separator = ','): string[] | undefined {
  const text = row.endsWith('\r') ? row.slice(0, -1) : row;
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      for (;;) {
        const end = text.indexOf('"', at + 1);
        if (end < 0) return undefined;
        field += text.slice(at + 1, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
      if (at < text.length && text[at] !== separator) return undefined;
    } else {
      const end = text.indexOf(separator, at);
      field = text.slice(at, end < 0 ? text.length : end);
      if (field.includes('"')) return undefined;
      at += field.length;
    }
    fields.push(field);
    if (at >= text.length) return fields;
    at++;
  }
}
