/** One match of a search, one instance's metadata or one response in the DICOM JSON Model (PS3.18 F). */
export type JsonDataSet = Readonly<
  Record<string, { readonly vr?: string; readonly Value?: readonly unknown[] } | undefined>
>;

/** First value of an attribute as text, without padding; undefined where absent or empty. `tag` as `0020000D`. */
export function textOf(dataSet: JsonDataSet, tag: string): string | undefined {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value !== 'string' && typeof value !== 'number') {
    return undefined;
  }
  // UIDs are padded with NUL, other text with spaces; not every server takes the padding off.
  const text = String(value)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  return text === '' ? undefined : text;
}

export function isJsonDataSet(value: unknown): value is JsonDataSet {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([tag, element]) => /^[0-9A-Fa-f]{8}$/.test(tag) && typeof element === 'object' && element !== null,
    )
  );
}
