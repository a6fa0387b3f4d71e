import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type AuditSettings, auditSchema, auditSettings } from './config-audit';
import { crossCheck, readSecrets, type Secrets } from './config-cross-checks';
import { type Environment, interpolate, overlayEnvironment } from './config-environment';
import { type DeidentificationSettings, duration, type KINDS, name, projectSchema } from './config-project';
import { readYaml, select } from './config-tree';
import { type SubjectSettings, subjectPatternOf, type TrialSettings } from './config-trial';
import { ROLES, type Role, TOKEN_SCOPES, type TokenScope } from './roles';
import { type LineOf, linesIn, namingTheLine, onTheirLines } from './yaml-lines';

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

const httpUrl = z.string().refine((text) => /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : ''), {
  message: 'is no http or https URL',
});
/** Credentials in an address would go wherever the address is logged or shown. */
const peerUrl = httpUrl.refine(
  (text) => !URL.canParse(text) || `${new URL(text).username}${new URL(text).password}` === '',
  {
    message: 'must not hold a username or password: they have keys of their own',
  },
);

const dicomweb = z.strictObject({
  url: peerUrl,
  username: z.string().optional(),
  password: z.string().optional(),
  passwordFile: z.string().optional(),
  bearerToken: z.string().optional(),
  bearerTokenFile: z.string().optional(),
  ca: z.string().optional(),
  caFile: z.string().optional(),
});

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
  /** Of a key management system, which wraps what is in `masterKeyFile`. */
  masterKey: z
    .strictObject({
      command: z.array(z.string().min(1, 'must not be empty')).min(1, 'must not be empty'),
      timeout: duration.prefault('10s'),
    })
    .optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  audit: auditSchema,
  worker: z.strictObject({ concurrency: z.coerce.number().int().min(1).max(64).default(4) }).prefault({}),
  imageSources: z
    .array(
      z.strictObject({
        name,
        dicomweb,
        poll: z.strictObject({ every: duration.default(10_000), lookback: duration.optional() }).optional(),
        defaultProject: name.optional(),
        /** Address under which the PACS shows a study to people. */
        viewer: httpUrl.includes('{StudyInstanceUID}', 'needs {StudyInstanceUID}').optional(),
      }),
    )
    .default([]),
  delays: z.strictObject({ remindAfter: duration.prefault('14d'), lookEvery: duration.prefault('5m') }).prefault({}),
  received: z
    .strictObject({
      keepUnclaimed: duration.prefault('7d'),
      maxRequestBytes: z.coerce
        .number()
        .int()
        .min(1024)
        .default(64 * 1024 ** 3),
    })
    .prefault({}),
  receivers: z
    .array(
      z.strictObject({
        name,
        dicomweb: dicomweb.optional(),
        folder: z.strictObject({ path: z.string().trim().min(1, 'must not be empty') }).optional(),
        order: z.enum(['instances-first', 'manifest-first']).default('instances-first'),
        titleCodes: z.enum(['as-received', 'IHERADTF', 'DCM']).default('as-received'),
        additionalInformation: z.enum(['nested', 'flat']).default('nested'),
      }),
    )
    .default([]),
  projects: z.array(projectSchema).default([]),
  users: z
    .array(
      z.strictObject({
        username: name,
        role: z.enum(ROLES),
        projects: z.array(name).optional(),
        password: z.string().optional(),
        passwordFile: z.string().optional(),
      }),
    )
    .default([]),
  apiTokens: z
    .array(
      z.strictObject({
        name,
        scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
        projects: z.array(name).optional(),
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
  /** Has the selections that neither text nor title give to a project. */
  readonly defaultProject?: string;
  /** Template with {StudyInstanceUID} and, where the viewer wants it, {PatientID}. */
  readonly viewer?: string;
}
export interface ReceiverSettings {
  readonly name: string;
  /** Either this or a folder. */
  readonly dicomweb?: DicomwebSettings;
  readonly folder?: { readonly path: string };
  readonly order: 'instances-first' | 'manifest-first';
  readonly titleCodes: 'as-received' | 'IHERADTF' | 'DCM';
  /** Where teaching file information has the author's affiliation and contact: below the author, or beside. */
  readonly additionalInformation: 'nested' | 'flat';
}
export interface ProjectSettings {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly dispositions: readonly string[];
  /** Accepted beside the title of its kind. */
  readonly documentTitles: readonly { readonly CodeValue: string; readonly CodingSchemeDesignator: string }[];
  /** Names of image sources; all of them where the file names none. */
  readonly imageSources: readonly string[];
  /** The first of `receivers`. */
  readonly receiver: string;
  /** Each gets every set. */
  readonly receivers: readonly string[];
  /** What ends a delay by itself. */
  readonly releaseOn: readonly 'final-report'[];
  /** Instances rejected for quality reasons stay here, as those rejected for others do. */
  readonly rejectQualityToo: boolean;
  /** Teaching file information in a study of the selection leaves with it, named by the selection or not. */
  readonly addUnreferencedInformation: boolean;
  /** null: all or nothing. `waitForMissing` in milliseconds. */
  readonly partial: { readonly waitForMissing: number } | null;
  /** As it is written; whether it can be carried out is known once the policy is made of it. */
  readonly deidentification: DeidentificationSettings;
  readonly clinicalTrial?: TrialSettings;
  /** How long, in milliseconds, what identifies is kept after the last export; null: for good. */
  readonly keepIdentity: number | null;
  /** Whether what leads back to the patient is kept; left out: as kind and preset promise. */
  readonly reversible?: boolean;
  /** Whether a second person has to agree before anybody is led back to a patient. */
  readonly reidentification: { readonly fourEyes: boolean };
  readonly review: 'on-findings' | 'always' | 'never';
  /** With the site in its place. */
  readonly subjectPattern: string;
  readonly subjects: SubjectSettings;
}
export interface Configuration {
  readonly server: { readonly host: string; readonly port: number; readonly publicUrl: string };
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly masterKeyFile: string;
  /** null: the file holds the key itself. `timeout` in milliseconds. */
  readonly keyManagement: { readonly command: readonly string[]; readonly timeout: number } | null;
  readonly logLevel: Parsed['logLevel'];
  readonly workerConcurrency: number;
  readonly audit: AuditSettings;
  readonly imageSources: readonly ImageSourceSettings[];
  /** What is stored here by STOW-RS: how long (milliseconds) it waits for a selection, and how much comes at a time. */
  readonly received: { readonly keepUnclaimed: number; readonly maxRequestBytes: number };
  readonly receivers: readonly ReceiverSettings[];
  /** Milliseconds. */
  readonly delays: { readonly remindAfter: number; readonly lookEvery: number };
  readonly projects: readonly ProjectSettings[];
  readonly users: readonly {
    readonly username: string;
    readonly role: Role;
    /** Names of the projects that they may see; null: all of them. */
    readonly projects: readonly string[] | null;
    readonly password: string;
  }[];
  readonly apiTokens: readonly {
    readonly name: string;
    readonly scopes: readonly TokenScope[];
    readonly projects: readonly string[] | null;
    readonly token: string;
  }[];
}

/**
 * Keys and values that the file may name one day and that this version refuses by name. `*` stands for a list index;
 * `when` limits the refusal to some values.
 */
const NOT_AVAILABLE_YET: readonly { readonly path: string; readonly when?: (value: unknown) => boolean }[] = [
  { path: 'oidc' },
];

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

export interface ConfigurationInput {
  /** Text of the file and the folder that relative paths start from; left out: environment and defaults only. */
  readonly file?: { readonly text: string; readonly directory: string };
  readonly environment: Environment;
  readonly readFile?: (path: string) => string;
}

/** Reads, completes and checks. Throws ConfigurationError with every mistake at once. */
export function loadConfiguration(input: ConfigurationInput): Configuration {
  const mistakes: string[] = [];
  const directory = input.file?.directory ?? process.cwd();
  const readFile = input.readFile ?? ((path: string) => readFileSync(path, 'utf8'));

  const raw = readYaml(input.file?.text ?? '', mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const written = interpolate(raw, input.environment, '', mistakes);
  const tree = overlayEnvironment(schema, written, input.environment, mistakes);
  const result = checkSchema(tree, refuseNotAvailable(tree, mistakes), mistakes);
  const secrets = readSecrets(tree, (path) => readFile(resolve(directory, path)), mistakes);
  crossCheck(tree, secrets, mistakes);
  const lineOf = linesIn(input.file?.text ?? '');
  if (result === undefined || mistakes.length > 0) {
    throw new ConfigurationError(mistakes.map((mistake) => namingTheLine(mistake, lineOf)));
  }
  return complete(result, secrets, directory, input.environment, lineOf);
}

/** undefined where the values are not of the schema; each reason is then among the mistakes. */
function checkSchema(tree: unknown, refused: ReadonlySet<string>, mistakes: string[]): Parsed | undefined {
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
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
  return undefined;
}

function complete(
  parsed: Parsed,
  secrets: Secrets,
  directory: string,
  environment: Environment,
  lineOf: LineOf,
): Configuration {
  const connection = (path: string, { url, username }: z.output<typeof dicomweb>): DicomwebSettings => {
    const password = secrets.get(`${path}.password`) ?? undefined;
    const bearerToken = secrets.get(`${path}.bearerToken`) ?? undefined;
    const ca = secrets.get(`${path}.ca`) ?? undefined;
    return {
      url: url.replace(/\/+$/, ''),
      ...(username === undefined ? {} : { username }),
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
    ...(source.defaultProject === undefined ? {} : { defaultProject: source.defaultProject }),
    ...(source.viewer === undefined ? {} : { viewer: source.viewer }),
  }));
  const databaseUrl = secrets.get('database.url') ?? environment.DATABASE_URL ?? null;
  const dataDir = resolve(directory, parsed.dataDir);
  return {
    server: {
      host: parsed.server.host,
      port: parsed.server.port,
      publicUrl: (parsed.server.publicUrl ?? `http://localhost:${parsed.server.port}`).replace(/\/+$/, ''),
    },
    databaseUrl: databaseUrl === '' ? null : databaseUrl,
    dataDir,
    masterKeyFile:
      parsed.masterKeyFile === undefined
        ? resolve(dataDir, parsed.masterKey === undefined ? 'master.key' : 'master.key.wrapped')
        : resolve(directory, parsed.masterKeyFile),
    keyManagement: parsed.masterKey ?? null,
    logLevel: parsed.logLevel,
    workerConcurrency: parsed.worker.concurrency,
    audit: auditSettings(parsed.audit, secrets),
    imageSources,
    delays: parsed.delays,
    received: parsed.received,
    receivers: parsed.receivers.map((receiver, index) => ({
      name: receiver.name,
      ...(receiver.dicomweb === undefined
        ? {}
        : { dicomweb: connection(`receivers[${index}].dicomweb`, receiver.dicomweb) }),
      ...(receiver.folder === undefined ? {} : { folder: { path: resolve(directory, receiver.folder.path) } }),
      order: receiver.order,
      titleCodes: receiver.titleCodes,
      additionalInformation: receiver.additionalInformation,
    })),
    projects: parsed.projects.map((project, index) => ({
      name: project.name,
      kind: project.kind,
      dispositions: project.dispositions,
      documentTitles: project.documentTitles,
      imageSources: project.imageSources ?? imageSources.map((source) => source.name),
      receiver: project.receiver ?? project.receivers[0] ?? '',
      receivers: project.receiver === undefined ? project.receivers : [project.receiver, ...project.receivers],
      releaseOn: project.releaseOn,
      rejectQualityToo: project.rejectQualityToo,
      addUnreferencedInformation: project.addUnreferencedInformation,
      partial: project.partial ? { waitForMissing: project.waitForMissing } : null,
      deidentification: {
        ...withoutUndefined(project.deidentification),
        overrides: onTheirLines(
          withoutUndefined(project.deidentification.overrides),
          `projects[${index}].deidentification.overrides`,
          lineOf,
        ),
      },
      ...(project.clinicalTrial === undefined ? {} : { clinicalTrial: withoutUndefined(project.clinicalTrial) }),
      keepIdentity: project.retention.identity ?? null,
      ...(project.reversible === undefined ? {} : { reversible: project.reversible }),
      reidentification: project.reidentification,
      review: project.review,
      subjectPattern: subjectPatternOf(project.subjects.pattern, project.clinicalTrial?.siteID),
      subjects: { list: project.subjects.list, assign: project.subjects.assign },
    })),
    users: parsed.users.map(({ username, role, projects }, index) => ({
      username,
      role,
      projects: projects ?? null,
      password: secrets.get(`users[${index}].password`) ?? '',
    })),
    apiTokens: parsed.apiTokens.map(({ name: holder, scopes, projects }, index) => ({
      name: holder,
      scopes,
      projects: projects ?? null,
      token: secrets.get(`apiTokens[${index}].token`) ?? '',
    })),
  };
}

export function loadConfigurationFile(path: string | undefined, environment: Environment): Configuration {
  if (path === undefined) return loadConfiguration({ environment });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigurationError([`the file ${path} cannot be read`]);
  }
  return loadConfiguration({ file: { text, directory: dirname(resolve(path)) }, environment });
}

/** Says each key that is known but not built yet; answers their paths, so that they are not reported a second time. */
function refuseNotAvailable(tree: unknown, mistakes: string[]): ReadonlySet<string> {
  const refused = new Set<string>();
  for (const { path, when } of NOT_AVAILABLE_YET) {
    for (const [found, value] of select(tree, path)) {
      if (value === undefined || value === null || (when !== undefined && !when(value))) continue;
      refused.add(found);
      mistakes.push(`${found}: ${when === undefined || isFilled(value) ? '' : 'this value is '}not available yet`);
    }
  }
  return refused;
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

type Defined<T> = T extends readonly (infer Item)[]
  ? readonly Defined<Item>[]
  : T extends object
    ? { [Key in keyof T]: Defined<Exclude<T[Key], undefined>> }
    : T;

/** Keys that were left out are left out, and not there without a value. */
function withoutUndefined<T>(value: T): Defined<T> {
  if (Array.isArray(value)) return value.map(withoutUndefined) as Defined<T>;
  if (value === null || typeof value !== 'object') return value as Defined<T>;
  const entries = Object.entries(value).flatMap(([key, each]) =>
    each === undefined ? [] : [[key, withoutUndefined(each)]],
  );
  return Object.fromEntries(entries) as Defined<T>;
}
