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
      deidentification: { constants: { PatientName: 'MR^SCREEN' } },
      review: 'on-findings',
      subjectPattern: 'T-{000}',
    });
  });

  test('says what people and tokens may do, and of which projects', () => {
    const text = `
receivers: [{ name: archive, folder: { path: out } }]
imageSources: [{ name: pacs, dicomweb: { url: 'http://a.test' }, viewer: 'https://pacs.test/?s={StudyInstanceUID}' }]
projects: [{ name: HEAD-01, kind: clinical-trial, receiver: archive, reidentification: { fourEyes: true } }]
users:
  - { username: lea, role: reidentifier, password: p, projects: [HEAD-01] }
  - { username: ada, role: administrator, password: p }
apiTokens:
  - { name: desk, scopes: [review, reidentify], token: 12345678901234567890x, projects: [HEAD-01] }
`;
    const { users, apiTokens, projects, imageSources } = load(text);
    expect(users.map(({ role, projects: of }) => [role, of])).toEqual([
      ['reidentifier', ['HEAD-01']],
      ['administrator', null],
    ]);
    expect(apiTokens[0]).toMatchObject({ scopes: ['review', 'reidentify'], projects: ['HEAD-01'] });
    expect(projects[0]?.reidentification).toEqual({ fourEyes: true });
    expect(imageSources[0]?.viewer).toContain('{StudyInstanceUID}');
    expect(mistakes(text.replaceAll('projects: [HEAD-01]', 'projects: [HEAD-02]'))).toEqual([
      'users[0].projects[0]: no project has this name',
      'apiTokens[0].projects[0]: no project has this name',
    ]);
    expect(mistakes(text.replace('{StudyInstanceUID}', ''))).toEqual([
      'imageSources[0].viewer: needs {StudyInstanceUID}',
    ]);
    expect(mistakes('oidc: { issuer: "https://id.test" }')).toEqual(['oidc: not available yet']);
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
    kind: clinical-trial
    receiver: folder
    subjects: { imported: x.csv }
`;
    expect(mistakes(text)).toEqual(expect.arrayContaining(['projects[0].subjects.imported: unknown key']));
  });

  test('has subject IDs by pattern or list, and what of them excludes what', () => {
    const subjects = (written: string) => COMPLETE.replace('subjects: { pattern: "T-{000}" }', `subjects: ${written}`);
    const told = (written: string) => mistakes(subjects(written)).join('; ');
    expect(load(subjects('{ list: [R-1, R-2] }')).projects[0]?.subjects).toEqual({
      list: ['R-1', 'R-2'],
      assign: 'automatic',
    });
    expect(told('{ pattern: "{site}-{00}-{random:6}" }')).toContain('subjects.pattern: needs one counter');
    expect(told('{ pattern: "S", list: [A] }')).toContain('pattern and list exclude each other');
    expect(told('{ list: [A, A] }')).toContain('subjects.list[1]: is there twice');
    expect(told('{ list: [A], assign: required }')).toContain('assign is required');
    expect(told('{ pattern: "{site}-{000}" }')).toContain('{site} needs clinicalTrial.siteID');
    const sited = subjects('{ pattern: "{site}-{000}" }').replace(
      /subjects: .*/,
      (line) => `${line}\n    clinicalTrial: { sponsorName: S, protocolID: P, siteID: S7 }`,
    );
    expect(load(sited).projects[0]?.subjectPattern).toBe('S7-{000}');
  });

  test('takes document titles as code and scheme, and refuses those that order nothing', () => {
    const titled = (titles: string) =>
      COMPLETE.replace('imageSources: [pacs]', `imageSources: [pacs]\n    documentTitles: ${titles}`);
    expect(
      load(titled('["113004^DCM", { CodeValue: "113000", CodingSchemeDesignator: DCM }]')).projects[0]?.documentTitles,
    ).toEqual([
      { CodeValue: '113004', CodingSchemeDesignator: 'DCM' },
      { CodeValue: '113000', CodingSchemeDesignator: 'DCM' },
    ]);
    const never = 'is a manifest or a rejection note, never an order';
    expect(
      mistakes(titled('["113030^DCM", "113004^DCM", { CodeValue: "113037", CodingSchemeDesignator: DCM }]')),
    ).toEqual([`projects[0].documentTitles[0]: ${never}`, `projects[0].documentTitles[2]: ${never}`]);
    expect(mistakes(titled('["For Teaching"]'))).toEqual([
      'projects[0].documentTitles[0]: must be a code such as 113004^DCM',
    ]);
  });

  test('has one Receiver or several for a project, each once and by its name', () => {
    const to = (lines: string) => COMPLETE.replace('    receiver: archive\n', lines);
    expect(load(COMPLETE).projects[0]).toMatchObject({ receiver: 'archive', receivers: ['archive'] });
    expect(load(to('    receivers: [archive]\n')).projects[0]?.receivers).toEqual(['archive']);
    expect(mistakes(to(''))).toEqual(['projects[0].receiver: is missing (or receivers)']);
    expect(mistakes(to('    receiver: archive\n    receivers: [gone, archive]\n'))).toEqual([
      'projects[0].receivers[0]: no receiver has this name',
      'projects[0].receivers[1]: "archive" is there twice',
    ]);
  });

  test('gives an image source a default project that serves it', () => {
    const withDefault = (name: string) =>
      COMPLETE.replace('poll: { every', `defaultProject: ${name}\n    poll: { every`);
    expect(load(withDefault('Dr.Jost teaching file')).imageSources[0]?.defaultProject).toBe('Dr.Jost teaching file');
    expect(mistakes(withDefault('other'))).toEqual(['imageSources[0].defaultProject: no project has this name']);
  });

  test('takes a folder as Receiver, its path beside the file, and neither both ways nor none', () => {
    const [server, folder] = load(
      COMPLETE.replace('projects:', '  - { name: drop, folder: { path: ./out } }\nprojects:'),
    ).receivers;
    expect(server?.dicomweb?.url).toBe('http://127.0.0.1:28042/dicom-web');
    expect(folder).toEqual({
      name: 'drop',
      folder: { path: '/etc/tce/out' },
      order: 'instances-first',
      titleCodes: 'as-received',
      additionalInformation: 'nested',
    });
    const text = `
dataDir: ./data/var
receivers:
  - { name: both, folder: { path: ./out }, dicomweb: { url: "http://r.example" } }
  - { name: none }
  - { name: around, folder: { path: ./data } }
  - { name: itself, folder: { path: data/var/ } }
`;
    expect(mistakes(text)).toEqual([
      'receivers[0]: dicomweb and folder exclude each other',
      'receivers[1]: needs dicomweb or folder',
      'receivers[2].folder.path: must not be or hold dataDir, where the master key lies',
      'receivers[3].folder.path: must not be or hold dataDir, where the master key lies',
    ]);
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

  test('has the second look at its parts told beside the first', () => {
    const text = `
server: { port: 99999 }
database: { urlFile: missing.txt }
imageSources:
  - name: pacs
    dicomweb: { url: 'http://a.example/', username: u, passwordFile: missing.txt, bearerToken: t }
  - { name: pacs, dicomweb: { url: 'http://b.example/' } }
receivers:
  - { name: archive, dicomweb: { url: 'http://c.example/', caFile: missing.pem } }
projects:
  - { name: a, kind: teaching-file, receiver: nowhere, imageSources: [gone], dispositions: [X] }
  - { name: b, kind: teaching-file, receiver: archive, dispositions: [X, ' Y '] }
  - { name: c, kind: teaching-file, receiver: archive, dispositions: [Y] }
users:
  - { username: ada, role: administrator }
  - { username: ada, role: administrator, password: p, passwordFile: p.txt }
apiTokens:
  - { name: ci, scopes: [read], token: short }
  - { name: desk, scopes: [read], token: 12345678901234567890 }
`;
    const told = mistakes(text);
    expect(told.slice(1)).toEqual([
      'apiTokens[1].token: must be a string',
      'database.urlFile: the file cannot be read',
      'imageSources[0].dicomweb.passwordFile: the file cannot be read',
      'receivers[0].dicomweb.caFile: the file cannot be read',
      'users[1].password: given twice, once as users[1].passwordFile',
      'imageSources[0].dicomweb: username and bearerToken exclude each other',
      'users[0].password: is missing (or passwordFile)',
      'apiTokens[0].token: has fewer than 16 characters',
      'imageSources[1].name: "pacs" is there twice',
      'users[1].username: "ada" is there twice',
      'projects[0].imageSources[0]: no image source has this name',
      'projects[0].receiver: no receiver has this name',
      'projects: "b" and "c" share a disposition (of 1 characters) and an image source',
    ]);
    expect(told[0]).toMatch(/^server\.port: /);
  });

  test('has every pair of projects told that wants the same selections', () => {
    const project = (name: string, sources: string) =>
      `  - { name: ${name}, kind: teaching-file, receiver: r, dispositions: [X], imageSources: [${sources}] }\n`;
    const text = `
imageSources:
  - { name: s, dicomweb: { url: 'http://s.example' } }
  - { name: t, dicomweb: { url: 'http://t.example' } }
receivers: [{ name: r, dicomweb: { url: 'http://r.example' } }]
projects:
${project('a', 's')}${project('b', 's, t')}${project('c', 't')}`;
    expect(mistakes(text)).toEqual([
      'projects: "a" and "b" share a disposition (of 1 characters) and an image source',
      'projects: "b" and "c" share a disposition (of 1 characters) and an image source',
    ]);
  });

  test.each(['http://user:hunter2@pacs.example/', 'http://hunter2@pacs.example/', 'https://:hunter2@pacs.example/'])(
    'gives the password of a peer in its own key, not within the address: %s',
    (url) => {
      const text = `imageSources: [{ name: pacs, dicomweb: { url: '${url}' } }]`;
      expect(mistakes(text)).toEqual([
        'imageSources[0].dicomweb.url: must not hold a username or password: they have keys of their own',
      ]);
    },
  );

  test.each(['with spaces in it 12345', 'äöüäöüäöüäöüäöüäöü', '"quoted-quoted-quoted"', 'padding=in=the=middle'])(
    'has no API token that a Bearer header cannot carry: %s',
    (token) => {
      const told = mistakes(JSON.stringify({ apiTokens: [{ name: 'ci', scopes: ['read'], token }] }));
      expect(told).toEqual([
        'apiTokens[0].token: may have only letters, digits and - . _ ~ + /, with = at the end (RFC 6750)',
      ]);
    },
  );

  test('has no API token longer than the server reads', () => {
    const told = mistakes(JSON.stringify({ apiTokens: [{ name: 'ci', scopes: ['read'], token: 'a'.repeat(513) }] }));
    expect(told).toEqual(['apiTokens[0].token: has more than 512 characters']);
  });

  test('that unfolds without end is refused', () => {
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      laughs.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
    }
    for (const text of [laughs.join('\n'), 'a: &a [*a, *a]', `a: ${'['.repeat(200)}${']'.repeat(200)}`]) {
      expect(mistakes(text)).toEqual(['file: is nested too deep, or its aliases unfold to too much']);
    }
    expect(mistakes('a: *nowhere')).toHaveLength(1);
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

test('no image source has the name of what is stored here, and the time that it is kept is a duration', () => {
  expect(load(COMPLETE).received).toEqual({ keepUnclaimed: 7 * 86_400_000, maxRequestBytes: 64 * 1024 ** 3 });
  expect(load(`${COMPLETE}\nreceived: { keepUnclaimed: 2d, maxRequestBytes: 4096 }`).received).toEqual({
    keepUnclaimed: 2 * 86_400_000,
    maxRequestBytes: 4096,
  });
  expect(mistakes(COMPLETE.replace('- name: pacs', '- name: received').replace('[pacs]', '[received]'))).toEqual([
    'imageSources[0].name: "received" stands for what is stored here by STOW-RS',
  ]);
});
