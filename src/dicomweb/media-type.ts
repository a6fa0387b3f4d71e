/** A media type with its parameters, names in lower case (RFC 9110 8.3.1). */
export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;,"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;

export function parseMediaType(text: string): MediaType {
  const end = text.indexOf(';');
  const essence = (end === -1 ? text : text.slice(0, end)).trim().toLowerCase();
  const parameters = new Map<string, string>();
  if (end !== -1) {
    for (const [, name, quoted, token] of text.slice(end).matchAll(PARAMETER)) {
      const key = name!.toLowerCase();
      if (!parameters.has(key)) {
        parameters.set(key, quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1'));
      }
    }
  }
  return { essence, parameters };
}

/** The media ranges of an Accept header in the order given, those with q=0 left out (RFC 9110 12.5.1). */
export function parseAccept(text: string | undefined): readonly MediaType[] {
  if (text === undefined || text.trim() === '') {
    return [];
  }
  const ranges: MediaType[] = [];
  // Commas inside quoted strings do not separate.
  for (const [range] of text.matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g)) {
    const mediaType = parseMediaType(range);
    if (mediaType.essence !== '' && Number(mediaType.parameters.get('q') ?? '1') !== 0) {
      ranges.push(mediaType);
    }
  }
  return ranges;
}
