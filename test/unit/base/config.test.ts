import { ConfigurationError, type ConfigurationInput, loadConfiguration } from '../../../src/base/config';

const COMPLETE = `
server: { host: 127.0.0.1, port: 8081, publicUrl: "http://localhost:8081" }
dataDir: ./var
imageSources:
  - name: pacs
    dicomweb: { url: "http://127.0.0.1:18042/dicom-web/", username: u, passwordFile: p.txt }
    poll: { every: 10s, lookback: 30d }
receivers:
  - name: archive
    dicomweb: { url: "http://127.0.0.1:28042/dicom-web" }
    order: instances-first
    titleCodes: as-received
projects:
  - name: Dr.Jost teaching file
    kind: teaching-file
    dispositions: ["Dr.Jost teaching file"]
    imageSources: [pacs]
    receiver: archive
    deidentification: { constants: { PatientName: "MR^SCREEN" } }
    subjects: { pattern: "T-{000}" }
apiTokens:
  - { name: ci, scopes: [read, operate], token: 0123456789abcdef }
`;

const files: Record<string, string> = { '/etc/tce/p.txt': 'secret\n' };

function load(text: string, environment: ConfigurationInput['environment'] = {}) {
  return loadConfiguration({
    file: { text, directory: '/etc/tce' },
    environment,
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error('no such file');
      return content;
    },
  });
}

function mistakes(text: string, environment: ConfigurationInput['environment'] = {}): readonly string[] {
  try {
    load(text, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('the configuration file', () => {
  test('is read with durations in milliseconds, paths beside the file and secrets from their files', () => {
    const configuration = load(COMPLETE);
    expect(configuration.server).toEqual({ host: '127.0.0.1', port: 8081, publicUrl: 'http://localhost:8081' });
    expect(configuration.dataDir).toBe('/etc/tce/var');
    expect(configuration.masterKeyFile).toBe('/etc/tce/var/master.key');
    expect(configuration.imageSources[0]).toEqual({
      name: 'pacs',
      dicomweb: { url: 'http://127.0.0.1:18042/dicom-web', username: 'u', password: 'secret' },
      poll: { every: 10_000, lookback: 30 * 86_400_000 },
    });
    expect(configuration.projects[0]).toMatchObject({
      constants: { PatientName: 'MR^SCREEN' },
      subjectPattern: 'T-{000}',
    });
  });

  test('needs nothing at all', () => {
    expect(load('').databaseUrl).toBeNull();
    expect(load('', { DATABASE_URL: 'postgres://localhost/tce' }).databaseUrl).toBe('postgres://localhost/tce');
  });

  test('is overridden by the environment, lists included', () => {
    const configuration = load(COMPLETE, {
      TCE_SERVER_PORT: '9090',
      TCE_DATABASE_URL: 'postgres://db/tce',
      TCE_IMAGE_SOURCES_0_DICOMWEB_URL: 'http://pacs.example/dicom-web',
      TCE_PROJECTS_0_DISPOSITIONS: 'one, two',
    });
    expect(configuration.server.port).toBe(9090);
    expect(configuration.databaseUrl).toBe('postgres://db/tce');
    expect(configuration.imageSources[0]?.dicomweb.url).toBe('http://pacs.example/dicom-web');
    expect(configuration.projects[0]?.dispositions).toEqual(['one', 'two']);
  });

  test('puts variables of the environment into values', () => {
    expect(load('dataDir: "${PLACE}/tce"', { PLACE: '/srv' }).dataDir).toBe('/srv/tce');
    expect(mistakes('dataDir: "${PLACE}/tce"')).toEqual(['dataDir: the environment has no PLACE']);
  });

  test('has all its mistakes told at once, without repeating a value', () => {
    const text = `
server: { port: 99999, colour: red }
imageSources:
  - { name: pacs, dicomweb: { url: "ftp://secret-host" }, poll: { every: soon } }
projects:
  - { name: a, kind: teaching-file, receiver: nowhere }
apiTokens:
  - { name: ci, scopes: [read], tokenFile: missing.txt }
`;
    const told = mistakes(text);
    expect(told).toEqual(
      expect.arrayContaining(
        [
          'server: unknown key',
          expect.stringMatching(/^server\.port: /),
          'imageSources[0].dicomweb.url: is no http or https URL',
          'imageSources[0].poll.every: is no duration such as 10s, 5m, 30d',
        ].map((entry) => (entry === 'server: unknown key' ? 'server.colour: unknown key' : entry)),
      ),
    );
    expect(told.join()).not.toMatch(/secret-host|soon|99999/);
  });

  test('has what is not built yet refused by name', () => {
    const text = `
receivers:
  - { name: folder, folder: { path: ./out } }
projects:
  - name: trial
    kind: research-collection
    receiver: folder
    deidentification: { options: [clean-descriptors] }
    clinicalTrial: { sponsorName: Example }
`;
    expect(mistakes(text)).toEqual(
      expect.arrayContaining([
        'receivers[0].folder: not available yet',
        'projects[0].kind: this value is not available yet',
        'projects[0].deidentification.options: not available yet',
        'projects[0].clinicalTrial: not available yet',
      ]),
    );
  });

  test('must not name what is nowhere, or name two things alike', () => {
    const text = COMPLETE.replace('imageSources: [pacs]', 'imageSources: [other]').replace(
      'receiver: archive',
      'receiver: gone',
    );
    expect(mistakes(text)).toEqual([
      'projects[0].imageSources[0]: no image source has this name',
      'projects[0].receiver: no receiver has this name',
    ]);
    const doubled = `${COMPLETE}  - { name: ci, scopes: [read], token: 0123456789abcdeg }\n`;
    expect(mistakes(doubled)).toEqual(['apiTokens[1].name: "ci" is there twice']);
  });

  test('that is no YAML is refused with the line', () => {
    expect(mistakes('server: { port: 1\nother: ]')[0]).toMatch(/^file, line \d+: not YAML/);
  });

  test('does not let a misspelt variable pass in silence', () => {
    expect(mistakes('', { TCE_SERVER_PROT: '1' })).toEqual([
      'TCE_SERVER_PROT: no key of the configuration has this name',
    ]);
  });
});
