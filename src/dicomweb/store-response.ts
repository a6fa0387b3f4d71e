import type { StoreVerdict } from '../session/ports';
import { type JsonDataSet, textOf } from './dicom-json-match';

/** Attributes of the Store Instances Response (PS3.18 Table 10.5.3-1, PS3.18 I.2). */
const REFERENCED_SOP_SEQUENCE = '00081199';
const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_INSTANCE_UID = '00081155';
const WARNING_REASON = '00081196';
const FAILURE_REASON = '00081197';

function itemsOf(dataSet: JsonDataSet, tag: string): readonly JsonDataSet[] {
  const items = dataSet[tag]?.Value ?? [];
  return items.filter((item): item is JsonDataSet => typeof item === 'object' && item !== null);
}

function reasonOf(item: JsonDataSet, tag: string): number | null {
  const number = Number(textOf(item, tag));
  return Number.isInteger(number) ? number : null;
}

/**
 * What the response says of each instance, by SOP Instance UID. Other Failures Sequence (0008,119A) is about parts
 * that the server could not tell apart, so it names no instance. An instance named on both sides counts as refused.
 */
export function verdictsOf(response: JsonDataSet): ReadonlyMap<string, StoreVerdict> {
  const verdicts = new Map<string, StoreVerdict>();
  for (const item of itemsOf(response, REFERENCED_SOP_SEQUENCE)) {
    const uid = textOf(item, REFERENCED_SOP_INSTANCE_UID);
    if (uid !== undefined) {
      // Orthanc writes warning 0 and failure 0 where there is none.
      verdicts.set(uid, { verdict: 'stored', warningReason: reasonOf(item, WARNING_REASON) || null });
    }
  }
  for (const item of itemsOf(response, FAILED_SOP_SEQUENCE)) {
    const uid = textOf(item, REFERENCED_SOP_INSTANCE_UID);
    if (uid !== undefined) {
      verdicts.set(uid, { verdict: 'refused', failureReason: reasonOf(item, FAILURE_REASON) });
    }
  }
  return verdicts;
}

const KEYWORD_TAGS: Readonly<Record<string, string>> = {
  ReferencedSOPSequence: REFERENCED_SOP_SEQUENCE,
  FailedSOPSequence: FAILED_SOP_SEQUENCE,
  ReferencedSOPInstanceUID: REFERENCED_SOP_INSTANCE_UID,
  WarningReason: WARNING_REASON,
  FailureReason: FAILURE_REASON,
};

/** Depth of sequences that a response has, with room to spare. */
const MAX_DEPTH = 16;

interface OpenElement {
  readonly name: string;
  readonly dataSet: Record<string, { Value: unknown[] }>;
  readonly values: unknown[];
  text: string;
}

/**
 * The Native DICOM Model (PS3.19 A.1) as far as a Store Instances Response uses it: sequences, items, single values.
 * Answers undefined where `xml` is no such document. Entities are not expanded: no attribute read here needs one.
 */
export function parseNativeModel(xml: string): JsonDataSet | undefined {
  const root: OpenElement = { name: '', dataSet: {}, values: [], text: '' };
  const open: OpenElement[] = [root];
  let found = false;
  const markup =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<![^>]*>|<(\/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
  for (const [, closing, qualified, attributes, empty, text] of xml.matchAll(markup)) {
    const top = open.at(-1)!;
    if (text !== undefined) {
      top.text += text;
      continue;
    }
    if (qualified === undefined) {
      continue;
    }
    const name = qualified.slice(qualified.indexOf(':') + 1);
    if (closing !== '/') {
      found ||= name === 'NativeDicomModel';
      const parent = open.length > MAX_DEPTH * 3 ? undefined : top;
      if (parent === undefined) {
        return undefined;
      }
      if (name === 'Item') {
        const dataSet = {};
        top.values.push(dataSet);
        open.push({ name, dataSet, values: [], text: '' });
      } else if (name === 'DicomAttribute') {
        const values: unknown[] = [];
        const tag = attributeOf(attributes, 'tag') ?? KEYWORD_TAGS[attributeOf(attributes, 'keyword') ?? ''];
        if (tag !== undefined && /^[0-9A-Fa-f]{8}$/.test(tag)) {
          top.dataSet[tag.toUpperCase()] = { Value: values };
        }
        open.push({ name, dataSet: {}, values, text: '' });
      } else {
        // NativeDicomModel and Value: what they hold belongs to what is around them.
        open.push({ name, dataSet: top.dataSet, values: top.values, text: '' });
      }
    }
    if (closing === '/' || empty === '/') {
      const at = open.findLastIndex((element) => element.name === name);
      if (at > 0) {
        const element = open[at]!;
        if (name === 'Value') {
          element.values.push(element.text.trim());
        }
        open.length = at;
      }
    }
  }
  return found ? (root.dataSet as JsonDataSet) : undefined;
}

function attributeOf(attributes: string | undefined, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes ?? '');
  return match?.[1] ?? match?.[2];
}

/** The response document of either form; undefined where it is neither. Servers do not always label it rightly. */
export function parseStoreResponse(text: string): JsonDataSet | undefined {
  const trimmed = text.replace(/^\uFEFF/, '').trimStart();
  if (trimmed.startsWith('<')) {
    return parseNativeModel(trimmed);
  }
  try {
    const json: unknown = JSON.parse(trimmed);
    const dataSet: unknown = Array.isArray(json) ? (json[0] ?? {}) : json;
    return typeof dataSet === 'object' && dataSet !== null ? (dataSet as JsonDataSet) : undefined;
  } catch {
    return undefined;
  }
}
