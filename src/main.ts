#!/usr/bin/env node
import { ConfigurationError } from './base/config';
import { Fault } from './base/errors';
import { productVersion } from './base/package-root';
import { COMMANDS } from './commands';
import { EXIT, UsageError } from './commands/usage';

async function help(): Promise<string> {
  const lines: string[] = [];
  for (const [name, load] of Object.entries(COMMANDS)) lines.push(`  ${name.padEnd(18)}${(await load()).summary}`);
  return `tce-export: IHE Teaching File and Clinical Trial Export Manager over DICOMweb

Usage: tce-export <command> [options]

Commands:
${lines.join('\n')}

tce-export <command> --help says more of each; tce-export --version prints the version.
Exit status: 0 all well, 1 fault, 2 wrong usage, 3 something was quarantined or refused.
`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await help());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version') {
    process.stdout.write(`${productVersion()}\n`);
    return EXIT.ok;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`tce-export: no such command; tce-export --help lists them\n`);
    return EXIT.usage;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help);
    return EXIT.ok;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`tce-export ${name}: ${error.message}\ntce-export ${name} --help says more.\n`);
      return EXIT.usage;
    }
    if (error instanceof ConfigurationError) {
      process.stderr.write(`tce-export ${name}: ${error.message}\n`);
      return EXIT.usage;
    }
    if (error instanceof Fault) {
      process.stderr.write(
        `tce-export ${name}: ${error.message} (${error.code})\n${error.remedy === undefined ? '' : `${error.remedy}\n`}`,
      );
      return EXIT.fault;
    }
    // A defect: the place helps, the message may come from anywhere and is not shown.
    const place = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6).join('\n') : '';
    process.stderr.write(
      `tce-export ${name}: unexpected ${error instanceof Error ? error.name : typeof error}\n${place}\n`,
    );
    return EXIT.fault;
  }
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  () => {
    process.exitCode = EXIT.fault;
  },
);
