import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../../src/base/config';
import { loadProjectFile } from '../../../src/base/project-file';

describe('one entry of projects: as a file of its own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'project-file-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = (text: string) => {
    const path = join(folder, 'project.yaml');
    writeFileSync(path, text);
    return loadProjectFile(path);
  };

  test('an entry that the server takes is taken offline, whatever of it only the server needs', () => {
    const project = load(
      `name: Cases
kind: teaching-file
dispositions: [Cases]
documentTitles: ["113004^DCM"]
imageSources: [pacs]
receivers: [archive, mirror]
releaseOn: [final-report]
rejectQualityToo: true
partial: true
waitForMissing: 1h
reversible: true
retention: { identity: 365d }
reidentification: { fourEyes: true }
review: always
subjects: { pattern: "S-{0000}" }
deidentification: { preset: basic, options: [clean-descriptors], keepWeekday: true }
`,
    );
    expect(project).toMatchObject({
      name: 'Cases',
      kind: 'teaching-file',
      deidentification: { preset: 'basic', options: ['clean-descriptors'], keepWeekday: true, keepAuthor: false },
    });
  });

  test('a key that no project has is a mistake', () => {
    expect(() => load('name: Cases\nkind: teaching-file\nrecevier: archive\n')).toThrow(ConfigurationError);
  });
});
