import fc from 'fast-check';
import { basicPolicy, Deidentifier } from '../../src/deidentification/deidentifier';
import { profileTable } from '../../src/deidentification/profile-table';
import { type DataElement, type DataSet, newItem, sequenceElement } from '../../src/dicom/data-set';
import { everyTag, lookUp } from '../../src/dicom/dictionary';
import { encodeDataSet } from '../../src/dicom/part10/write';
import type { VR } from '../../src/dicom/vr';
import { instance, markedElement, pseudonyms } from '../support/deidentification-samples';

/** Marks of text, dates, times, numbers and UIDs, as `markedText` and `markedElement` write them. */
const MARKS = ['ZZMARK', '2017', '1347', '7351', '042Y', 'zzmark'];

const listed = [...profileTable('2026d').rows].filter(([tag]) => tag >= 0x00080000);
const hidden: readonly (readonly [tag: number, vr: VR])[] = [
  ...listed.map(([tag, row]) => [tag, row.vr as VR] as const),
  [0x00091001, 'LO'],
  [0x00210010, 'LO'],
  [0x50001000, 'LO'],
  [0x60000022, 'LO'],
  [0x60004000, 'LT'],
  [0x00080999, 'LO'],
];
/** Sequences that the table does not name, and two that it replaces as a whole. */
const sequences = [
  ...[...everyTag()]
    .filter(([tag, entry]) => entry.vr === 'SQ' && tag > 0x00080000 && !profileTable('2026d').rows.has(tag))
    .map(([tag]) => tag),
  0x0040a730,
  0x0040a073,
  0x00700001,
];

interface Node {
  readonly attributes: readonly (readonly [tag: number, vr: VR])[];
  readonly below: readonly { readonly tag: number; readonly items: readonly Node[] }[];
}
const attribute = fc.constantFrom(...hidden);
/** At most three sequences deep. */
function nodes(depth: number): fc.Arbitrary<Node> {
  return fc.record({
    attributes: fc.array(attribute, { minLength: 1, maxLength: 12 }),
    below:
      depth === 0
        ? fc.constant([])
        : fc.array(
            fc.record({
              tag: fc.constantFrom(...sequences),
              items: fc.array(nodes(depth - 1), { minLength: 1, maxLength: 2 }),
            }),
            { maxLength: 2 },
          ),
  });
}
const node = nodes(3);

function built(owner: DataSet, from: Node): DataElement[] {
  const elements = new Map<number, DataElement>();
  for (const [tag, vr] of from.attributes) elements.set(tag, markedElement(owner, tag, vr));
  for (const { tag, items } of from.below) {
    elements.set(
      tag,
      sequenceElement(
        owner,
        tag,
        items.map((item) => newItem(owner, (made) => built(made, item))),
      ),
    );
  }
  return [...elements.values()];
}

const deidentifier = new Deidentifier(basicPolicy());
const SOP_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.2',
  '1.2.840.10008.5.1.4.1.1.7',
  '1.2.840.10008.5.1.4.1.1.88.33',
  '1.2.840.10008.5.1.4.1.1.11.1',
  '1.2.840.10008.5.1.4.1.1.2.1',
  '1.2.840.10008.5.1.4.1.1.481.5',
  '1.2.840.10008.5.1.4.1.1.9.1.1',
  '1.2.276.0.7230010.3.99',
];

test('no marked value of a listed attribute survives anywhere in the encoded result, whatever is nested in what', () => {
  fc.assert(
    fc.property(node, fc.constantFrom(...SOP_CLASSES), fc.boolean(), (root, SOPClassUID, explicitVR) => {
      const header = instance(
        (owner) => built(owner, root).filter(({ tag }) => tag !== 0x0020000d && tag !== 0x0020000e),
        { SOPClassUID, explicitVR },
      );
      const outcome = deidentifier.deidentify(header, pseudonyms);
      if (outcome.outcome !== 'passed')
        throw new Error(`${outcome.outcome}: ${outcome.reason.code} ${outcome.reason.message}`);
      const text = Buffer.from(encodeDataSet(outcome.value.dataSet))
        .toString('latin1')
        .replace(/2\.25\.\d+/g, '');
      expect(MARKS.filter((mark) => text.includes(mark))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('the plan lists exactly what differs: applied twice it gives the same bytes, and what it does not name stays', () => {
  fc.assert(
    fc.property(node, fc.constantFrom(...SOP_CLASSES), (root, SOPClassUID) => {
      const header = instance((owner) => built(owner, root), { SOPClassUID });
      const plan = deidentifier.plan(header);
      fc.pre(plan.verdict.outcome === 'passed');
      const first = deidentifier.apply(header, plan, pseudonyms);
      expect(Buffer.compare(encodeDataSet(first), encodeDataSet(deidentifier.apply(header, plan, pseudonyms)))).toBe(0);
      const touched = new Set(plan.changes.map((change) => change.path.slice(0, 8)));
      for (const element of header.elements) {
        const path = element.tag.toString(16).toUpperCase().padStart(8, '0');
        if (!touched.has(path)) expect(first.element(element.tag)).toBe(element);
      }
    }),
    { numRuns: 200 },
  );
});

test('every attribute of the dictionary goes through without a fault', () => {
  for (const [tag] of everyTag()) {
    if (tag < 0x00080000 || tag >= 0x7fe00000) continue;
    const { vr } = lookUp(tag)!;
    const header = instance((owner) => [markedElement(owner, tag, vr)]);
    const outcome = deidentifier.deidentify(header, pseudonyms);
    if (outcome.outcome !== 'passed') {
      expect([tag.toString(16), outcome.reason.code]).toEqual([
        expect.stringMatching(/^(80016|41220)$/),
        expect.any(String),
      ]);
    }
  }
});
