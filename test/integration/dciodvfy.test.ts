import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../src/base/errors';
import { basicPolicy, Deidentifier } from '../../src/deidentification/deidentifier';
import type { DataSet } from '../../src/dicom/data-set';
import { type HeldInstance, readPart10Bytes } from '../../src/dicom/part10/read';
import { writePart10Bytes } from '../../src/dicom/part10/write';
import { transferSyntax } from '../../src/dicom/transfer-syntax';
import { CORPUS, corpusFiles } from '../support/corpus';
import { pseudonyms } from '../support/deidentification-samples';
import { program, suiteNeeding } from '../support/suites';

const EXPLICIT_VR_LITTLE_ENDIAN = transferSyntax('1.2.840.10008.1.2.1')!;

/** Its data set is in Implicit VR under a transfer syntax that is Explicit: each element is a finding, ours too. */
const ENCODED_OTHERWISE_THAN_DECLARED = 'SC_rgb_jpeg.dcm';

/** Attribute and kind of each finding: values, item numbers and lengths change, and so do the UIDs in them. */
function findings(path: string): Map<string, string> {
  const run = spawnSync('dciodvfy', ['-new', path], { encoding: 'latin1', maxBuffer: 1 << 28 });
  const result = new Map<string, string>();
  for (const line of `${run.stdout}${run.stderr}`.split('\n')) {
    if (!/^(Error|Warning)/.test(line)) continue;
    const kind = line
      .replace(/\[\d+\]/g, '')
      .replace(/<\/.*\/([A-Za-z0-9?]+\([0-9a-f]{4},[0-9a-f]{4}\))>/, '<$1>')
      .replace(/= .*/, '')
      .replace(/ \d+/g, ' #');
    result.set(kind, line);
  }
  return result;
}

const corpus = { missing: `no DICOM files at ${CORPUS}`, present: existsSync(join(CORPUS, 'manifest.csv')) };

suiteNeeding([corpus, program('dciodvfy')], 'dciodvfy before and after the Basic Profile', () => {
  const deidentifier = new Deidentifier(basicPolicy());
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dciodvfy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** dciodvfy does not inflate: what was deflated is compared uninflated on both sides. */
  function findingsOf(
    name: string,
    held: HeldInstance,
    header: DataSet,
    rest: HeldInstance['rest'],
  ): Map<string, string> {
    const path = join(folder, name);
    const syntax = held.transferSyntax.deflated ? EXPLICIT_VR_LITTLE_ENDIAN : held.transferSyntax;
    writeFileSync(path, Buffer.concat(writePart10Bytes(syntax, header, rest)));
    return findings(path);
  }

  test('no instance of the corpus has a finding that it did not have', () => {
    const fresh: string[] = [];
    let compared = 0;
    for (const { file: name } of corpusFiles()) {
      const file = join(CORPUS, name);
      if (file.endsWith(ENCODED_OTHERWISE_THAN_DECLARED)) continue;
      let held: HeldInstance;
      try {
        held = readPart10Bytes(readFileSync(file), { elide: deidentifier.elide });
      } catch (error) {
        if (error instanceof Fault) continue; // refused by the codec, with a name
        throw error;
      }
      const outcome = deidentifier.deidentify(held.header, pseudonyms);
      if (outcome.outcome !== 'passed') continue; // held back, with a reason
      const kept = held.rest.filter((part) =>
        part.kind === 'element'
          ? deidentifier.planRest(part.element.tag, part.element.vr) === 'keep'
          : deidentifier.planRest(part.tag, part.vr) === 'keep',
      );
      const before = held.transferSyntax.deflated
        ? findingsOf('before.dcm', held, readPart10Bytes(readFileSync(file)).header, held.rest)
        : findings(file);
      for (const [kind, line] of findingsOf('after.dcm', held, outcome.value.dataSet, kept)) {
        if (!before.has(kind)) fresh.push(`${name}: ${line}`);
      }
      compared += 1;
    }
    expect(fresh).toEqual([]);
    expect(compared).toBeGreaterThan(300);
  }, 300_000);
});
