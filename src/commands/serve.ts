import { SYSTEM } from '../audit/audit-event';
import { loadConfigurationFile } from '../base/config';
import { createLog } from '../base/log';
import { reconsiderProject } from '../session/deeds';
import { startAuditSender } from './audit-sender';
import { type Composition, compose } from './composition';
import { type Command, EXIT, parseOptions, untilStopped } from './usage';
import { startWebServer } from './web-server';

export const serveCommand: Command = {
  summary: 'web pages, API and worker in one process',
  help: `Runs the Export Manager: web pages, JSON API, and a worker that does the exports.

Usage: tce-export serve [--config FILE] [--no-worker]

  --config FILE   configuration (YAML); without one: environment and defaults
  --no-worker     pages and API only; exports are done by tce-export work
`,
  run: async (args) => {
    const values = parseOptions(args, { config: { type: 'string' }, 'no-worker': { type: 'boolean' } });
    return run(values.config, { web: true, worker: values['no-worker'] !== true });
  },
};

export const workCommand: Command = {
  summary: 'a worker only',
  help: `Runs a worker that does exports and polls image sources; as many as you like on one database.

Usage: tce-export work [--config FILE]
`,
  run: async (args) => {
    const values = parseOptions(args, { config: { type: 'string' } });
    return run(values.config, { web: false, worker: true });
  },
};

async function run(configFile: string | undefined, parts: { web: boolean; worker: boolean }): Promise<number> {
  const configuration = loadConfigurationFile(configFile, process.env);
  const { signal, stopped } = untilStopped();
  const log = createLog(configuration.logLevel);
  const composition = await compose(configuration, log);
  const { audit } = composition.store;
  try {
    await audit.noteConfiguration(configuration);
    await audit.record([{ event: 'application-started', actor: SYSTEM }]);
    const web = parts.web ? await startWebServer(composition) : undefined;
    if (
      web !== undefined &&
      configuration.users.length === 0 &&
      !(await composition.store.accounts.hasAdministrator())
    ) {
      // Not a log line: it is a secret, for whoever looks at the console.
      process.stderr.write(
        `\nNo users are configured. Sign in once, within 15 minutes:\n  ${await web.oneTimeLink()}\n\n`,
      );
    }
    const worker = parts.worker ? await startWorking(composition, signal) : undefined;
    const auditSender = parts.worker ? startAuditSender(composition, signal) : undefined;
    await stopped;
    log.info('stopping');
    await web?.close();
    await worker?.stop();
    await auditSender;
    await audit.record([{ event: 'application-stopped', actor: SYSTEM }]);
    return EXIT.ok;
  } finally {
    await composition.close();
  }
}

/** Selections that no project claimed get a second look first: the configuration may have changed. */
export async function startWorking(composition: Composition, signal: AbortSignal) {
  const { store, projectRules } = composition;
  const deeds = { store: store.sessions, projectRules, project: (name: string) => store.projects.byName(name) };
  let cursor: string | undefined;
  do {
    const page = await store.reads.worklist({
      state: 'received',
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const session of page.items) await reconsiderProject(session.id, deeds);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return composition.startWorker(signal);
}
