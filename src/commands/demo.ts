import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Configuration, loadConfiguration } from '../base/config';
import { createLog } from '../base/log';
import {
  generateSamples,
  generateSelection,
  SAMPLE_DISPOSITIONS,
  SAMPLE_STUDIES,
  type Sample,
  Seed,
} from '../sandbox/samples';
import { createSandbox, type Sandbox } from '../sandbox/sandbox';
import type { SessionState } from '../session/export-session';
import { RUNNING_STATES } from '../session/transitions';
import { type Composition, compose } from './composition';
import { startWorking } from './serve';
import { type Command, EXIT, parseOptions, UsageError, untilStopped } from './usage';
import { startWebServer } from './web-server';

const HELP = `Shows the whole job with nothing else installed: an embedded Postgres, a sandbox PACS and a sandbox Receiver, three
made-up patients with manifests waiting, the server and its worker. What an earlier demo left is removed first.

Usage: tce-export demo [--dir DIR] [--port N] [--exit-when-done]

  --dir DIR          where it keeps everything (./var/demo)
  --port N           of the web pages (8080; 0 takes a free one)
  --exit-when-done   end as soon as nothing moves any more, instead of waiting for Ctrl-C
`;

/** States of the exports that the samples ask for; a longer wait than this is a defect. */
const PATIENCE_MS = 90_000;
const SELECTIONS = 7;

export const demoCommand: Command = {
  summary: 'the whole job on sample patients',
  help: HELP,
  run: async (args) => {
    const values = parseOptions(args, {
      dir: { type: 'string', default: './var/demo' },
      port: { type: 'string', default: '8080' },
      'exit-when-done': { type: 'boolean' },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new UsageError('--port must be a number from 0 to 65535');
    const directory = resolve(values.dir);
    const { signal, stopped } = untilStopped();
    const say = (line: string): void => void process.stdout.write(`${line}\n`);

    say('Making sample patients …');
    rmSync(join(directory, 'pacs'), { recursive: true, force: true });
    rmSync(join(directory, 'receiver'), { recursive: true, force: true });
    rmSync(join(directory, 'data'), { recursive: true, force: true });
    fillPacs(join(directory, 'pacs'));
    mkdirSync(join(directory, 'receiver'), { recursive: true });
    const sandboxes: Sandbox[] = [];
    let composition: Composition | undefined;
    try {
      const pacs = await createSandbox({ directory: join(directory, 'pacs') });
      const receiver = await createSandbox({ directory: join(directory, 'receiver') });
      sandboxes.push(pacs, receiver);
      const configuration = demoConfiguration(directory, port, await pacs.listen(0), await receiver.listen(0));
      say('Starting Postgres …');
      composition = await compose(configuration, createLog('warn', process.stderr));
      const web = await startWebServer(composition);
      const worker = await startWorking(composition, signal);
      say('\nTCE Export Manager demo');
      say(`  pages           http://localhost:${web.port}`);
      say(`  sign in once    ${await web.oneTimeLink()}`);
      say(`  sandbox PACS    ${configuration.imageSources[0]?.dicomweb.url}`);
      say(`  Receiver        ${configuration.receivers[0]?.dicomweb?.url}\n`);
      const settled = await watch(composition, say, signal);
      if (settled) say('\nNothing moves any more. The pages stay up until Ctrl-C.');
      if (values['exit-when-done'] !== true) await stopped;
      await web.close();
      await worker.stop();
      return settled || signal.aborted ? EXIT.ok : EXIT.fault;
    } finally {
      await composition?.close();
      for (const sandbox of sandboxes) await sandbox.close();
    }
  },
};

function fillPacs(directory: string): void {
  const store = (sample: Sample): void => {
    const path = join(directory, `${sample.name}.dcm`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sample.bytes);
  };
  const undecided: Omit<Sample, 'bytes'>[] = [];
  for (const { bytes, ...sample } of generateSamples()) {
    store({ ...sample, bytes });
    if (sample.name.startsWith('example/mr-1/mr-t2/')) undecided.push(sample);
  }
  store(selectionOfNobody(undecided));
}

/** Its title is one of two projects, and no disposition tells which: a person has to. */
function selectionOfNobody(references: readonly Omit<Sample, 'bytes'>[]): Sample {
  const title = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
  return generateSelection({ study: SAMPLE_STUDIES.trial, key: 'undecided', title, references }, new Seed('samples'));
}

function demoConfiguration(directory: string, port: number, pacs: string, receiver: string): Configuration {
  const text = JSON.stringify({
    server: { host: '127.0.0.1', port },
    dataDir: join(directory, 'data'),
    imageSources: [{ name: 'sandbox-pacs', dicomweb: { url: pacs }, poll: { every: '2s' } }],
    receivers: [{ name: 'sandbox-archive', dicomweb: { url: receiver } }],
    projects: [
      {
        name: 'Teaching collection',
        kind: 'teaching-file',
        dispositions: [SAMPLE_DISPOSITIONS.teaching],
        receiver: 'sandbox-archive',
        subjects: { pattern: 'CASE-{0000}' },
      },
      {
        name: 'Case conference',
        kind: 'teaching-file',
        dispositions: ['Case conference'],
        receiver: 'sandbox-archive',
        subjects: { pattern: 'CONF-{000}' },
      },
      {
        name: 'HEAD-01',
        kind: 'clinical-trial',
        dispositions: [SAMPLE_DISPOSITIONS.trial],
        receiver: 'sandbox-archive',
        subjects: { pattern: 'HEAD-01-{000}' },
      },
    ],
  });
  // JSON is YAML. The environment stays out of it: a demo must not reach a real server.
  return loadConfiguration({ file: { text, directory }, environment: {} });
}

/** Tells of each session as it moves, until nothing does; false where that takes too long. */
async function watch(composition: Composition, say: (line: string) => void, signal: AbortSignal): Promise<boolean> {
  const told = new Map<string, SessionState>();
  const began = Date.now();
  while (!signal.aborted) {
    const { items } = await composition.store.reads.worklist({ limit: 100 });
    for (const session of [...items].reverse()) {
      if (told.get(session.id) === session.state) continue;
      told.set(session.id, session.state);
      if (session.state === 'planning' || session.state === 'queued') continue;
      const why = session.error === null ? '' : `: ${session.error.message}`;
      say(
        `  ${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${session.project ?? 'no project'}, ${session.documentTitle.CodeMeaning}: ${session.state} (${session.counts.delivered} of ${session.counts.selected} delivered)${why}`,
      );
    }
    const moving = items.some(({ state }) => RUNNING_STATES.includes(state) && state !== 'waiting');
    if (items.length >= SELECTIONS && !moving) return true;
    if (Date.now() - began > PATIENCE_MS) return false;
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
