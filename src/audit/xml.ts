/** One XML element. An attribute that is undefined is left out. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly children?: readonly Element[];
  readonly text?: string;
}

/** Well-formed whatever the values hold. Line breaks appear nowhere, so that any syslog receiver keeps it in one piece. */
export function xml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root)}`;
}

function element({ name, attributes = {}, children = [], text = '' }: Element): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escaped(value)}"`,
  );
  const content = children.map(element).join('') + escaped(text);
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** What XML 1.0 (2.2, Char) has no place for is shown as U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? '');
}
