import { resolve } from 'node:path';
import { checkAudit } from './config-audit';
import { field, select } from './config-tree';
import { checkSubjects } from './config-trial';
import { RECEIVED } from './reserved-names';

/*
 * What one key means for another, and the secrets that lie in files. All of it looks at the plain values and passes
 * over what is malformed, so that a mistake in one place does not hide those in another.
 */

/** By path, such as `users[0].password`; null where one is given that cannot be used, which is then a mistake. */
export type Secrets = ReadonlyMap<string, string | null>;

const SECRETS: readonly { readonly at: string; readonly keys: readonly string[] }[] = [
  { at: 'database', keys: ['url'] },
  { at: 'imageSources.*.dicomweb', keys: ['password', 'bearerToken', 'ca'] },
  { at: 'receivers.*.dicomweb', keys: ['password', 'bearerToken', 'ca'] },
  { at: 'users.*', keys: ['password'] },
  { at: 'apiTokens.*', keys: ['token'] },
  { at: 'audit.syslog', keys: ['ca', 'cert', 'key'] },
];

/** Each secret from its key or from the file that its twin names. */
export function readSecrets(tree: unknown, readFile: (path: string) => string, mistakes: string[]): Secrets {
  const secrets = new Map<string, string | null>();
  for (const { at, keys } of SECRETS) {
    for (const [place, group] of select(tree, at)) {
      for (const key of keys) {
        const value = field(group, key);
        const file = field(group, `${key}File`);
        if (value === undefined && file === undefined) continue;
        const path = `${place}.${key}`;
        secrets.set(path, typeof value === 'string' ? value : null);
        if (value !== undefined && file !== undefined) mistakes.push(`${path}: given twice, once as ${path}File`);
        else if (typeof file === 'string') {
          try {
            secrets.set(path, readFile(file).trim());
          } catch {
            mistakes.push(`${path}File: the file cannot be read`);
          }
        }
      }
    }
  }
  return secrets;
}

/** Lists whose entries are told apart by one key. */
const NAMED = [
  { list: 'imageSources', key: 'name' },
  { list: 'receivers', key: 'name' },
  { list: 'projects', key: 'name' },
  { list: 'users', key: 'username' },
  { list: 'apiTokens', key: 'name' },
] as const;

export function crossCheck(tree: unknown, secrets: Secrets, mistakes: string[]): void {
  checkSecrets(tree, secrets, mistakes);
  checkAudit(tree, secrets, mistakes);
  for (const { list, key } of NAMED) {
    const names = select(tree, `${list}.*`).map(([, entry]) => text(field(entry, key)));
    for (const [index, name] of names.entries()) {
      if (name !== undefined && names.indexOf(name) !== index) {
        mistakes.push(`${list}[${index}].${key}: "${name}" is there twice`);
      }
    }
  }
  for (const [path, name] of select(tree, 'imageSources.*.name')) {
    if (text(name) === RECEIVED) mistakes.push(`${path}: "${RECEIVED}" stands for what is stored here by STOW-RS`);
  }
  checkReceivers(tree, mistakes);
  checkProjects(tree, mistakes);
  checkTitles(tree, mistakes);
  checkRestrictions(tree, mistakes);
  checkDefaultProjects(tree, mistakes);
  checkSubjects(tree, mistakes);
}

/** RFC 6750 2.1, b64token: what can stand behind `Bearer` in a header. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

const TOKEN_RULES: readonly { readonly broken: (token: string) => boolean; readonly message: string }[] = [
  { broken: (token) => token.length < 16, message: 'has fewer than 16 characters' },
  { broken: (token) => token.length > 512, message: 'has more than 512 characters' },
  {
    broken: (token) => token !== '' && !BEARER_TOKEN.test(token),
    message: 'may have only letters, digits and - . _ ~ + /, with = at the end (RFC 6750)',
  },
];

function checkSecrets(tree: unknown, secrets: Secrets, mistakes: string[]): void {
  for (const list of ['imageSources', 'receivers']) {
    for (const [path, group] of select(tree, `${list}.*.dicomweb`)) {
      if (field(group, 'username') !== undefined && secrets.has(`${path}.bearerToken`)) {
        mistakes.push(`${path}: username and bearerToken exclude each other`);
      }
    }
  }
  for (const [path] of select(tree, 'users.*')) {
    const password = secrets.get(`${path}.password`);
    if (password === undefined || password === '') mistakes.push(`${path}.password: is missing (or passwordFile)`);
  }
  for (const [path] of select(tree, 'apiTokens.*')) {
    const token = secrets.get(`${path}.token`);
    if (token === undefined) mistakes.push(`${path}.token: is missing (or tokenFile)`);
    else if (token !== null) {
      for (const { broken, message } of TOKEN_RULES) if (broken(token)) mistakes.push(`${path}.token: ${message}`);
    }
  }
}

function checkReceivers(tree: unknown, mistakes: string[]): void {
  const dataDir = resolve('/', text(field(tree, 'dataDir')) ?? 'var');
  for (const [path, receiver] of select(tree, 'receivers.*')) {
    const ways = ['dicomweb', 'folder'].filter((way) => field(receiver, way) !== undefined);
    if (ways.length === 0) mistakes.push(`${path}: needs dicomweb or folder`);
    if (ways.length === 2) mistakes.push(`${path}: dicomweb and folder exclude each other`);
    const folder = text(field(field(receiver, 'folder'), 'path'));
    if (folder !== undefined && `${dataDir}/`.startsWith(`${resolve('/', folder).replace(/\/$/, '')}/`)) {
      mistakes.push(`${path}.folder.path: must not be or hold dataDir, where the master key lies`);
    }
  }
}

function checkProjects(tree: unknown, mistakes: string[]): void {
  const sources = namesOf(tree, 'imageSources.*.name');
  const receivers = namesOf(tree, 'receivers.*.name');
  const projects = select(tree, 'projects.*').map(([path, project]) => ({ path, project }));
  for (const { path, project } of projects) {
    for (const [at, value] of select(project, 'imageSources.*')) {
      const source = text(value);
      if (source !== undefined && !sources.includes(source)) {
        mistakes.push(`${path}.${at}: no image source has this name`);
      }
    }
    const named = [...select(project, 'receiver'), ...select(project, 'receivers.*')];
    if (named.length === 0) mistakes.push(`${path}.receiver: is missing (or receivers)`);
    for (const [index, [at, value]] of named.entries()) {
      const receiver = text(value);
      if (receiver === undefined) continue;
      if (!receivers.includes(receiver)) mistakes.push(`${path}.${at}: no receiver has this name`);
      else if (named.findIndex(([, other]) => text(other) === receiver) !== index) {
        mistakes.push(`${path}.${at}: "${receiver}" is there twice`);
      }
    }
  }
  const claims = projects.map(({ path, project }) => ({
    name: text(field(project, 'name')) ?? path,
    dispositions: new Set(namesOf(project, 'dispositions.*')),
    sources: field(project, 'imageSources') === undefined ? sources : namesOf(project, 'imageSources.*'),
  }));
  for (const [index, one] of claims.entries()) {
    for (const other of claims.slice(index + 1)) {
      if (!one.sources.some((source) => other.sources.includes(source))) continue;
      for (const disposition of one.dispositions) {
        if (!other.dispositions.has(disposition)) continue;
        mistakes.push(
          `projects: "${one.name}" and "${other.name}" share a disposition (of ${disposition.length} characters) and an image source`,
        );
      }
    }
  }
}

/** A misspelt name would take somebody's project away without a word. */
function checkRestrictions(tree: unknown, mistakes: string[]): void {
  const projects = namesOf(tree, 'projects.*.name');
  for (const list of ['users', 'apiTokens']) {
    for (const [path, value] of select(tree, `${list}.*.projects.*`)) {
      const name = text(value);
      if (name !== undefined && !projects.includes(name)) mistakes.push(`${path}: no project has this name`);
    }
  }
}

/** Manifests of document sharing and rejection notes: they order nothing (`selection/document-titles` has the same). */
const NEVER_AN_ORDER = /^((11303[0-5]|113001|11303[789]|131360)\^DCM|MADOTEMP001\^99IHE)$/;

function checkTitles(tree: unknown, mistakes: string[]): void {
  for (const [path, title] of select(tree, 'projects.*.documentTitles.*')) {
    const code = text(title) ?? `${text(field(title, 'CodeValue'))}^${text(field(title, 'CodingSchemeDesignator'))}`;
    if (NEVER_AN_ORDER.test(code)) mistakes.push(`${path}: is a manifest or a rejection note, never an order`);
  }
}

function checkDefaultProjects(tree: unknown, mistakes: string[]): void {
  for (const [path, source] of select(tree, 'imageSources.*')) {
    const project = text(field(source, 'defaultProject'));
    if (project === undefined) continue;
    const found = select(tree, 'projects.*').find(([, entry]) => text(field(entry, 'name')) === project)?.[1];
    if (found === undefined) mistakes.push(`${path}.defaultProject: no project has this name`);
    else if (
      field(found, 'imageSources') !== undefined &&
      !namesOf(found, 'imageSources.*').includes(text(field(source, 'name')) ?? '')
    ) {
      mistakes.push(`${path}.defaultProject: this project does not serve the image source`);
    }
  }
}

/** As the schema takes it: without the spaces around it. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function namesOf(tree: unknown, path: string): string[] {
  return select(tree, path).flatMap(([, value]) => text(value) ?? []);
}
