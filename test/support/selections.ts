import type { CodedConcept } from '../../src/dicom/coded-concept';
import type { ExportSelection, InstanceReference } from '../../src/selection/export-selection';
import type { NewExportSession, PlannedInstance, SourcePatient } from '../../src/session/store-port';
import type { TestStore } from './database';

export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const TEACHING_FILE_EXPORT: CodedConcept = {
  CodeValue: '128710',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'For Teaching File Export',
};

export const FAKE_PATIENT: SourcePatient = {
  PatientID: 'FAKE-0815',
  IssuerOfPatientID: 'FAKE-HOSPITAL',
  PatientName: 'Fakeperson^Planted',
  PatientBirthDate: '19700101',
  PatientSex: 'O',
};

/** A selection of so many instances of one series; `root` keeps the UIDs of two selections apart. */
export function fakeSelection(root: string, instances = 3): ExportSelection {
  const references = Array.from(
    { length: instances },
    (_, at): InstanceReference => ({
      StudyInstanceUID: `${root}.1`,
      SeriesInstanceUID: `${root}.1.1`,
      SOPClassUID: CT_IMAGE_STORAGE,
      SOPInstanceUID: `${root}.1.1.${at + 1}`,
      frames: [],
      valueType: 'IMAGE',
      attached: [],
    }),
  );
  return {
    documentTitle: TEACHING_FILE_EXPORT,
    purpose: 'teaching-file',
    description: 'Fakeperson teaching file',
    delayReasons: [],
    modifiers: [],
    language: null,
    references,
    identicalDocuments: [],
    warnings: [],
    source: {
      StudyInstanceUID: `${root}.1`,
      SeriesInstanceUID: `${root}.1.9`,
      SOPInstanceUID: `${root}.1.9.1`,
      PatientID: FAKE_PATIENT.PatientID,
      IssuerOfPatientID: FAKE_PATIENT.IssuerOfPatientID,
    },
  };
}

export async function provisionedProject(store: TestStore, name = 'teaching') {
  await store.projects.provision([{ name, kind: 'teaching-file', receiver: 'archive', subjectPattern: 'S-{0000}' }]);
  return store.projects.byName(name);
}

export function newSession(
  selection: ExportSelection,
  project: NewExportSession['project'],
  changes: Partial<NewExportSession> = {},
): NewExportSession {
  return {
    imageSource: 'pacs',
    project,
    documentTitle: selection.documentTitle,
    disposition: null,
    delayReasons: [],
    selection,
    state: 'planning',
    error: null,
    ...changes,
  };
}

export function planned(ordinal: number, root = '2.25'): PlannedInstance {
  return {
    ordinal,
    state: 'planned',
    reason: null,
    target: {
      StudyInstanceUID: `${root}.1`,
      SeriesInstanceUID: `${root}.1.1`,
      SOPInstanceUID: `${root}.1.1.${ordinal + 1}`,
    },
    sha256: 'a'.repeat(64),
    byteLength: 1_000 + ordinal,
  };
}
