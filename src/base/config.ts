import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parseDuration } from './duration';

/*
 * The configuration file of the Export Manager. Each key can be given by environment too: `server.port` is
 * TCE_SERVER_PORT, `imageSources[0].dicomweb.url` is TCE_IMAGE_SOURCES_0_DICOMWEB_URL. `${NAME}` inside a value reads
 * the environment. Each secret has a twin that names a file. Paths are relative to the configuration file.
 */

/** All that is wrong with a configuration, at once. No value is repeated: it may be a secret. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(`the configuration has ${mistakes.length} mistake(s):\n${mistakes.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

const name = z.string().trim().min(1, 'must not be empty').max(64, 'has more than 64 characters');
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds === 0) {
    context.addIssue({ code: 'custom', message: 'is no duration such as 10s, 5m, 30d' });
    return z.NEVER;
  }
  return milliseconds;
});
const httpUrl = z.string().refine((text) => /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : ''), {
  message: 'is no http or https URL',
});

const dicomweb = z.strictObject({
  url: httpUrl,
  username: z.string().optional(),
  password: z.string().optional(),
  passwordFile: z.string().optional(),
  bearerToken: z.string().optional(),
  bearerTokenFile: z.string().optional(),
  ca: z.string().optional(),
  caFile: z.string().optional(),
});

const KINDS = ['teaching-file', 'clinical-trial'] as const;

const schema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.coerce.number().int().min(0).max(65535).default(8080),
      publicUrl: httpUrl.optional(),
    })
    .prefault({}),
  database: z
    .strictObject({
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'is no postgres:// URL')
        .optional(),
      urlFile: z.string().optional(),
    })
    .prefault({}),
  dataDir: z.string().default('./var'),
  masterKeyFile: z.string().optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  worker: z.strictObject({ concurrency: z.coerce.number().int().min(1).max(64).default(4) }).prefault({}),
  imageSources: z
    .array(
      z.strictObject({
        name,
        dicomweb,
        poll: z.strictObject({ every: duration.default(10_000), lookback: duration.optional() }).optional(),
      }),
    )
    .default([]),
  receivers: z
    .array(
      z.strictObject({
        name,
        dicomweb,
        order: z.literal('instances-first').default('instances-first'),
        titleCodes: z.literal('as-received').default('as-received'),
      }),
    )
    .default([]),
  projects: z
    .array(
      z.strictObject({
        name,
        kind: z.enum(KINDS),
        dispositions: z.array(z.string().trim().min(1)).default([]),
        documentTitles: z.array(z.never()).default([]),
        imageSources: z.array(name).optional(),
        receiver: name,
        deidentification: z
          .strictObject({
            options: z.array(z.never()).default([]),
            overrides: z.array(z.never()).default([]),
            constants: z.record(z.string(), z.string().max(64)).default({}),
          })
          .prefault({}),
        review: z.enum(['on-findings', 'never']).default('on-findings'),
        subjects: z
          .strictObject({
            pattern: z
              .string()
              .max(40)
              .regex(/^[A-Za-z0-9_. -]*\{0+\}[A-Za-z0-9_. -]*$/, 'needs one counter such as {0000}')
              .default('S-{0000}'),
          })
          .prefault({}),
      }),
    )
    .default([]),
  users: z
    .array(
      z.strictObject({
        username: name,
        role: z.literal('administrator'),
        password: z.string().optional(),
        passwordFile: z.string().optional(),
      }),
    )
    .default([]),
  apiTokens: z
    .array(
      z.strictObject({
        name,
        scopes: z.array(z.enum(['read', 'operate', 'reidentify'])).min(1),
        token: z.string().optional(),
        tokenFile: z.string().optional(),
      }),
    )
    .default([]),
});

type Parsed = z.output<typeof schema>;

export interface DicomwebSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  readonly ca?: string;
}
export interface ImageSourceSettings {
  readonly name: string;
  readonly dicomweb: DicomwebSettings;
  /** Milliseconds. */
  readonly poll?: { readonly every: number; readonly lookback?: number };
}
export interface ReceiverSettings {
  readonly name: string;
  readonly dicomweb: DicomwebSettings;
}
export interface ProjectSettings {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly dispositions: readonly string[];
  /** Names of image sources; all of them where the file names none. */
  readonly imageSources: readonly string[];
  readonly receiver: string;
  /** Replacement values by attribute keyword. */
  readonly constants: Readonly<Record<string, string>>;
  readonly subjectPattern: string;
}
export interface Configuration {
  readonly server: { readonly host: string; readonly port: number; readonly publicUrl: string };
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly masterKeyFile: string;
  readonly logLevel: Parsed['logLevel'];
  readonly workerConcurrency: number;
  readonly imageSources: readonly ImageSourceSettings[];
  readonly receivers: readonly ReceiverSettings[];
  readonly projects: readonly ProjectSettings[];
  readonly users: readonly { readonly username: string; readonly role: 'administrator'; readonly password: string }[];
  readonly apiTokens: readonly {
    readonly name: string;
    readonly scopes: readonly ('read' | 'operate' | 'reidentify')[];
    readonly token: string;
  }[];
}

/**
 * Keys and values that the file may name one day and that this version refuses by name. `*` stands for a list index;
 * `when` limits the refusal to some values.
 */
const NOT_AVAILABLE_YET: readonly { readonly path: string; readonly when?: (value: unknown) => boolean }[] = [
  { path: 'receivers.*.folder' },
  { path: 'receivers.*.order', when: (value) => value === 'manifest-first' },
  { path: 'receivers.*.titleCodes', when: (value) => value === 'IHERADTF' || value === 'DCM' },
  { path: 'projects.*.kind', when: (value) => value === 'research-collection' || value === 'publication' },
  { path: 'projects.*.documentTitles', when: isFilled },
  { path: 'projects.*.deidentification.preset' },
  { path: 'projects.*.deidentification.options', when: isFilled },
  { path: 'projects.*.deidentification.overrides', when: isFilled },
  { path: 'projects.*.review', when: (value) => value === 'always' },
  { path: 'projects.*.clinicalTrial' },
  { path: 'projects.*.subjects.list' },
  { path: 'projects.*.subjects.imported' },
  {
    path: 'users.*.role',
    when: (value) =>
      typeof value === 'string' && ['trial-coordinator', 'reviewer', 'reidentifier', 'auditor'].includes(value),
  },
];

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

export interface ConfigurationInput {
  /** Text of the file and the folder that relative paths start from; left out: environment and defaults only. */
  readonly file?: { readonly text: string; readonly directory: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile?: (path: string) => string;
}

/** Reads, completes and checks. Throws ConfigurationError with every mistake at once. */
export function loadConfiguration(input: ConfigurationInput): Configuration {
  const mistakes: string[] = [];
  const directory = input.file?.directory ?? process.cwd();
  const readFile = input.readFile ?? ((path: string) => readFileSync(path, 'utf8'));

  const raw = readYaml(input.file?.text ?? '', mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const tree = overlayEnvironment(interpolate(raw, input.environment, '', mistakes), input.environment, mistakes);
  const refused = refuseNotAvailable(tree, mistakes);

  const result = schema.safeParse(tree);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const path = formatPath(issue.path);
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          const full = path === '' ? key : `${path}.${key}`;
          if (!refused.has(full)) mistakes.push(`${full}: unknown key`);
        }
      } else if (
        ![...refused].some((known) => path === known || path.startsWith(`${known}.`) || path.startsWith(`${known}[`))
      ) {
        mistakes.push(`${path || 'file'}: ${describe(issue)}`);
      }
    }
  }
  if (!result.success) throw new ConfigurationError(mistakes);
  const parsed = result.data;

  const secret = (path: string, value: string | undefined, file: string | undefined): string | undefined => {
    if (value !== undefined && file !== undefined) {
      mistakes.push(`${path}: given twice, once as ${path}File`);
      return value;
    }
    if (file === undefined) return value;
    try {
      return readFile(resolve(directory, file)).trim();
    } catch {
      mistakes.push(`${path}File: the file cannot be read`);
      return undefined;
    }
  };
  const connection = (path: string, value: z.output<typeof dicomweb>): DicomwebSettings => {
    const password = secret(`${path}.password`, value.password, value.passwordFile);
    const bearerToken = secret(`${path}.bearerToken`, value.bearerToken, value.bearerTokenFile);
    const ca = secret(`${path}.ca`, value.ca, value.caFile);
    if (value.username !== undefined && bearerToken !== undefined) {
      mistakes.push(`${path}: username and bearerToken exclude each other`);
    }
    return {
      url: value.url.replace(/\/+$/, ''),
      ...(value.username === undefined ? {} : { username: value.username }),
      ...(password === undefined ? {} : { password }),
      ...(bearerToken === undefined ? {} : { bearerToken }),
      ...(ca === undefined ? {} : { ca }),
    };
  };

  const imageSources = parsed.imageSources.map((source, index) => ({
    name: source.name,
    dicomweb: connection(`imageSources[${index}].dicomweb`, source.dicomweb),
    ...(source.poll === undefined
      ? {}
      : {
          poll: {
            every: source.poll.every,
            ...(source.poll.lookback === undefined ? {} : { lookback: source.poll.lookback }),
          },
        }),
  }));
  const receivers = parsed.receivers.map((receiver, index) => ({
    name: receiver.name,
    dicomweb: connection(`receivers[${index}].dicomweb`, receiver.dicomweb),
  }));
  const sourceNames = imageSources.map((source) => source.name);
  const projects = parsed.projects.map((project, index) => {
    const path = `projects[${index}]`;
    for (const [at, source] of (project.imageSources ?? []).entries()) {
      if (!sourceNames.includes(source)) mistakes.push(`${path}.imageSources[${at}]: no image source has this name`);
    }
    if (!receivers.some((receiver) => receiver.name === project.receiver)) {
      mistakes.push(`${path}.receiver: no receiver has this name`);
    }
    return {
      name: project.name,
      kind: project.kind,
      dispositions: project.dispositions,
      imageSources: project.imageSources ?? sourceNames,
      receiver: project.receiver,
      constants: project.deidentification.constants,
      subjectPattern: project.subjects.pattern,
    };
  });
  const users = parsed.users.map((user, index) => {
    const password = secret(`users[${index}].password`, user.password, user.passwordFile);
    if (password === undefined || password === '')
      mistakes.push(`users[${index}].password: is missing (or passwordFile)`);
    return { username: user.username, role: user.role, password: password ?? '' };
  });
  const apiTokens = parsed.apiTokens.map((entry, index) => {
    const token = secret(`apiTokens[${index}].token`, entry.token, entry.tokenFile);
    if (token === undefined) mistakes.push(`apiTokens[${index}].token: is missing (or tokenFile)`);
    else if (token.length < 16) mistakes.push(`apiTokens[${index}].token: has fewer than 16 characters`);
    return { name: entry.name, scopes: entry.scopes, token: token ?? '' };
  });
  refuseTwice('imageSources', sourceNames, mistakes);
  refuseTwice(
    'receivers',
    receivers.map((receiver) => receiver.name),
    mistakes,
  );
  refuseTwice(
    'projects',
    projects.map((project) => project.name),
    mistakes,
  );
  refuseTwice(
    'users',
    users.map((user) => user.username),
    mistakes,
  );
  refuseTwice(
    'apiTokens',
    apiTokens.map((entry) => entry.name),
    mistakes,
  );
  for (const [disposition, owners] of groupByDisposition(projects)) {
    if (owners.length > 1) {
      mistakes.push(
        `projects: ${owners.map((owner) => `"${owner}"`).join(' and ')} share a disposition (of ${disposition.length} characters) and an image source`,
      );
    }
  }

  const databaseUrl =
    secret('database.url', parsed.database.url, parsed.database.urlFile) ?? input.environment.DATABASE_URL ?? null;
  const dataDir = resolve(directory, parsed.dataDir);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return {
    server: {
      host: parsed.server.host,
      port: parsed.server.port,
      publicUrl: (parsed.server.publicUrl ?? `http://localhost:${parsed.server.port}`).replace(/\/+$/, ''),
    },
    databaseUrl: databaseUrl === '' ? null : databaseUrl,
    dataDir,
    masterKeyFile:
      parsed.masterKeyFile === undefined ? resolve(dataDir, 'master.key') : resolve(directory, parsed.masterKeyFile),
    logLevel: parsed.logLevel,
    workerConcurrency: parsed.worker.concurrency,
    imageSources,
    receivers,
    projects,
    users,
    apiTokens,
  };
}

export function loadConfigurationFile(
  path: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  if (path === undefined) return loadConfiguration({ environment });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigurationError([`the file ${path} cannot be read`]);
  }
  return loadConfiguration({ file: { text, directory: dirname(resolve(path)) }, environment });
}

function readYaml(text: string, mistakes: string[]): unknown {
  const document = parseDocument(text);
  for (const error of document.errors) {
    const line = error.linePos?.[0]?.line;
    mistakes.push(`file${line === undefined ? '' : `, line ${line}`}: not YAML (${error.code})`);
  }
  return mistakes.length > 0 ? {} : (document.toJS() ?? {});
}

function interpolate(
  value: unknown,
  environment: ConfigurationInput['environment'],
  path: string,
  mistakes: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, variable: string) => {
      const found = environment[variable];
      if (found === undefined) mistakes.push(`${path}: the environment has no ${variable}`);
      return found ?? '';
    });
  }
  if (Array.isArray(value))
    return value.map((entry, index) => interpolate(entry, environment, `${path}[${index}]`, mistakes));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        interpolate(entry, environment, path === '' ? key : `${path}.${key}`, mistakes),
      ]),
    );
  }
  return value;
}

/** Every TCE_… variable must name a key of the schema: a misspelt one would silently change nothing. */
function overlayEnvironment(
  tree: unknown,
  environment: ConfigurationInput['environment'],
  mistakes: string[],
): unknown {
  let result = tree;
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('TCE_') || value === undefined) continue;
    const path = findPath(schema, variable.slice(4).split('_'));
    if (path === undefined) mistakes.push(`${variable}: no key of the configuration has this name`);
    else result = setAt(result, path.keys, path.list ? value.split(',').map((entry) => entry.trim()) : value);
  }
  return result;
}

interface FoundPath {
  readonly keys: readonly (string | number)[];
  /** A list of plain values, given as one comma-separated variable. */
  readonly list: boolean;
}

function findPath(type: z.core.$ZodType, words: readonly string[]): FoundPath | undefined {
  const inner = unwrap(type);
  if (inner instanceof z.ZodArray) {
    const element = inner.element as z.core.$ZodType;
    const [index, ...rest] = words;
    if (index === undefined) return { keys: [], list: true };
    if (!/^\d+$/.test(index)) return undefined;
    const found = findPath(element, rest);
    return found === undefined ? undefined : { keys: [Number(index), ...found.keys], list: found.list };
  }
  if (inner instanceof z.ZodRecord)
    return words.length === 1 && words[0] !== undefined ? { keys: [words[0]], list: false } : undefined;
  if (!(inner instanceof z.ZodObject)) return words.length === 0 ? { keys: [], list: false } : undefined;
  for (const [key, child] of Object.entries(inner.shape as Record<string, z.core.$ZodType>)) {
    const parts = key
      .replace(/([A-Z])/g, '_$1')
      .toUpperCase()
      .split('_');
    if (parts.length <= words.length && parts.every((part, index) => part === words[index])) {
      const found = findPath(child, words.slice(parts.length));
      if (found !== undefined) return { keys: [key, ...found.keys], list: found.list };
    }
  }
  return undefined;
}

function unwrap(type: z.core.$ZodType): z.core.$ZodType {
  let current = type;
  for (;;) {
    if (current instanceof z.ZodOptional || current instanceof z.ZodDefault || current instanceof z.ZodPrefault) {
      current = current.unwrap();
    } else if (current instanceof z.ZodPipe) {
      current = current.in;
    } else {
      return current;
    }
  }
}

function setAt(tree: unknown, keys: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(tree) ? [...tree] : [];
    while (list.length <= key) list.push({});
    list[key] = setAt(list[key], rest, value);
    return list;
  }
  const record =
    tree !== null && typeof tree === 'object' && !Array.isArray(tree) ? (tree as Record<string, unknown>) : {};
  return { ...record, [key]: setAt(record[key], rest, value) };
}

/** Says each key that is known but not built yet; answers their paths, so that they are not reported a second time. */
function refuseNotAvailable(tree: unknown, mistakes: string[]): ReadonlySet<string> {
  const refused = new Set<string>();
  for (const { path, when } of NOT_AVAILABLE_YET) {
    for (const [found, value] of select(tree, path.split('.'), '')) {
      if (value === undefined || value === null || (when !== undefined && !when(value))) continue;
      refused.add(found);
      mistakes.push(`${found}: ${when === undefined || isFilled(value) ? '' : 'this value is '}not available yet`);
    }
  }
  return refused;
}

function select(tree: unknown, keys: readonly string[], at: string): [string, unknown][] {
  const [key, ...rest] = keys;
  if (key === undefined) return [[at, tree]];
  if (key === '*') {
    return Array.isArray(tree) ? tree.flatMap((entry, index) => select(entry, rest, `${at}[${index}]`)) : [];
  }
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) return [];
  const value = (tree as Record<string, unknown>)[key];
  return value === undefined ? [] : select(value, rest, at === '' ? key : `${at}.${key}`);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message))
    return 'is missing';
  if (issue.code === 'invalid_type')
    return `must be ${issue.expected === 'object' ? 'a group of keys' : `a ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map((value) => String(value)).join(' or ')}`;
  return issue.message;
}

function refuseTwice(list: string, names: readonly string[], mistakes: string[]): void {
  for (const [index, entry] of names.entries()) {
    if (names.indexOf(entry) !== index) mistakes.push(`${list}[${index}].name: "${entry}" is there twice`);
  }
}

function groupByDisposition(projects: readonly ProjectSettings[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const project of projects) {
    for (const disposition of new Set(project.dispositions)) {
      const shared = projects.filter(
        (other) =>
          other.dispositions.includes(disposition) &&
          other.imageSources.some((source) => project.imageSources.includes(source)),
      );
      if (shared.length > 1)
        owners.set(
          disposition,
          shared.map((other) => other.name),
        );
    }
  }
  return owners;
}
