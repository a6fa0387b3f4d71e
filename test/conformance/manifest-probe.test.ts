import { Deidentifier } from '../../src/deidentification/deidentifier';
import { personName } from '../../src/deidentification/dummies';
import { basicPolicy, type DeidentificationPolicy } from '../../src/deidentification/policy';
import type { ProfileOption } from '../../src/deidentification/profile-options';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { encodeDataSet } from '../../src/dicom/part10/write';
import { ProjectKey } from '../../src/pseudonymization/project-key';
import { generateSelection } from '../../src/sandbox/samples';
import { readExportSelection } from '../../src/selection/export-selection';
import { type ManifestParts, outgoingManifests } from '../../src/session/outgoing-manifest';
import { manifestStatement } from '../../src/session/project-policy';
import { TextContext } from '../../src/session/text-context';
import { verifierOf } from '../../src/verification/verifier-of';
import { findMarks, PHI_MARKS } from '../support/phi-mark';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../support/synth';

/** A selection with a person observer, a name and a record number in its description, and a request sequence. */
const seed = markedSeed();
const study = markedStudy(markedIdentity());
const images = [...ct({ instances: 10, study })];
const DESCRIPTION = `Head CT of ${PHI_MARKS.given} ${PHI_MARKS.family}, MRN ${PHI_MARKS.PatientID}-p1, contrast`;
const probe = readPart10Bytes(
  generateSelection(
    {
      study,
      key: 'probe',
      title: { CodeValue: 'TCE002', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Clinical Trial Export' },
      references: images.map(referenceTo),
      description: DESCRIPTION,
    },
    seed,
  ).bytes,
).header;

const key = ProjectKey.of(new Uint8Array(32).fill(3));
const newUID = (source: string) => key.uid(source);
const project = {
  id: 'p',
  name: 'Probe',
  kind: 'clinical-trial' as const,
  receiver: 'r',
  derivationKey: new Uint8Array(32),
};

function exportedUnder(options: readonly ProfileOption[], disposition: string | null = null, uid = newUID) {
  const rules: DeidentificationPolicy = { ...basicPolicy(), options: new Set(options) };
  const deidentifier = new Deidentifier(rules);
  const policy: ManifestParts['policy'] = {
    options,
    verifier: verifierOf(rules),
    manifest: (dates, dateOffsetDays) => manifestStatement(rules, dates && { dates, dateOffsetDays }),
  };
  const pseudonyms = { PatientID: 'S-0001', PatientName: personName('S-0001'), uid, dateOffsetDays: -400 };
  const results = images.map((image) => {
    const source = readPart10Bytes(image.bytes).header;
    return { source, result: deidentifier.apply(source, deidentifier.plan(source), pseudonyms) };
  });
  const { documents, warnings } = outgoingManifests({
    selection: readExportSelection(probe),
    project,
    policy,
    pseudonyms,
    disposition,
    titleCodes: 'as-received',
    texts: TextContext.of(null),
    headers: new Map([[results[0]!.source.string(0x0020000d)!, results[0]!]]),
  });
  return {
    manifest: documents[0]!,
    results: results.map(({ result }) => result),
    warnings: warnings.map(({ code }) => code),
  };
}

const CLEANING: readonly ProfileOption[] = ['clean-descriptors', 'clean-structured-content'];

describe('the manifest probe: a person observer, a name and a record number in the description, a request sequence', () => {
  it('has what identifies in it before', () => {
    expect(findMarks(encodeDataSet(probe))).toEqual(
      expect.arrayContaining([PHI_MARKS.family, PHI_MARKS.PatientID, PHI_MARKS.referring, PHI_MARKS.order]),
    );
  });

  it.each([
    ['the Basic Profile', []],
    ['Clean Descriptors and Clean Structured Content', CLEANING],
  ] as const)('comes out clean under %s, and points at what was exported', (_name, options) => {
    const { manifest, results } = exportedUnder(options);
    expect(findMarks(encodeDataSet(manifest))).toEqual([]);
    expect(manifest.has(0x0040a370)).toBe(false);
    const again = readExportSelection(manifest);
    expect(again.warnings).toEqual([]);
    expect(again.references.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual(
      results.map((result) => result.string(0x00080018)),
    );
    for (const tag of [0x00100010, 0x00100020, 0x00080020, 0x00200010, 0x0020000d]) {
      expect(manifest.string(tag)).toBe(results[0]!.string(tag));
    }
  });

  it('loses its description where the policy lets no text leave, and says so', () => {
    const { manifest, warnings } = exportedUnder([]);
    expect(readExportSelection(manifest).description).toBeNull();
    expect(warnings).toEqual(['DESCRIPTION_LEFT_OUT']);
  });

  it('keeps of its description what is clinical where the policy cleans text, and says so', () => {
    const { manifest, warnings } = exportedUnder(CLEANING);
    expect(readExportSelection(manifest).description).toMatch(/^Head CT .*contrast$/);
    expect(warnings).toEqual(['DESCRIPTION_REDACTED']);
  });

  it('keeps verbatim what the project configures', () => {
    const { manifest, warnings } = exportedUnder([], 'Dr.Jost teaching file');
    expect(readExportSelection(manifest).description).toBe('Dr.Jost teaching file');
    expect(warnings).toEqual([]);
  });

  it('is held back where a UID of the source were left in it, without a word of what was found', () => {
    const held = () => exportedUnder(CLEANING, null, (source) => source);
    expect(held).toThrow(expect.objectContaining({ code: 'MANIFEST_HELD_BACK' }));
    try {
      held();
    } catch (error) {
      expect(findMarks(String((error as Error).message))).toEqual([]);
    }
  });
});
