import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC_DIRECTORY, VIEWS_DIRECTORY } from '../../../src/web/project-root';
import { Views } from '../../../src/web/views';

const files = readdirSync(VIEWS_DIRECTORY, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.hbs'),
);

test('no view lets anything through unescaped, holds a script or an inline style, or loads from elsewhere', () => {
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const source = readFileSync(join(VIEWS_DIRECTORY, file), 'utf8');
    expect([file, /\{\{\{|\{\{\s*&|<script|\sstyle=|\son[a-z]+=|https?:\/\//.exec(source)?.[0]]).toEqual([
      file,
      undefined,
    ]);
  }
});

test('the style loads nothing from elsewhere', () => {
  expect(readFileSync(join(PUBLIC_DIRECTORY, 'style.css'), 'utf8')).not.toMatch(/@import|url\(/);
});

describe('a folder of views', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'views-'));
    mkdirSync(join(directory, 'partials'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('is read once: what changes afterwards is not seen', () => {
    writeFileSync(join(directory, 'hello.hbs'), 'Hello {{name}}');
    const views = new Views(directory);
    writeFileSync(join(directory, 'hello.hbs'), 'changed');
    expect(views.render('hello', { name: '<Ada>' })).toBe('Hello &lt;Ada&gt;');
  });

  test('with a mistake in it ends the start', () => {
    writeFileSync(join(directory, 'broken.hbs'), '{{#if a}}');
    expect(() => new Views(directory)).toThrow();
  });

  test('does not print blanks for what the model lacks', () => {
    writeFileSync(join(directory, 'hello.hbs'), 'Hello {{name}}');
    expect(() => new Views(directory).render('hello', {})).toThrow(/name/);
  });

  test('knows no other views than those in it', () => {
    expect(() => new Views(directory).render('../package', {})).toThrow();
  });
});
