#!/usr/bin/env node
import { ConfigurationError } from './base/config';
import { Fault } from './base/errors';
import { COMMANDS } from './commands';
import { EXIT, UsageError } from './commands/usage';
import { productVersion } from './commands/web-server';

const HELP = `tce-export: IHE Teaching File and Clinical Trial Export Manager over DICOMweb

Usage: tce-export <command> [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, command]) => `  ${name.padEnd(12)}${command.summary}`)
  .join('\n')}

tce-export <command> --help says more of each; tce-export --version prints the version.
Exit status: 0 all well, 1 fault, 2 wrong usage, 3 something was quarantined or refused.
`;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version') {
    process.stdout.write(`${productVersion()}\n`);
    return EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`tce-export: no such command; tce-export --help lists them\n`);
    return EXIT.usage;
  }
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
