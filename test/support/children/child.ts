import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Child {
  readonly process: ChildProcess;
  /** The next line that begins with this word, without it. */
  said(word: string): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A script beside this file, in a process of its own. It talks in lines on standard output. */
export function startChild(script: string, args: readonly string[]): Child {
  const hook = join(__dirname, '..', 'register-typescript.js');
  const child = spawn(process.execPath, ['-r', hook, join(__dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(wake);
  return {
    process: child,
    said: (word) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const at = lines.findIndex((line) => line.startsWith(`${word} `) || line === word);
          if (at >= 0) {
            waiting.delete(look);
            resolve((lines.splice(at, 1)[0] ?? '').slice(word.length + 1));
          } else if (child.exitCode !== null || child.signalCode !== null) {
            waiting.delete(look);
            reject(new Error(`${script} ended without saying ${word}: ${lines.join(' / ')}`));
          }
        };
        waiting.add(look);
        look();
      }),
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
