import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10, readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSamples, SAMPLE_DISPOSITIONS, type Sample, Seed } from '../../../src/sandbox/samples';
import { readExportSelection } from '../../../src/selection/export-selection';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { program, suiteNeeding } from '../../support/suites';
import { ct, markedIdentity, markedSeed, markedStudy, mr, sr, synthMultiframe, us } from '../../support/synth';

const SMALL = { slices: 3, rows: 32, columns: 32 };
const samples = [...generateSamples(SMALL)];
const selections = samples.filter((each) => each.SOPClassUID === KEY_OBJECT_SELECTION_DOCUMENT);
const digest = (list: readonly Sample[]) => list.map((each) => createHash('sha256').update(each.bytes).digest('hex'));
const headerOf = (sample: Sample) => readPart10Bytes(sample.bytes).header;
const named = (name: string) => samples.find((each) => each.name === name)!;

describe('generateSamples', () => {
  it('makes the same bytes of the same seed, and others of another', () => {
    expect(digest([...generateSamples(SMALL)])).toEqual(digest(samples));
    const others = new Set(digest([...generateSamples({ ...SMALL, seed: 'other' })]));
    expect(digest(samples).filter((each) => others.has(each))).toEqual([]);
  });

  it('gives every instance a name and a UID of its own, and says truly what it is', () => {
    expect(new Set(samples.map((each) => each.name)).size).toBe(samples.length);
    expect(new Set(samples.map((each) => each.SOPInstanceUID)).size).toBe(samples.length);
    for (const sample of samples) {
      const header = headerOf(sample);
      expect([0x0020000d, 0x0020000e, 0x00080016, 0x00080018].map((tag) => header.string(tag))).toEqual([
        sample.StudyInstanceUID,
        sample.SeriesInstanceUID,
        sample.SOPClassUID,
        sample.SOPInstanceUID,
      ]);
    }
  });

  it('shows three patients, one of them in two studies and one in Japanese', () => {
    const studies = new Map(samples.map((each) => [each.StudyInstanceUID, headerOf(each).string(0x00100010)]));
    expect([...studies.values()].sort()).toEqual([
      'Example^Albert^Théodore',
      'Testmann^Erika',
      'Testmann^Erika',
      'Yamada^Hanako=見本^花子=みほん^はなこ',
    ]);
  });

  it('puts the selections last, all but one of them about instances that are there', () => {
    expect(samples.slice(-selections.length)).toEqual(selections);
    const stored = new Set(samples.map((each) => each.SOPInstanceUID));
    const incomplete = selections.filter((each) =>
      readExportSelection(headerOf(each)).references.some((reference) => !stored.has(reference.SOPInstanceUID)),
    );
    expect(incomplete.map((each) => each.name)).toEqual(['example/mr-1/ko-missing/0001.dcm']);
  });

  it('lets selections of every sort wait', () => {
    const all = selections.map((each) => {
      const read = readExportSelection(headerOf(each));
      expect(read.warnings).toEqual([]);
      return [each.name, read.purpose, read.description, read.delayReasons.map(({ CodeValue }) => CodeValue)];
    });
    const { teaching, trial } = SAMPLE_DISPOSITIONS;
    expect(all).toEqual([
      ['testmann/ct-1/ko-teaching/0001.dcm', 'teaching-file', teaching, []],
      ['example/mr-1/ko-trial/0001.dcm', 'clinical-trial', trial, []],
      ['yamada/us-1/ko-teaching/0001.dcm', 'teaching-file', teaching, []],
      ['testmann/ct-2/ko-delayed/0001.dcm', 'teaching-file', teaching, ['TCE012']],
      ['example/mr-1/ko-missing/0001.dcm', 'teaching-file', teaching, []],
      ['testmann/ct-1/ko-letter/0001.dcm', 'teaching-file', teaching, []],
      ['testmann/ct-1/ko-manifest/0001.dcm', null, null, []],
    ]);
  });

  it('dates the selections as asked', () => {
    const dated = [...generateSamples({ ...SMALL, selectedOn: '20261122' })].at(-1)!;
    expect(headerOf(dated).string(0x00080023)).toBe('20261122');
  });

  it('plants the name where names hide', () => {
    const sample = named('testmann/ct-1/ct/0001.dcm');
    const { fileMeta, header } = readPart10Bytes(sample.bytes);
    expect(sample.bytes.slice(0, 128).toString()).not.toBe('');
    expect(Buffer.from(sample.bytes).toString('latin1', 0, 128)).toContain('Testmann');
    expect(fileMeta?.string(0x00020016)).toBe('TESTMANN_CT1');
    const within = (dataSet: DataSet): string => {
      const texts = dataSet.elements.flatMap((each) =>
        each.items === null ? dataSet.strings(each.tag) : each.items.map(within),
      );
      return texts.join('\n');
    };
    const places = [0x00100010, 0x00101001, 0x00081030, 0x0008103e, 0x00104000, 0x00204000, 0x00400275, 0x04000561];
    // OriginalAttributesSequence holds the name before marriage.
    for (const tag of places) {
      expect(within(header.withElements([header.element(tag)!]))).toMatch(/Testmann|Probst/);
    }
    // A public sequence sent as UN.
    expect(header.element(0x00081110)?.vr).toBe('UN');
    expect(within(header.withElements([header.element(0x00081110)!]))).toContain('Testmann');
    for (const tag of [0x00091001, 0x00091002, 0x00091004, 0x00291010]) {
      const bytes = Buffer.from(header.element(tag)!.bytes()).toString('latin1');
      expect(bytes || within(header.withElements([header.element(tag)!]))).toContain('Testmann');
    }
  });

  it('is of both explicit and implicit VR', () => {
    const syntaxes = samples.map((each) => readPart10Bytes(each.bytes).transferSyntax.uid);
    expect(new Set(syntaxes)).toEqual(new Set(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2']));
  });
});

describe('findMarks', () => {
  const kanji = PHI_MARKS.kanji;

  it.each([
    ['plain text', `x${PHI_MARKS.family}x`, PHI_MARKS.family],
    ['capitals', PHI_MARKS.family.toUpperCase(), PHI_MARKS.family],
    ['UTF-16', Buffer.from(PHI_MARKS.PatientID, 'utf16le'), PHI_MARKS.PatientID],
    ['UTF-16, big endian', Buffer.from(PHI_MARKS.PatientID, 'utf16le').swap16(), PHI_MARKS.PatientID],
    ['hexadecimal', Buffer.from(PHI_MARKS.uid).toString('hex').toUpperCase(), PHI_MARKS.uid],
    ['base64', Buffer.from(`ab${PHI_MARKS.given} and more`).toString('base64'), PHI_MARKS.given],
    ['kanji in UTF-8', kanji, kanji],
    ['kanji in JSON', `"\\u${kanji.charCodeAt(0).toString(16)}\\u${kanji.charCodeAt(1).toString(16)}"`, kanji],
    ['kanji in a URL', encodeURIComponent(kanji), kanji],
    // 徽 is row 21 cell 11 and 章 row 30 cell 47 of JIS X 0208.
    ['kanji in ISO 2022 IR 87', Buffer.from('\x1b$B5+>O\x1b(B', 'latin1'), kanji],
    ['kanji in Shift JIS', Buffer.from([0x8b, 0x4a, 0x8f, 0xcd]), kanji],
  ])('finds a mark in %s', (_spelling, input, mark) => {
    expect(findMarks(input)).toEqual([mark]);
  });

  it('finds nothing in noise, and a mark at the very end', () => {
    const random = new Seed('noise').numbers('bytes');
    const noise = Buffer.from(Array.from({ length: 1 << 20 }, () => Math.floor(random() * 256)));
    expect(findMarks(noise)).toEqual([]);
    const large = Buffer.concat([noise, Buffer.from(PHI_MARKS.family)]);
    expect(findMarks(large)).toEqual([PHI_MARKS.family]);
  });
});

describe('synthetic studies', () => {
  const study = markedStudy(markedIdentity('p2', ['', 'ISO 2022 IR 87']));
  const images = [...ct({ instances: 2 })];
  const all = [...images, ...mr({ instances: 2 }), ...us({ instances: 2 }), sr(images)];

  it('carry a mark of every kind in each instance', () => {
    const { kanji, kana, otherName, birthName, ...common } = PHI_MARKS;
    for (const sample of all) {
      const marks = findMarks(sample.bytes);
      // Acquisition staff has no place in a report.
      const expected = Object.values(common).filter((each) =>
        sample.name.includes('/sr/') ? each !== common.operator : true,
      );
      expect([sample.name, expected.filter((each) => !marks.includes(each))]).toEqual([sample.name, []]);
      expect(marks).toEqual(expect.arrayContaining([otherName, birthName]));
      expect(marks).not.toEqual(expect.arrayContaining([kanji, kana]));
    }
    const [japanese] = [...ct({ instances: 1, study })];
    expect(findMarks(japanese!.bytes)).toEqual(expect.arrayContaining([kanji, kana]));
  });

  it('have every UID below the marked root', () => {
    const uids = all.flatMap((each) => [each.StudyInstanceUID, each.SeriesInstanceUID, each.SOPInstanceUID]);
    expect(uids.filter((each) => !each.startsWith(PHI_MARKS.uid))).toEqual([]);
    expect(markedSeed('other').uid('x')).not.toBe(markedSeed().uid('x'));
  });

  it('are as many and as large as asked', () => {
    const stack = [...ct({ instances: 7, rows: 16, cols: 24 })];
    expect(stack).toHaveLength(7);
    expect(readPart10Bytes(stack[6]!.bytes).rest[0]).toMatchObject({ kind: 'bulk', length: 16 * 24 * 2 });
  });
});

describe('synthMultiframe', () => {
  it('streams exactly as many bytes as it says, the same each time', async () => {
    const sample = synthMultiframe({ frames: 5, rows: 32, cols: 48 });
    const read = async () => {
      const hash = createHash('sha256');
      let length = 0;
      for await (const chunk of sample) {
        hash.update(chunk);
        length += chunk.length;
      }
      return { length, digest: hash.digest('hex') };
    };
    const first = await read();
    expect(first.length).toBe(sample.byteLength);
    expect(await read()).toEqual(first);
  });

  it('is an instance whose pixel data is as long as its frames', async () => {
    const sample = synthMultiframe({ frames: 5, rows: 32, cols: 48 });
    const incoming = await readPart10(sample);
    expect(incoming.header.string(0x00080018)).toBe(sample.SOPInstanceUID);
    const lengths: (number | undefined)[] = [];
    for await (const part of incoming.rest) if (part.kind === 'bulk') lengths.push(part.length);
    expect(lengths).toEqual([5 * 32 * 48 * 2]);
  });
});

/** What dciodvfy says that is no fault of the samples. */
const NO_FAULT: readonly RegExp[] = [
  // It takes the second byte of 本 for a backslash (PS3.5 6.1.2.3: not within a multi-byte character).
  /PatientName\(0010,0010\)> - Bad attribute Value Multiplicity/,
];

suiteNeeding(program('dciodvfy'), 'the samples, by dciodvfy', () => {
  it.each(samples.map((each) => [each.name, each] as const))('have no error: %s', (_name, sample) => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-'));
    try {
      const path = join(folder, 'sample.dcm');
      writeFileSync(path, sample.bytes);
      const { stdout, stderr } = spawnSync('dciodvfy', ['-new', path], { encoding: 'latin1' });
      const errors = `${stdout}\n${stderr}`
        .split('\n')
        .filter((line) => line.startsWith('Error') && !NO_FAULT.some((each) => each.test(line)));
      expect(errors).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
