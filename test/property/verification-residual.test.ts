import fc from 'fast-check';
import {
  bytesElement,
  type DataElement,
  type DataSet,
  lenientTextElement,
  newItem,
  sequenceElement,
} from '../../src/dicom/data-set';
import { everyTag, keywordOf } from '../../src/dicom/dictionary';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { writePart10Bytes } from '../../src/dicom/part10/write';
import { ExplicitVRLittleEndian } from '../../src/dicom/transfer-syntax';
import { VALUE_REPRESENTATIONS, type VR } from '../../src/dicom/vr';
import { Verifier } from '../../src/verification/verifier';
import { MEANT, result, SOURCE_UIDS, source } from '../unit/verification/headers';

/** As they stand in the source, and as text that holds them. */
const IDENTIFIERS: readonly string[] = [
  'Zqfamily^Zqgiven',
  'Zqfamily',
  'zqgiven ZQFAMILY',
  'Referrwell^Ada^^Dr.',
  'Operatti',
  'MRN-0047119',
  'ACC7788123',
  'Saint Fictia Infirmary',
  'FICTCT07',
  'SN-55102',
  '7 Zqstreet',
  ...Object.values(SOURCE_UIDS),
];
const CHARACTER_SETS: readonly (readonly string[])[] = [
  [],
  ['ISO_IR 100'],
  ['ISO_IR 144'],
  ['ISO_IR 192'],
  ['GB18030'],
  ['', 'ISO 2022 IR 87'],
  ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
  ['', 'ISO 2022 IR 149'],
];

/** Codes of published schemes, classes and makers have rules of their own; dates and times do not hold text for long. */
const places: readonly (readonly [tag: number, vr: VR])[] = [...everyTag()]
  .filter(
    ([tag, { vr }]) =>
      tag > 0x00080005 &&
      tag < 0x7fe00000 &&
      (tag & 0xffff) !== 0 &&
      ['text', 'bytes'].includes(VALUE_REPRESENTATIONS[vr].kind) &&
      !/SOPClass|TransferSyntax|^(CodingScheme|Context|MappingResource|ModelGroup)UID|^Manufacturer(ModelName)?$|^SOPInstanceUID$|^StudyInstanceUID$|^SeriesInstanceUID$|^PatientIdentityRemoved$/.test(
        keywordOf(tag) ?? '',
      ),
  )
  .map(([tag, { vr }]) => [tag, vr] as const);
const sequences = [...everyTag()]
  .filter(([tag, { vr }]) => vr === 'SQ' && tag > 0x00080000 && tag !== 0x00120064)
  .map(([tag]) => tag);

const place = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...places) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...([
        [0x00291010, 'UN'],
        [0x00291011, 'OB'],
        [0x00291012, 'LO'],
        [0x00291013, 'PN'],
        [0x00291014, 'UT'],
      ] as const),
    ),
  },
);
const around = fc.constantFrom('', ' ', '/', '(', '; ');

function planted(owner: DataSet, [tag, vr]: readonly [number, VR], text: string): DataElement {
  if (VALUE_REPRESENTATIONS[vr].kind === 'text') return lenientTextElement(owner, tag, vr, [text]);
  const bytes = Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1');
  return bytesElement(owner, tag, vr, bytes);
}

function nested(owner: DataSet, path: readonly number[], leaf: (item: DataSet) => DataElement): DataElement {
  const [tag, ...further] = path;
  if (tag === undefined) return leaf(owner);
  return sequenceElement(owner, tag, [newItem(owner, (item) => [nested(item, further, leaf)])]);
}

test('an identifier of the source is found wherever it is planted: any attribute, VR, character set, private block or depth', () => {
  const verifier = new Verifier({ options: new Set(['retain-safe-private']) });
  fc.assert(
    fc.property(
      fc.constantFrom(...IDENTIFIERS),
      place,
      fc.array(fc.constantFrom(...sequences), { maxLength: 3 }),
      fc.constantFrom(...CHARACTER_SETS),
      fc.boolean(),
      around,
      (identifier, where, path, characterSet, explicitVR, edge) => {
        const shape = { characterSet, explicitVR };
        const text = where[1] === 'UI' ? identifier : `${edge}${identifier}${edge}`;
        const leaking = result((owner) => [nested(owner, path, (item) => planted(item, where, text))], shape);
        const found = verifier.verify(
          source(() => [], shape),
          leaking,
          MEANT,
        );
        expect(found).toMatchObject({ outcome: 'quarantined', reason: { code: 'RESIDUAL_IDENTIFIER' } });
        expect(JSON.stringify(found)).not.toMatch(/zqfamily|0047119|4711\.|fictia/i);
      },
    ),
    { numRuns: 800 },
  );
});

test('damaged bytes make the verifier neither throw nor let pass what it could not judge', () => {
  const verifier = new Verifier();
  const whole = Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, source()));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 132, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 8,
      }),
      (damage) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of damage) bytes[at] = value;
        let damaged: DataSet;
        try {
          damaged = readPart10Bytes(bytes).header;
        } catch {
          return; // the codec's own laws
        }
        // Not de-identified at all: whatever the damage, most of the source is still there.
        expect(verifier.verify(source(), damaged, MEANT).outcome).toBe('quarantined');
        expect(['passed', 'quarantined']).toContain(verifier.verify(damaged, result(), MEANT).outcome);
      },
    ),
    { numRuns: 500 },
  );
});
