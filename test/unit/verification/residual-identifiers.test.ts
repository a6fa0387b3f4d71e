import {
  bytesElement,
  lenientTextElement,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../../../src/dicom/data-set';
import { Verifier } from '../../../src/verification/verifier';
import { code, type Elements, MEANT, NEW_UIDS, result, type Shape, SOURCE_UIDS, source } from './headers';

const verifier = new Verifier();

interface Case {
  readonly what: string;
  readonly leak: Elements;
  /** In the source beside, or in place of, what it has anyway. */
  readonly known?: Elements;
  readonly shape?: Shape;
  readonly path?: string;
}

const description =
  (text: string): Elements =>
  (owner) => [textElement(owner, 0x0008103e, 'LO', [text])];
const comment =
  (text: string): Elements =>
  (owner) => [textElement(owner, 0x00204000, 'LT', [text])];
const raw =
  (text: Uint8Array | string): Elements =>
  (owner) => [
    bytesElement(
      owner,
      0x00420011,
      'OB',
      typeof text === 'string' ? Buffer.from(`${text}${text.length % 2 ? ' ' : ''}`, 'latin1') : text,
    ),
  ];
const named =
  (name: string): Elements =>
  (owner) => [lenientTextElement(owner, 0x00100010, 'PN', [name])];

function verdict({ leak, known, shape = {} }: Case) {
  return verifier.verify(source(known, shape), result(leak, shape), MEANT);
}

const LEAKS: readonly Case[] = [
  { what: 'a family name in a description', leak: description('CT Zqfamily Head'), path: '0008103E' },
  { what: 'a given name in other case', leak: description('for ZQGIVEN only') },
  { what: 'a name joined by underscores and digits', leak: description('HEAD_ZQFAMILY_01') },
  { what: 'a name written without a space', leak: description('ZqgivenZqfamily') },
  {
    what: 'a name in an attribute for codes',
    leak: (owner) => [lenientTextElement(owner, 0x00180015, 'CS', ['ZQFAMILY'])],
  },
  { what: 'a name in a number', leak: (owner) => [lenientTextElement(owner, 0x00180050, 'DS', ['Zqfamily'])] },
  {
    what: 'a whole name in a published meaning, clinical words beside it',
    leak: (owner) => [
      sequenceElement(owner, 0x00082218, [
        newItem(owner, (item) => code(item, '121060', 'DCM', 'History of Zqgiven Zqfamily')),
      ]),
    ],
  },
  {
    what: 'a name in the name of another person',
    leak: (owner) => [textElement(owner, 0x00081050, 'PN', ['Zqfamily^Somebody'])],
  },
  {
    what: 'a name in a published code',
    leak: (owner) => [
      sequenceElement(owner, 0x00082218, [
        newItem(owner, (item) => code(item, '69536005', 'SCT', 'Head of Zqgiven Zqfamily ACC7788123')),
      ]),
    ],
  },
  {
    what: 'a name in a code of the house',
    leak: (owner) => [
      sequenceElement(owner, 0x00082218, [newItem(owner, (item) => code(item, 'X1', '99HOUSE', 'Protocol Operatti'))]),
    ],
    path: '00082218/0/00080104',
  },
  {
    what: 'a name in items of items',
    leak: (owner) => [
      sequenceElement(owner, 0x00400275, [
        newItem(owner, (item) => [
          sequenceElement(item, 0x00400008, [
            newItem(item, (inner) => [textElement(inner, 0x00080104, 'LO', ['see Referrwell'])]),
          ]),
        ]),
      ]),
    ],
    path: '00400275/0/00400008/0/00080104',
  },
  { what: 'a name in bytes', leak: raw('....Zqfamily....') },
  {
    what: 'a name in bytes that are no text around it',
    leak: raw(
      Buffer.concat([Buffer.from([0xff, 0xd8, 0x00, 0x90]), Buffer.from('Zqfamily'), Buffer.from([0x81, 0xfe])]),
    ),
  },
  { what: 'a name in bytes of two a character', leak: raw(Buffer.from('to Zqfamily', 'utf16le')) },
  {
    what: 'a name in bytes of two a character, high one first',
    leak: raw(Buffer.from('to Zqfamily', 'utf16le').swap16()),
  },
  {
    what: 'a name in an unknown value',
    leak: (owner) => [bytesElement(owner, 0x00189999, 'UN', Buffer.from('Zqfamily^Zqgiven'))],
  },
  {
    what: 'a name in an array of numbers',
    leak: (owner) => [
      numberElement(
        owner,
        0x00281201,
        'US',
        [...'    Zqfamily    '].map((letter) => letter.charCodeAt(0)),
      ),
    ],
  },
  {
    what: 'a name with diacritics written without',
    known: named('Qüantö^Zé'),
    leak: description('Quanto'),
    shape: { characterSet: ['ISO_IR 100'] },
  },
  {
    what: 'a name without diacritics written with them',
    known: named('Quanto^Ze'),
    leak: description('QÜANTÖ'),
    shape: { characterSet: ['ISO_IR 100'] },
  },
  {
    what: 'a name with umlauts transcribed',
    known: named('Füctius^Zé'),
    leak: description('Fuectius'),
    shape: { characterSet: ['ISO_IR 100'] },
  },
  {
    what: 'an ideographic name',
    known: named('Zqa^Zqb=徽章^試作=きしょう^しさく'),
    leak: description('頭部徽章様'),
    shape: { characterSet: ['', 'ISO 2022 IR 87'] },
  },
  {
    what: 'a phonetic name',
    known: named('Zqa^Zqb=徽章^試作=きしょう^しさく'),
    leak: comment('きしょう'),
    shape: { characterSet: ['', 'ISO 2022 IR 87'] },
  },
  {
    what: 'an ideographic name of one character each',
    known: named('Zqa^Zqb=王^芳'),
    leak: description('王芳 头'),
    shape: { characterSet: ['GB18030'] },
  },
  {
    what: 'a Korean name',
    known: named('Zqa^Zqb=洪^吉洞=홍^길동'),
    leak: description('홍길동'),
    shape: { characterSet: ['', 'ISO 2022 IR 149'] },
  },
  {
    what: 'a Cyrillic name in other case',
    known: named('Выдуманов^Фиктив'),
    leak: description('ВЫДУМАНОВ'),
    shape: { characterSet: ['ISO_IR 144'] },
  },
  {
    what: 'a name as UTF-8 in bytes of an instance in Latin-1',
    known: named('Zqüfamily^X'),
    leak: raw(Buffer.from('a Zqüfamily.', 'utf8')),
    shape: { characterSet: ['ISO_IR 100'] },
  },
  {
    what: 'a name that is a word of the trade, as a name',
    known: named('Head^Contrast'),
    leak: (owner) => [textElement(owner, 0x00081050, 'PN', ['Head^Somebody'])],
  },
  {
    what: 'a name that is a word of the trade, beside the given name',
    known: named('Head^Zqzq'),
    leak: description('CT of Zqzq, Head'),
  },
  { what: 'a short name beside the other', known: named('Li^Na'), leak: description('scan of Li, Na') },
  {
    what: 'a name of three letters as a name',
    known: named('Kim^Oz'),
    leak: (owner) => [textElement(owner, 0x00081050, 'PN', ['Kim^A'])],
  },
  { what: 'the Patient ID within a text', leak: description('ID:MRN-0047119;') },
  { what: 'the Patient ID without its hyphen', leak: description('mrn0047119') },
  { what: 'a numeric ID', leak: description('No 88123457') },
  { what: 'a numeric ID in a number', leak: (owner) => [textElement(owner, 0x00200013, 'IS', ['88123457'])] },
  {
    what: 'a Patient ID of one character where it was',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['1'])],
    leak: (owner) => [textElement(owner, 0x00100020, 'LO', ['1'])],
  },
  { what: 'an accession number', leak: comment('order ACC7788123 done') },
  {
    what: 'an ID of an item of the source',
    known: (owner) => [
      sequenceElement(owner, 0x00101002, [
        newItem(owner, (item) => [textElement(item, 0x00100020, 'LO', ['ZZ991177'])]),
      ]),
    ],
    leak: comment('ZZ991177'),
  },
  { what: 'the institution with other separators', leak: description('saint-fictia  infirmary') },
  { what: 'a name among several makers', leak: (owner) => [textElement(owner, 0x00080070, 'LO', ['Zqfamily', 'X'])] },
  { what: 'the station', leak: (owner) => [textElement(owner, 0x00181020, 'LO', ['v1 FICTCT07'])] },
  {
    what: 'a department of common words where it was',
    known: (owner) => [textElement(owner, 0x00081040, 'LO', ['Radiology'])],
    leak: (owner) => [textElement(owner, 0x00081040, 'LO', ['Radiology'])],
  },
  {
    what: 'the serial number of the device',
    leak: (owner) => [textElement(owner, 0x00187006, 'LT', ['SN-55102, warm'])],
  },
  { what: 'a line of the address', leak: comment('lives 7 Zqstreet') },
  { what: 'the telephone number in other groups', leak: comment('call 99-555-0147-88') },
  { what: 'the birth date', leak: (owner) => [textElement(owner, 0x00080022, 'DA', ['19570913'])] },
  { what: 'the birth date with a time', leak: (owner) => [textElement(owner, 0x0008002a, 'DT', ['19570913120000'])] },
  { what: 'the birth date as people write it', leak: description('born 13.09.1957') },
  { what: 'the birth date with a month in letters', leak: description('13-Sep-1957') },
  { what: 'a UID', leak: (owner) => [textElement(owner, 0x00081155, 'UI', [SOURCE_UIDS.SOPInstanceUID])] },
  {
    what: 'a UID of many values',
    leak: (owner) => [textElement(owner, 0x00081155, 'UI', ['2.25.1', SOURCE_UIDS.SeriesInstanceUID])],
  },
  { what: 'a UID in a text', leak: comment(`see ${SOURCE_UIDS.StudyInstanceUID}.`) },
  {
    what: 'a UID in a URL',
    leak: (owner) => [
      textElement(owner, 0x0040e010, 'UR', [`http://x.invalid/studies/${SOURCE_UIDS.StudyInstanceUID}/series`]),
    ],
  },
  {
    what: 'a UID with something appended',
    leak: (owner) => [textElement(owner, 0x00081155, 'UI', [`${SOURCE_UIDS.StudyInstanceUID}.77`])],
  },
  { what: 'a UID in bytes', leak: raw(`\x01\x02${SOURCE_UIDS.FrameOfReferenceUID}\x00`) },
];

test.each(LEAKS)('found: $what', (each) => {
  const found = verdict(each);
  expect(found).toMatchObject({ outcome: 'quarantined', reason: { code: 'RESIDUAL_IDENTIFIER' } });
  if (each.path !== undefined) expect(found.findings[0]?.path).toBe(each.path);
  expect(JSON.stringify(found)).not.toMatch(/zq|0047119|ACC77|4711|fictia|19570913/i);
});

const TRAPS: readonly Case[] = [
  { what: 'a clean result', leak: () => [] },
  {
    what: 'a word of the trade that is a name, in text',
    known: named('Head^Contrast'),
    leak: description('Head w/o Contrast'),
  },
  { what: 'a word of the trade that is a name, in a coded attribute', known: named('Head^Axial'), leak: () => [] },
  { what: 'a name within a longer word', known: named('Ness^Zqzqzq'), leak: description('Wellness') },
  { what: 'a name of three letters in text', known: named('Lee^Oz'), leak: description('lee side') },
  {
    what: 'a name in a published meaning',
    known: named('Chiarix^A'),
    leak: (owner) => [
      sequenceElement(owner, 0x00082218, [
        newItem(owner, (item) => code(item, '253184003', 'SCT', 'Chiarix malformation')),
      ]),
    ],
  },
  {
    what: 'the pseudonym, though it holds an ID',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['P7K3M9X2'])],
    leak: () => [],
  },
  {
    what: 'an ID that is part of a number',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['35156'])],
    leak: () => [],
  },
  {
    what: 'an ID that is the end of a longer one',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['12345'])],
    leak: description('v 9912345'),
  },
  {
    what: 'an ID that is part of a new UID',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['100000'])],
    leak: () => [],
  },
  {
    what: 'an ID that is a number of the image',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['512000'])],
    leak: (owner) => [textElement(owner, 0x00181152, 'IS', ['512000'])],
  },
  {
    what: 'an ID that is a code value',
    known: (owner) => [textElement(owner, 0x00200010, 'SH', ['69536005'])],
    leak: (owner) => [
      sequenceElement(owner, 0x00082218, [newItem(owner, (item) => code(item, '69536005', 'SCT', 'Head'))]),
    ],
  },
  {
    what: 'an ID that is a word of the trade',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['PHANTOM'])],
    leak: description('phantom'),
  },
  {
    what: 'an ID of one character elsewhere',
    known: (owner) => [textElement(owner, 0x00100020, 'LO', ['1'])],
    leak: description('1'),
  },
  {
    what: 'placeholders for names',
    known: named('Anonymous^Patient'),
    leak: (owner) => [textElement(owner, 0x00081050, 'PN', ['Anonymous^Patient'])],
  },
  {
    what: 'a department of common words in text',
    known: (owner) => [textElement(owner, 0x00081040, 'LO', ['Radiology'])],
    leak: description('Radiology'),
  },
  {
    what: 'a maker that is its own institution',
    known: (owner) => [textElement(owner, 0x00080080, 'LO', ['Made-up Scanners'])],
    leak: () => [],
  },
  {
    what: 'a class that DICOM registered',
    leak: (owner) => [textElement(owner, 0x00081150, 'UI', ['1.2.840.10008.5.1.4.1.1.4'])],
  },
  {
    what: 'a private class that is referred to as such',
    known: (owner) => [textElement(owner, 0x00081150, 'UI', ['1.2.276.0.99.7.8.9'])],
    leak: (owner) => [textElement(owner, 0x00081150, 'UI', ['1.2.276.0.99.7.8.9'])],
  },
  { what: 'a UID that only begins like one', leak: comment(`${SOURCE_UIDS.StudyInstanceUID}5`) },
  {
    what: 'a short UID that looks like a version',
    known: (owner) => [textElement(owner, 0x00080014, 'UI', ['1.2.3.4'])],
    leak: (owner) => [textElement(owner, 0x00181020, 'LO', ['1.2.3.4'])],
  },
  {
    what: 'a birth date that is the dummy',
    known: (owner) => [textElement(owner, 0x00100030, 'DA', ['19000101'])],
    leak: (owner) => [textElement(owner, 0x00080020, 'DA', ['19000101'])],
  },
  {
    what: 'letters that random bytes spell',
    known: named('Quux^Zqzqzq'),
    leak: raw(Buffer.from([0xff, 0x01, 0x51, 0x75, 0x75, 0x78, 0x02, 0x9c])),
  },
];

test.each(TRAPS)('not taken for a leak: $what', (each) => {
  expect(verdict(each)).toEqual({ outcome: 'passed', value: null, findings: [] });
});

describe('what the policy keeps on purpose', () => {
  const cases = [
    ['retain-uids', (owner) => [textElement(owner, 0x00081155, 'UI', [SOURCE_UIDS.SOPInstanceUID])]],
    ['retain-device-identity', (owner) => [textElement(owner, 0x00081010, 'SH', ['FICTCT07'])]],
    ['retain-institution-identity', (owner) => [textElement(owner, 0x00080080, 'LO', ['Saint Fictia Infirmary'])]],
    ['retain-longitudinal-full-dates', (owner) => [textElement(owner, 0x00080020, 'DA', ['19570913'])]],
    ['retain-longitudinal-modified-dates', (owner) => [textElement(owner, 0x00080020, 'DA', ['19570913'])]],
  ] as const satisfies readonly (readonly [string, Elements])[];

  test.each(cases)('%s', (option, kept) => {
    expect(verifier.verify(source(), result(kept), MEANT).outcome).toBe('quarantined');
    const knowing = new Verifier({ options: new Set([option]) });
    expect(knowing.verify(source(), result(kept), MEANT).outcome).toBe('passed');
    expect(
      knowing.verify(
        source(),
        result((owner) => [...kept(owner), ...comment('Zqfamily')(owner)]),
        MEANT,
      ).outcome,
    ).toBe('quarantined');
  });

  test('a station called as the patient stays so where stations stand, and nowhere else', () => {
    const station: Elements = (owner) => [textElement(owner, 0x00081010, 'SH', ['ZQFAMILY'])];
    const knowing = new Verifier({ options: new Set(['retain-device-identity']) });
    const verdictOn = (...left: readonly Elements[]) =>
      knowing.verify(
        source(station),
        result((owner) => left.flatMap((each) => each(owner))),
        MEANT,
      ).outcome;
    expect(verdictOn(station)).toBe('passed');
    expect(verdictOn(station, (owner) => [textElement(owner, 0x00280301, 'CS', ['ZQFAMILY'])])).toBe('quarantined');
  });

  test('an attribute that the project keeps by name', () => {
    const knowing = new Verifier({ keptAttributes: new Set([0x00081010]) });
    const kept: Elements = (owner) => [textElement(owner, 0x00081010, 'SH', ['FICTCT07'])];
    expect(knowing.verify(source(), result(kept), MEANT).outcome).toBe('passed');
  });
});

test('one verifier judges instances of different patients one after the other', () => {
  const other = source((owner) => [textElement(owner, 0x00100010, 'PN', ['Otherone^Zz'])]);
  expect(verifier.verify(source(), result(description('Otherone')), MEANT).outcome).toBe('passed');
  expect(verifier.verify(other, result(description('Otherone')), MEANT).outcome).toBe('quarantined');
  expect(verifier.verify(other, result(description('Zqfamily')), MEANT).outcome).toBe('passed');
  expect(verifier.verify(source(), result(description('Zqfamily')), MEANT).outcome).toBe('quarantined');
});

test('a verifier that fails holds back, and says nothing of the value it failed on', () => {
  const broken = new Proxy(result(), {
    get(target, property) {
      if (property === 'elements') throw new Error('Zqfamily');
      return Reflect.get(target, property, target);
    },
  });
  const found = verifier.verify(source(), broken, MEANT);
  expect(found).toMatchObject({ outcome: 'quarantined', reason: { code: 'VERIFIER_FAILED' } });
  expect(JSON.stringify(found)).not.toContain('Zqfamily');
  expect(verifier.verify(source(), result(), MEANT).outcome).toBe('passed');
});

test('new UIDs are valid for these tests', () => {
  expect(Object.values(NEW_UIDS).every((uid) => uid.length <= 64)).toBe(true);
});
