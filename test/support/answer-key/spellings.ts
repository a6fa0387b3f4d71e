/** How text may be spelled in bytes, without the codec that is under test. */

/** Latin-1 strings of the bytes, ASCII letters in lower case. */
export function spellingsOf(text: string): readonly string[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const spellings: Uint8Array[] = [
    Buffer.from(text, 'utf8'),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(text, 'latin1'),
  ];
  if (!isASCII(text)) {
    spellings.splice(3, 1); // what is beyond Latin-1 has no such spelling
    if ([...text].every((each) => each.charCodeAt(0) < 0x100)) spellings.push(Buffer.from(text, 'latin1'));
    for (const encoding of ['euc-jp', 'euc-kr', 'gb18030', 'shift_jis', 'iso-8859-5', 'iso-8859-2']) {
      const bytes = encoded(text, encoding);
      if (bytes === undefined) continue;
      spellings.push(bytes);
      // ISO 2022 IR 87 stands in G0: seven bits.
      if (encoding === 'euc-jp') spellings.push(Buffer.from(bytes.map((byte) => byte & 0x7f)));
    }
  }
  return [...new Set(spellings.map((bytes) => lower(bytes)))].filter((spelling) => spelling.length >= 2);
}

/** A-Z to a-z, byte by byte. */
export function lower(bytes: Uint8Array): string {
  const folded = Buffer.from(bytes);
  for (let at = 0; at < folded.length; at += 1) {
    if (folded[at]! >= 0x41 && folded[at]! <= 0x5a) folded[at]! += 0x20;
  }
  return folded.toString('latin1');
}

function isASCII(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

function encoded(text: string, encoding: string): Buffer | undefined {
  let table = tables.get(encoding);
  if (table === undefined) {
    table = tableOf(encoding);
    tables.set(encoding, table);
  }
  const bytes: number[] = [];
  for (const character of text) {
    const code = table.get(character);
    if (code === undefined) return undefined;
    bytes.push(...code);
  }
  return Buffer.from(bytes);
}

/** By decoding every code of one and two bytes. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, readonly number[]>();
  const learn = (...code: number[]): void => {
    const character = decoder.decode(Uint8Array.from(code));
    if ([...character].length === 1 && character !== '\ufffd' && !table.has(character)) table.set(character, code);
  };
  for (let byte = 0x20; byte < 0x100; byte += 1) learn(byte);
  if (!encoding.startsWith('iso-')) {
    for (let lead = 0x81; lead < 0xff; lead += 1) for (let trail = 0x40; trail < 0xff; trail += 1) learn(lead, trail);
  }
  return table;
}
