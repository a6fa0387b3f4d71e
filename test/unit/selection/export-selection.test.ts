import { Fault } from '../../../src/base/errors';
import { bytesElement, type DataSet, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { CT_IMAGE, KEY_OBJECT_SELECTION_DOCUMENT, MR_IMAGE } from '../../../src/dicom/sop-class';
import { placeReferences, readDocumentTitle, readExportSelection } from '../../../src/selection/export-selection';
import { findMarks } from '../../support/phi-mark';
import { ct } from '../../support/synth';
import {
  identicalSelections,
  presentationState,
  realWorldValueMap,
  reference,
  seed,
  selection,
  TEACHING,
  without,
} from './selections';

const CONTENT_SEQUENCE = 0x0040a730;
const EVIDENCE = 0x0040a375;
const uids = (list: readonly { readonly SOPInstanceUID: string }[]) => list.map((each) => each.SOPInstanceUID);
const codes = (kos: DataSet) => readExportSelection(kos).warnings.map(({ code }) => code);
const faultOf = (kos: DataSet): Fault => {
  try {
    readExportSelection(kos);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
};

describe('readExportSelection', () => {
  it('reads title, purpose, disposition and where the document comes from', () => {
    const read = readExportSelection(selection({ description: 'Dr.Jost teaching file' }));
    expect(read).toMatchObject({
      documentTitle: TEACHING,
      purpose: 'teaching-file',
      description: 'Dr.Jost teaching file',
      delayReasons: [],
      modifiers: [],
      language: { CodeValue: 'eng', CodingSchemeDesignator: 'ISO639_2' },
      identicalDocuments: [],
      warnings: [],
      source: { StudyInstanceUID: seed.uid('p1/a'), PatientID: 'ZQPATID-p1', IssuerOfPatientID: 'ZQISSUER' },
    });
  });

  it('keeps the description verbatim, several lines and all', () => {
    const description = '  mirc:/title=A case\r\nsecond line';
    expect(readExportSelection(selection({ description })).description).toBe(description);
    expect(readExportSelection(selection()).description).toBeNull();
  });

  it('is plain JSON', () => {
    const read = readExportSelection(
      selection({ references: [reference('a.1.1', { frames: [2, 5], attached: [presentationState] })] }),
    );
    expect(JSON.parse(JSON.stringify(read))).toEqual(read);
  });

  it('lists references in the order of the content, placed by the evidence', () => {
    const references = [reference('a.2.9'), reference('a.1.2'), reference('a.1.1')];
    const read = readExportSelection(selection({ references }));
    expect(read.references).toEqual(
      references.map((each) => ({ ...each, valueType: 'IMAGE', frames: [], attached: [] })),
    );
  });

  it('keeps the value type that the selector wrote', () => {
    const read = readExportSelection(
      selection({ references: [reference('a.1.1', { valueType: 'COMPOSITE' }), reference('a.1.2')] }),
    );
    expect(read.references.map((each) => each.valueType)).toEqual(['COMPOSITE', 'IMAGE']);
  });

  it('keeps frame numbers', () => {
    const read = readExportSelection(selection({ references: [reference('a.1.1', { frames: [3, 7] })] }));
    expect(read.references[0]?.frames).toEqual([3, 7]);
  });

  it('selects nested presentation states and Real World Value maps too', () => {
    const image = reference('a.1.1', { attached: [presentationState, realWorldValueMap] });
    const read = readExportSelection(selection({ references: [image, reference('a.1.2')] }));
    expect(uids(read.references)).toEqual(uids([image, presentationState, realWorldValueMap, reference('a.1.2')]));
    expect(uids(read.references[0]!.attached)).toEqual(uids([presentationState, realWorldValueMap]));
    expect(read.references[1]).toMatchObject({ ...presentationState, valueType: null });
    expect(read.warnings).toEqual([]);
  });

  it('finds references in nested content items', () => {
    const kos = selection({ references: [reference('a.1.1')] });
    const content = kos.element(CONTENT_SEQUENCE)!;
    const image = content.items!.find((item) => item.string(0x0040a040) === 'IMAGE')!;
    const container = image.withElements([
      textElement(kos, 0x0040a010, 'CS', ['CONTAINS']),
      textElement(kos, 0x0040a040, 'CS', ['CONTAINER']),
      sequenceElement(kos, CONTENT_SEQUENCE, [image]),
    ]);
    const nested = kos.withElements([
      ...without(kos, CONTENT_SEQUENCE).elements,
      sequenceElement(kos, CONTENT_SEQUENCE, [container]),
    ]);
    expect(uids(readExportSelection(nested).references)).toEqual(uids([reference('a.1.1')]));
  });

  it('names an instance once, with the frames of every mention', () => {
    const frames = (...numbers: number[]) => reference('a.1.1', { frames: numbers });
    const both = readExportSelection(selection({ references: [frames(1, 2), reference('a.1.2'), frames(2, 4)] }));
    expect(uids(both.references)).toEqual(uids([reference('a.1.1'), reference('a.1.2')]));
    expect(both.references[0]?.frames).toEqual([1, 2, 4]);
    const whole = readExportSelection(selection({ references: [frames(1), reference('a.1.1')] }));
    expect(whole.references[0]?.frames).toEqual([]);
  });

  it('tells delay reasons from other modifiers', () => {
    const tce012 = { CodeValue: 'TCE012', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'wait' };
    const dcm = { CodeValue: '128720', CodingSchemeDesignator: 'DCM', CodeMeaning: 'wait' };
    const study = { CodeValue: '113014', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Study' };
    const read = readExportSelection(selection({ delayReasons: [tce012, dcm, tce012], modifiers: [study] }));
    expect(read.delayReasons).toEqual([tce012, dcm]);
    expect(read.modifiers).toEqual([study]);
  });

  it.each([
    ['TCE012', '99VENDOR', 'waits'],
    ['TCE099', 'IHERADTF', 'Delay export until something else is available'],
    ['WAIT', '99VENDOR', 'delay export until tomorrow'],
  ])('takes (%s, %s, "%s") for a delay, though of no known code', (CodeValue, CodingSchemeDesignator, CodeMeaning) => {
    const modifier = { CodeValue, CodingSchemeDesignator, CodeMeaning };
    const read = readExportSelection(selection({ modifiers: [modifier] }));
    expect(read.delayReasons).toEqual([modifier]);
    expect(read.modifiers).toEqual([]);
  });

  it('reads a selection of another purpose without taking it for an export', () => {
    for (const CodeValue of ['113000', '113030', '113001', '113037']) {
      const title = { CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
      expect(readExportSelection(selection({ title })).purpose).toBeNull();
    }
  });

  it('names the identical documents of the other studies, and never itself', () => {
    const [inA, inB] = identicalSelections();
    expect(uids(readExportSelection(inA!).identicalDocuments)).toEqual([inB!.string(0x00080018)]);
    expect(uids(readExportSelection(inB!).identicalDocuments)).toEqual([inA!.string(0x00080018)]);
    expect(readExportSelection(inA!).references).toEqual(readExportSelection(inB!).references);
  });

  describe('warns, and goes on,', () => {
    it('where the evidence does not place an instance: no series, and the study of the document', () => {
      const kos = selection({ evidence: [reference('a.1.1')] });
      const read = readExportSelection(kos);
      expect(read.references[1]).toMatchObject({
        SOPInstanceUID: reference('a.1.2').SOPInstanceUID,
        StudyInstanceUID: seed.uid('p1/a'),
        SeriesInstanceUID: '',
      });
      expect(codes(kos)).toEqual(['REFERENCE_NOT_IN_EVIDENCE', 'CONTENT_AND_EVIDENCE_DIFFER']);
    });

    it('where only the evidence names an instance: it is selected, after the content', () => {
      const kos = selection({ references: [reference('a.1.2')], evidence: [reference('a.1.1'), reference('a.1.2')] });
      expect(uids(readExportSelection(kos).references)).toEqual(uids([reference('a.1.2'), reference('a.1.1')]));
      expect(readExportSelection(kos).references[1]?.valueType).toBeNull();
      expect(codes(kos)).toEqual(['CONTENT_AND_EVIDENCE_DIFFER']);
    });

    it('where the content names nothing and the evidence all of it', () => {
      const kos = selection({ references: [], evidence: [reference('a.1.1')] });
      expect(uids(readExportSelection(kos).references)).toEqual(uids([reference('a.1.1')]));
    });

    it('where content and evidence disagree on the SOP Class', () => {
      const kos = selection({
        references: [reference('a.1.1')],
        evidence: [reference('a.1.1', { SOPClassUID: CT_IMAGE })],
      });
      expect(readExportSelection(kos).references[0]?.SOPClassUID).toBe(MR_IMAGE);
      expect(codes(kos)).toEqual(['SOP_CLASS_MISMATCH']);
    });

    it('where the evidence places an instance twice', () => {
      const elsewhere = { ...reference('a.1.1'), SeriesInstanceUID: reference('a.5.1').SeriesInstanceUID };
      const kos = selection({ references: [reference('a.1.1')], evidence: [reference('a.1.1'), elsewhere] });
      expect(readExportSelection(kos).references[0]?.SeriesInstanceUID).toBe(reference('a.1.1').SeriesInstanceUID);
      expect(codes(kos)).toEqual(['INSTANCE_PLACED_TWICE']);
    });

    it('where the document references itself: that is left out', () => {
      const own = selection().string(0x00080018)!;
      const kos = selection({
        references: [
          reference('a.1.1'),
          reference('a.7.1', { SOPInstanceUID: own, SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT }),
        ],
      });
      expect(uids(readExportSelection(kos).references)).toEqual(uids([reference('a.1.1')]));
      expect(codes(kos)).toEqual(['SELF_REFERENCE']);
    });

    it('without naming an instance or a person in the warning', () => {
      const kos = selection({ evidence: [reference('a.1.1')] });
      expect(findMarks(JSON.stringify(readExportSelection(kos).warnings))).toEqual([]);
    });
  });

  describe('refuses', () => {
    it('what is not a Key Object Selection Document', () => {
      const [image] = [...ct({ instances: 1 })];
      expect(faultOf(readPart10Bytes(image!.bytes).header)).toMatchObject({ code: 'NOT_A_SELECTION', kind: 'cannot' });
    });

    it('a document without a coded title', () => {
      expect(faultOf(without(selection(), 0x0040a043)).code).toBe('NOT_A_SELECTION');
    });

    it('a selection of nothing', () => {
      expect(faultOf(selection({ references: [] })).code).toBe('EMPTY_SELECTION');
      expect(faultOf(without(selection(), CONTENT_SEQUENCE, EVIDENCE)).code).toBe('EMPTY_SELECTION');
    });

    it('a reference that names no instance, since what was meant is unknown', () => {
      expect(faultOf(selection({ references: [reference('a.1.1', { SOPInstanceUID: '' })] })).code).toBe(
        'INCOMPLETE_REFERENCE',
      );
    });

    it('a UID that is none, before it becomes part of an address', () => {
      const kos = selection();
      const crooked = kos.withElements([
        ...without(kos, 0x0020000d).elements,
        bytesElement(kos, 0x0020000d, 'UI', Buffer.from('1.2/../../instances')),
      ]);
      expect(faultOf(crooked).code).toBe('BAD_REFERENCE_UID');
      expect(faultOf(crooked).message).not.toContain('..');
    });
  });
});

describe('readDocumentTitle', () => {
  it('reads the title alone, also of a selection that is broken otherwise', () => {
    expect(readDocumentTitle(selection({ references: [] }))).toEqual(TEACHING);
  });
});

describe('placeReferences', () => {
  it('puts references where the instances say they are', () => {
    const read = readExportSelection(
      selection({
        references: [reference('a.1.1', { attached: [presentationState] })],
        evidence: [reference('a.2.2')],
      }),
    );
    const place = {
      StudyInstanceUID: seed.uid('p1/a'),
      SeriesInstanceUID: reference('a.1.1').SeriesInstanceUID,
      SOPClassUID: CT_IMAGE,
    };
    const placed = placeReferences(read, new Map([[reference('a.1.1').SOPInstanceUID, place]]));
    expect(placed.references[0]).toMatchObject(place);
    expect(placed.references.slice(1)).toEqual(read.references.slice(1));
  });
});
