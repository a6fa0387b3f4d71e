import { Fault } from '../../../src/base/errors';
import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { policyOf } from '../../../src/deidentification/policy-of';
import { bytesElement, type DataElement, type DataSet, newDataSet, textElement } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { verifierOf } from '../../../src/verification/verifier-of';
import { EXPLICIT_LE, emptyElement, instance, nested, pseudonyms } from '../../support/deidentification-samples';

/** What should not be in an instance and is: each has a defined outcome, and no name leaves whichever it is. */

const PRESETS = ['basic', 'clinical-trial', 'research-collection', 'teaching-file'] as const;
const NAME = 'Fakesmith^Jodora';
const who = { ...pseudonyms, dateOffsetDays: -700 };

interface Outcome {
  readonly outcome: string;
  readonly reason: string | null;
  readonly result: DataSet | null;
  /** Latin-1, in lower case; what is held back leaves none. */
  readonly bytes: string;
}

/** As an instance goes: read from bytes, de-identified, verified. */
function through(preset: string, bytes: Uint8Array): Outcome {
  const policy = policyOf({ preset });
  const deidentifier = new Deidentifier(policy);
  const { header } = readPart10Bytes(bytes);
  const plan = deidentifier.plan(header);
  if (plan.verdict.outcome !== 'passed') {
    return { outcome: 'quarantined', reason: plan.verdict.reason.code, result: null, bytes: '' };
  }
  const result = deidentifier.apply(header, plan, who);
  const verdict = verifierOf(policy).verify(header, result, { pseudonyms: [who.PatientID, who.PatientName] });
  return {
    outcome: verdict.outcome,
    reason: verdict.outcome === 'passed' ? null : verdict.reason.code,
    result,
    bytes: Buffer.from(encodeDataSet(result)).toString('latin1').toLowerCase(),
  };
}

/** Elements beside those of a bare instance, which is about NAME unless it is said otherwise. */
function bytesOf(
  elements: (owner: DataSet) => readonly DataElement[],
  options: { readonly name?: string; readonly id?: string; readonly characterSet?: readonly string[] } = {},
): Uint8Array {
  return encodeDataSet(
    instance(
      (owner) => [
        textElement(owner, 0x00100010, 'PN', [options.name ?? NAME]),
        textElement(owner, 0x00100020, 'LO', [options.id ?? 'MRNFAKE7703']),
        ...elements(owner),
      ],
      options.characterSet === undefined ? {} : { characterSet: options.characterSet },
    ),
  );
}

/** An element as bytes, Explicit VR Little Endian, short form, put behind the data set. */
function stray(tag: number, vr: string, value: string): Uint8Array {
  const text = Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(text.length, 6);
  return Buffer.concat([head, text]);
}

describe.each(PRESETS)('under %s', (preset) => {
  test('a name in a number goes, and the numbers beside it stay', () => {
    const { outcome, result, bytes } = through(
      preset,
      bytesOf((owner) => [
        bytesElement(owner, 0x00180050, 'DS', Buffer.from('Fakesmith^Jodora', 'latin1')), // SliceThickness
        bytesElement(owner, 0x00280030, 'DS', Buffer.from('0.5\\0.5 ', 'latin1')), // PixelSpacing
        bytesElement(owner, 0x00200013, 'IS', Buffer.from('FAKESMITH ', 'latin1')), // InstanceNumber
        bytesElement(owner, 0x00181152, 'IS', Buffer.from('12', 'latin1')), // Exposure
      ]),
    );
    expect(outcome).toBe('passed');
    expect(bytes).not.toContain('fakesmith');
    expect(result?.string(0x00180050) ?? '').toBe('');
    expect(result?.strings(0x00280030)).toEqual(['0.5', '0.5']);
    expect(result?.string(0x00181152)).toBe('12');
  });

  test('numbers that are none and name nobody stay as they came', () => {
    const { result } = through(
      preset,
      bytesOf((owner) => [
        bytesElement(owner, 0x00180050, 'DS', Buffer.from('NaN ', 'latin1')),
        bytesElement(owner, 0x00180060, 'DS', Buffer.from('120.0000000000000000', 'latin1')),
        bytesElement(owner, 0x00180088, 'DS', Buffer.from('1.5 mm', 'latin1')),
      ]),
    );
    expect(result?.string(0x00180050)).toBe('NaN');
    expect(result?.string(0x00180060)).toBe('120.0000000000000000');
    expect(result?.string(0x00180088)).toBe('1.5 mm');
  });

  test('a value longer than its VR allows is read, and no name in it leaves', () => {
    const long = `CT head ${'of Fakesmith '.repeat(20)}`;
    const { outcome, bytes } = through(
      preset,
      bytesOf((owner) => [
        bytesElement(owner, 0x0008103e, 'LO', Buffer.from(long, 'latin1')),
        bytesElement(owner, 0x00700081, 'LO', Buffer.from(long, 'latin1')),
        bytesElement(owner, 0x00180024, 'SH', Buffer.from('Fakesmith'.repeat(9), 'latin1')),
      ]),
    );
    expect(outcome).toBe('passed');
    expect(bytes).not.toContain('fakesmith');
  });

  test('a VR that is not the one of the dictionary does not hide a name', () => {
    const { outcome, bytes } = through(
      preset,
      bytesOf((owner) => [
        bytesElement(owner, 0x00102160, 'OB', Buffer.from('Fakesmith kin   ', 'latin1')), // EthnicGroup
        bytesElement(owner, 0x00104000, 'UN', Buffer.from('Jodora Fakesmith', 'latin1')), // PatientComments
        bytesElement(owner, 0x00081090, 'UN', Buffer.from('Phantomat ', 'latin1')),
        bytesElement(owner, 0x00700081, 'UN', Buffer.from('Fakesmith, head ', 'latin1')), // ContentDescription
        bytesElement(owner, 0x00081070, 'LO', Buffer.from('Fakesmith^Jodora', 'latin1')), // OperatorsName
      ]),
    );
    expect(outcome).toBe('passed');
    expect(bytes).not.toContain('fakesmith');
  });

  test.each([
    ['Latin-1 under UTF-8', ['ISO_IR 192'], 'latin1'],
    ['UTF-8 under the default repertoire', [], 'utf8'],
    ['UTF-8 under Latin-1', ['ISO_IR 100'], 'utf8'],
  ] as const)('%s: a character set that the bytes are not in hides no name', (_, characterSet, encoding) => {
    const spell = (text: string): Uint8Array => Buffer.from(text.length % 2 === 0 ? text : `${text} `, encoding);
    const bytes = encodeDataSet(
      instance(
        (owner) => [
          bytesElement(owner, 0x00100010, 'PN', spell('Müstertest^Zoëlla')),
          bytesElement(owner, 0x0008103e, 'LO', spell('Head of Müstertest')),
          bytesElement(owner, 0x00700081, 'LO', spell('Head of Zoëlla Müstertest')),
          bytesElement(owner, 0x00181030, 'LO', spell('Schädel')), // ProtocolName
        ],
        { characterSet },
      ),
    );
    const { outcome, bytes: left } = through(preset, bytes);
    expect(outcome).toBe('passed');
    for (const part of ['stertest', 'lla']) expect(left).not.toContain(part);
  });

  test('of an attribute that is there twice no name is left', () => {
    const bytes = Buffer.concat([
      bytesOf(() => []),
      stray(0x00100010, 'PN', NAME),
      stray(0x00104000, 'LT', `Call ${NAME}`),
      stray(0x0008103e, 'LO', 'Head of Fakesmith'),
    ]);
    const { outcome, bytes: left } = through(preset, bytes);
    expect(outcome).toBe('passed');
    expect(left).not.toContain('fakesmith');
  });

  test.each(['ZZ', '  ', '??', 'Lo'])('an element of the VR "%s", which there is none, takes no name out', (vr) => {
    const bytes = Buffer.concat([bytesOf(() => []), stray(0x00104000, vr, NAME), stray(0x00200013, 'IS', '1')]);
    let left = '';
    try {
      left = through(preset, bytes).bytes;
    } catch (error) {
      // Not read: a fault with a code, by which the instance is held back.
      expect(error).toBeInstanceOf(Fault);
    }
    expect(left).not.toContain('fakesmith');
  });

  test('private attributes without a creator go', () => {
    const { outcome, result } = through(
      preset,
      bytesOf((owner) => [
        textElement(owner, 0x00191008, 'LO', [NAME]),
        textElement(owner, 0x0019100c, 'IS', ['1000']),
        textElement(owner, 0x00210010, 'LO', [NAME]), // a creator that is a name
        textElement(owner, 0x00211001, 'LO', [NAME]),
      ]),
    );
    expect(outcome).toBe('passed');
    for (const tag of [0x00191008, 0x0019100c, 0x00210010, 0x00211001]) expect(result?.has(tag)).toBe(false);
  });

  test.each(['Head^Contrast', 'Chest^Normal', 'Left^Right'])(
    '%s, whose names are clinical words, leaves as a code',
    (name) => {
      const { outcome, result } = through(
        preset,
        bytesOf(
          (owner) => [
            textElement(owner, 0x00180015, 'CS', ['HEAD']),
            textElement(owner, 0x00700081, 'LO', ['Head with contrast']),
          ],
          { name },
        ),
      );
      expect(outcome).toBe('passed');
      expect(result?.string(0x00100010)).toBe('CODE-0001^');
      // What every examination of the kind has stays: it does not tell the name.
      expect(result?.string(0x00180015)).toBe('HEAD');
    },
  );

  test('the name of somebody called Head is not in the text that names them', () => {
    const { outcome, bytes } = through(
      preset,
      bytesOf((owner) => [textElement(owner, 0x0008103e, 'LO', ['CT of Mr. Head, Contrast'])], {
        name: 'Head^Contrast',
      }),
    );
    expect(outcome).toBe('passed');
    expect(bytes).not.toContain('mr. head');
  });

  test.each(['X^Y', 'A', 'Q^'])('%s, of single letters, takes no letter out of anything', (name) => {
    const { outcome, result } = through(
      preset,
      bytesOf((owner) => [textElement(owner, 0x00700081, 'LO', ['A scan of axis Y and X'])], { name }),
    );
    expect(outcome).toBe('passed');
    expect(result?.string(0x00100010)).toBe('CODE-0001^');
    expect(result?.string(0x00700081)).toBe('A scan of axis Y and X');
  });

  test('the Patient ID 1 is replaced, and other ones stay', () => {
    const { outcome, result } = through(
      preset,
      bytesOf(
        (owner) => [
          textElement(owner, 0x00200013, 'IS', ['1']),
          textElement(owner, 0x00700081, 'LO', ['Phase 1']),
          textElement(owner, 0x00181020, 'LO', ['1']), // SoftwareVersions
        ],
        { id: '1' },
      ),
    );
    expect(outcome).toBe('passed');
    expect(result?.string(0x00100020)).toBe('CODE-0001');
    expect(result?.string(0x00200013)).toBe('1');
    expect(result?.string(0x00700081)).toBe('Phase 1');
    expect(result?.string(0x00181020)).toBe('1');
  });

  test('names in codes of a local scheme are taken out, published codes stay', () => {
    const { outcome, result, bytes } = through(
      preset,
      bytesOf((owner) => [
        nested(owner, [0x00081032], (item) => [
          textElement(item, 0x00080100, 'SH', ['FAKESMITH-1']),
          textElement(item, 0x00080102, 'SH', ['Fakesmith']),
          textElement(item, 0x00080104, 'LO', ['Head for Fakesmith']),
        ]),
        nested(owner, [0x00082218], (item) => [
          textElement(item, 0x00080100, 'SH', ['69536005']),
          textElement(item, 0x00080102, 'SH', ['SCT']),
          textElement(item, 0x00080104, 'LO', ['Head']),
        ]),
      ]),
    );
    expect(outcome).toBe('passed');
    expect(bytes).not.toContain('fakesmith');
    expect(result?.items(0x00081032)[0]?.string(0x00080104)).toContain('Head');
    expect(result?.items(0x00082218)[0]?.string(0x00080104)).toBe('Head');
  });
});

test('a tree of a thousand items within each other is refused by name, not by a full stack', () => {
  const path = Array.from({ length: 1000 }, () => 0x0040a730);
  const bare = newDataSet(EXPLICIT_LE, []);
  let inner = [textElement(bare, 0x0040a160, 'UT', [`Deep ${NAME}`])];
  for (const tag of path) {
    const held = inner;
    inner = [nested(bare, [tag], () => held)];
  }
  const bytes = bytesOf(() => [...inner, emptyElement(bare, 0x00081030, 'LO')]);
  expect(() => readPart10Bytes(bytes)).toThrow(expect.objectContaining({ code: 'NESTED_TOO_DEEP' }));
});
