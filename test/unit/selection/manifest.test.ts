import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet, writePart10Bytes } from '../../../src/dicom/part10/write';
import { CT_IMAGE } from '../../../src/dicom/sop-class';
import { ExplicitVRLittleEndian } from '../../../src/dicom/transfer-syntax';
import { ProjectKey } from '../../../src/pseudonymization/project-key';
import { dataSetOf } from '../../../src/sandbox/samples/notation';
import { type ExportSelection, readExportSelection } from '../../../src/selection/export-selection';
import { buildManifest, buildManifestSet, buildManifests, type ManifestContext } from '../../../src/selection/manifest';
import { valueTypeOf } from '../../../src/selection/reference-value-types';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import {
  identicalSelections,
  presentationState,
  realWorldValueMap,
  reference,
  seed,
  selection,
  TEACHING,
} from './selections';

const key = ProjectKey.of(new Uint8Array(32).fill(7));
const uid = (source: string) => key.uid(source);
const context: ManifestContext = {
  uid,
  PatientID: 'S-0001',
  PatientName: 'S-0001',
  contentDate: '19000101',
  contentTime: '000000',
  description: 'Teaching collection',
  deidentificationMethod: 'TCE Export Manager, PS3.15 2026d',
  methodCodes: [],
};

const read = (options: Parameters<typeof selection>[0] = {}) => readExportSelection(selection(options));
const reread = (manifest: DataSet) => readExportSelection(manifest);
const contentOf = (manifest: DataSet) => manifest.items(0x0040a730);
const conceptName = (item: DataSet) => item.items(0x0040a043)[0]?.string(0x00080100);
const bytesOf = (manifest: DataSet) => Buffer.from(encodeDataSet(manifest));

describe('buildManifest', () => {
  it('writes title, disposition and references back under new UIDs, in the same order', () => {
    const references = [reference('a.2.1'), reference('a.1.2'), reference('a.1.1', { frames: [2] })];
    const manifest = buildManifest(read({ references, description: 'whatever was typed' }), context);
    expect(reread(manifest)).toEqual({
      documentTitle: TEACHING,
      purpose: 'teaching-file',
      description: 'Teaching collection',
      delayReasons: [],
      modifiers: [],
      language: { CodeValue: 'eng', CodingSchemeDesignator: 'ISO639_2', CodeMeaning: 'English' },
      references: references.map((each) => ({
        StudyInstanceUID: uid(each.StudyInstanceUID),
        SeriesInstanceUID: uid(each.SeriesInstanceUID),
        SOPClassUID: each.SOPClassUID,
        SOPInstanceUID: uid(each.SOPInstanceUID),
        frames: each.frames ?? [],
        valueType: 'IMAGE',
        attached: [],
      })),
      identicalDocuments: [],
      warnings: [],
      dates: { contentDate: context.contentDate, contentTime: context.contentTime, studyDate: '', studyTime: '' },
      source: {
        StudyInstanceUID: uid(seed.uid('p1/a')),
        SeriesInstanceUID: uid(selection().string(0x0020000e)!),
        SOPInstanceUID: uid(selection().string(0x00080018)!),
        PatientID: 'S-0001',
        IssuerOfPatientID: '',
      },
    });
  });

  it('lets nothing of the received document slip through', () => {
    const PHI = `${PHI_MARKS.family} ${PHI_MARKS.PatientID}`;
    const received = read({
      title: { ...TEACHING, CodeMeaning: PHI },
      modifiers: [
        { CodeValue: '113014', CodingSchemeDesignator: 'DCM', CodeMeaning: PHI },
        { CodeValue: PHI_MARKS.order, CodingSchemeDesignator: '99LOCAL', CodeMeaning: PHI },
      ],
      language: { CodeValue: 'deu', CodingSchemeDesignator: 'ISO639_2', CodeMeaning: PHI },
      description: PHI,
    });
    const manifest = buildManifest(received, context);
    expect(findMarks(encodeDataSet(manifest))).toEqual([]);
    expect(bytesOf(manifest).includes('musterstadt')).toBe(false);
    expect(reread(manifest)).toMatchObject({
      documentTitle: TEACHING,
      modifiers: [{ CodeValue: '113014', CodeMeaning: 'Study' }],
      language: { CodeValue: 'deu', CodeMeaning: 'German' },
    });
  });

  it('has no request, no observer, and no place to retrieve from', () => {
    const manifest = buildManifest(read(), context);
    expect(manifest.has(0x0040a370)).toBe(false);
    const relationships = contentOf(manifest).map((item) => item.string(0x0040a010));
    expect(relationships).not.toContain('HAS OBS CONTEXT');
    const series = manifest.items(0x0040a375)[0]!.items(0x00081115)[0]!;
    expect(series.elements.map(({ tag }) => tag)).toEqual([0x00081199, 0x0020000e]);
  });

  it('says that and how identity was removed', () => {
    const pixel = { CodeValue: '113101', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Clean Pixel Data Option' };
    const basic = { CodeValue: '113100', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Basic' };
    const manifest = buildManifest(read(), { ...context, methodCodes: [basic, pixel] });
    expect(manifest.string(0x00120062)).toBe('YES');
    expect(manifest.string(0x00120063)).toBe(context.deidentificationMethod);
    expect(manifest.items(0x00120064).map((item) => item.string(0x00080100))).toEqual(['113100', '113104', '113101']);
    expect(manifest.string(0x00280303)).toBe('REMOVED');
  });

  it('strips delay reasons: what leaves waits for nothing', () => {
    const TCE012 = { CodeValue: 'TCE012', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'wait' };
    const manifest = buildManifest(read({ delayReasons: [TCE012] }), context);
    expect(contentOf(manifest).map(conceptName)).not.toContain('113011');
  });

  it('orders its content as TID 2010 does: modifiers, language, description, references', () => {
    const study = { CodeValue: '113014', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Study' };
    const manifest = buildManifest(read({ modifiers: [study] }), context);
    expect(contentOf(manifest).map((item) => conceptName(item) ?? item.string(0x0040a040))).toEqual([
      '113011',
      '121049',
      '113012',
      'IMAGE',
      'IMAGE',
    ]);
  });

  it('leaves the description out where there is none to give', () => {
    const manifest = buildManifest(read({ description: 'free text' }), { ...context, description: null });
    expect(contentOf(manifest).map(conceptName)).not.toContain('113012');
  });

  it('keeps attached presentation states and Real World Value maps nested, and in the evidence', () => {
    const image = reference('a.1.1', { attached: [presentationState, realWorldValueMap] });
    const manifest = buildManifest(read({ references: [image] }), context);
    const images = contentOf(manifest).filter((item) => item.has(0x00081199));
    expect(images).toHaveLength(1);
    const nested = images[0]!.items(0x00081199)[0]!;
    expect(nested.items(0x00081199)[0]?.string(0x00081155)).toBe(uid(presentationState.SOPInstanceUID));
    expect(nested.items(0x0008114b)[0]?.string(0x00081155)).toBe(uid(realWorldValueMap.SOPInstanceUID));
    expect(reread(manifest).warnings).toEqual([]);
    expect(reread(manifest).references).toHaveLength(3);
  });

  it('makes content and evidence equal where the received ones were not', () => {
    const received = read({ references: [reference('a.1.2')], evidence: [reference('a.1.1'), reference('a.1.2')] });
    const again = reread(buildManifest(received, context));
    expect(again.warnings).toEqual([]);
    expect(again.references.map((each) => each.SOPInstanceUID)).toEqual(
      [reference('a.1.2'), reference('a.1.1')].map((each) => uid(each.SOPInstanceUID)),
    );
    expect(again.references[1]?.valueType).toBe('IMAGE');
  });

  it.each([
    ['IHERADTF', 'TCE001'],
    ['DCM', '128710'],
  ] as const)('writes the title in the scheme %s where the Receiver knows only that', (titleCodes, CodeValue) => {
    const title = { CodeValue, CodingSchemeDesignator: titleCodes, CodeMeaning: 'For Teaching File Export' };
    expect(reread(buildManifest(read(), { ...context, titleCodes })).documentTitle).toEqual(title);
  });

  it('leaves a general title as it came, whatever export titles the Receiver knows', () => {
    const title = { CodeValue: '113004', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching' };
    const manifest = buildManifest(read({ title }), { ...context, titleCodes: 'IHERADTF' });
    expect(reread(manifest).documentTitle).toEqual(title);
  });

  it('keeps the meaning of a title verbatim where only case and spaces differ from the standards', () => {
    const title = { ...TEACHING, CodeMeaning: 'for teaching  file EXPORT' };
    const { documents, warnings } = buildManifestSet(read({ title }), context);
    expect(reread(documents[0]!).documentTitle).toEqual(title);
    expect(warnings).toEqual([]);
  });

  it('says so where it rewords or leaves out what was received, without a word of it', () => {
    const { documents, warnings } = buildManifestSet(
      read({
        title: { ...TEACHING, CodeMeaning: PHI_MARKS.family },
        modifiers: [{ CodeValue: PHI_MARKS.order, CodingSchemeDesignator: '99LOCAL', CodeMeaning: PHI_MARKS.family }],
        language: { CodeValue: PHI_MARKS.order, CodingSchemeDesignator: '99LOCAL', CodeMeaning: PHI_MARKS.family },
      }),
      context,
    );
    expect(warnings.map(({ code }) => code)).toEqual(['TITLE_REWORDED', 'MODIFIER_LEFT_OUT', 'LANGUAGE_REPLACED']);
    expect(findMarks(JSON.stringify(warnings))).toEqual([]);
    expect(reread(documents[0]!).documentTitle).toEqual(TEACHING);
  });

  it('refuses a title whose meaning it cannot vouch for, unless the project says what it exports for', () => {
    const title = { CodeValue: 'X', CodingSchemeDesignator: '99LOCAL', CodeMeaning: PHI_MARKS.family };
    const local = read({ title });
    expect(() => buildManifest(local, context)).toThrow(expect.objectContaining({ code: 'UNKNOWN_DOCUMENT_TITLE' }));
    expect(reread(buildManifest(local, { ...context, purpose: 'teaching-file' })).documentTitle).toEqual({
      ...title,
      CodeMeaning: 'For Teaching File Export',
    });
  });

  it('refuses references that nobody has placed', () => {
    const unplaced = read({ evidence: [reference('a.1.1')] });
    expect(() => buildManifest(unplaced, context)).toThrow(expect.objectContaining({ code: 'UNPLACED_REFERENCE' }));
  });

  it('has the patient and the study as the instances of the set have them', () => {
    const study = { studyDate: '19000101', studyTime: '000000', studyID: 'ANONYMIZED' };
    const manifest = buildManifest(read(), { ...context, ...study });
    const tags = [0x00100010, 0x00100020, 0x00080020, 0x00080030, 0x00200010, 0x00080050, 0x00100030];
    expect(tags.map((tag) => manifest.strings(tag))).toEqual([
      ['S-0001^'],
      ['S-0001'],
      ['19000101'],
      ['000000'],
      ['ANONYMIZED'],
      [],
      [],
    ]);
  });

  it('has patient, study and trial as an instance of the study has them, in its own encoding', () => {
    const instance = dataSetOf(
      {
        PatientName: 'S-0001^Köln=鈴木',
        PatientID: 'S-0001',
        PatientSex: 'F',
        PatientAge: '047Y',
        StudyDate: '20190304',
        StudyID: null,
        ClinicalTrialProtocolID: 'TRIAL-1',
        ReferringPhysicianName: null,
        SOPInstanceUID: '1.2.3',
        BodyPartExamined: 'HEAD',
      },
      { explicitVR: false, littleEndian: true },
      ['', 'ISO 2022 IR 100', 'ISO 2022 IR 87'],
    );
    const study = { studyDate: '19000101', studyTime: '000000', studyID: 'ANONYMIZED' };
    const manifest = buildManifest(read(), { ...context, ...study, instanceOf: () => instance });
    const again = readPart10Bytes(Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, manifest))).header;
    const tags = [0x00080005, 0x00100010, 0x00100040, 0x00101010, 0x00080020, 0x00080030, 0x00200010, 0x00120020];
    expect(tags.map((tag) => again.string(tag) ?? '')).toEqual([
      'ISO_IR 192',
      'S-0001^Köln=鈴木',
      'F',
      '047Y',
      '20190304',
      '',
      '',
      'TRIAL-1',
    ]);
    expect(again.has(0x00180015)).toBe(false);
    expect(again.string(0x00080018)).not.toBe('1.2.3');
  });

  it('names its character set only where it needs one', () => {
    expect(buildManifest(read(), context).has(0x00080005)).toBe(false);
    const disposition = 'Lehrsammlung Köln 教育';
    const manifest = buildManifest(read(), { ...context, description: disposition });
    expect(manifest.string(0x00080005)).toBe('ISO_IR 192');
    expect(reread(manifest).description).toBe(disposition);
  });

  it('is the same, byte for byte, each time', () => {
    expect(bytesOf(buildManifest(read(), context))).toEqual(bytesOf(buildManifest(read(), context)));
  });
});

describe('buildManifests', () => {
  const across = { references: [reference('b.1.1'), reference('a.1.1'), reference('b.1.2')] };
  const place = (manifest: DataSet) => reread(manifest).source;

  it('makes one manifest where one study is referenced, and it lies in that study', () => {
    const manifests = buildManifests(read({ references: [reference('b.1.1')] }), context);
    expect(manifests.map((each) => each.string(0x0020000d))).toEqual([uid(seed.uid('p1/b'))]);
    expect(manifests[0]?.has(0x0040a525)).toBe(false);
  });

  it('makes one per study, each in its own, naming the others and nothing else', () => {
    const manifests = buildManifests(read(across), context);
    expect(manifests.map((each) => each.string(0x0020000d))).toEqual([uid(seed.uid('p1/b')), uid(seed.uid('p1/a'))]);
    const [inB, inA] = manifests.map((each) => reread(each));
    const place = ({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: ExportSelection['source']) => ({
      StudyInstanceUID,
      SeriesInstanceUID,
      SOPInstanceUID,
    });
    expect(inB!.identicalDocuments).toEqual([place(inA!.source)]);
    expect(inA!.identicalDocuments).toEqual([place(inB!.source)]);
    expect(inA!.source.SeriesInstanceUID).not.toBe(inB!.source.SeriesInstanceUID);
  });

  it('gives all of them the same content and the same evidence, item for item', () => {
    const [first, second] = buildManifests(read(across), context);
    for (const tag of [0x0040a730, 0x0040a375, 0x0040a043]) {
      const only = (manifest: DataSet) => bytesOf(manifest.withElements([manifest.element(tag)!]));
      expect(only(first!)).toEqual(only(second!));
    }
  });

  it('gives the received document its own UIDs, mapped', () => {
    const manifest = buildManifest(read(across), context);
    expect(place(manifest)).toMatchObject({
      StudyInstanceUID: uid(seed.uid('p1/a')),
      SOPInstanceUID: uid(selection(across).string(0x00080018)!),
    });
  });

  it('makes the same documents whichever of the identical ones was read', () => {
    const [fromA, fromB] = identicalSelections().map((kos) => buildManifests(readExportSelection(kos), context));
    expect(fromA!.map(bytesOf)).toEqual(fromB!.map(bytesOf));
    const kosUIDs = identicalSelections().map((kos) => uid(kos.string(0x00080018)!));
    expect(fromA!.map((each) => each.string(0x00080018))).toEqual(kosUIDs);
  });

  it('gives copies that the selector owed UIDs that are valid and come out the same again', () => {
    const [first, second] = [1, 2].map(() => buildManifests(read(across), context).map(place));
    expect(first).toEqual(second);
    for (const each of first!) expect(each.SOPInstanceUID).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
  });
});

describe('valueTypeOf', () => {
  it.each([
    [CT_IMAGE, 'IMAGE'],
    ['1.2.840.10008.5.1.4.1.1.66.4', 'IMAGE'],
    ['1.2.840.10008.5.1.4.1.1.481.2', 'IMAGE'],
    ['1.2.840.10008.5.1.4.1.1.481.3', 'COMPOSITE'],
    ['1.2.840.10008.5.1.4.1.1.88.33', 'COMPOSITE'],
    ['1.2.840.10008.5.1.4.1.1.11.1', 'COMPOSITE'],
    ['1.2.840.10008.5.1.4.1.1.104.1', 'COMPOSITE'],
    ['1.2.840.10008.5.1.4.1.1.9.1.1', 'WAVEFORM'],
    ['1.2.840.10008.5.1.4.1.1.9.7.4', 'WAVEFORM'],
    ['1.2.840.10008.5.1.4.1.1.9.100.1', 'COMPOSITE'],
    ['1.3.12.2.1107.5.9.1', 'COMPOSITE'],
  ])('references %s as %s', (SOPClassUID, expected) => {
    expect(valueTypeOf(SOPClassUID)).toBe(expected);
  });
});
