export interface Progress {
  /** `done` of `total` (null while still counting). */
  update(done: number, total: number | null): void;
  end(): void;
}

const EVERY_MS = 200;

/** Instances, rate and time left on one line, rewritten in place; nothing where the stream is no terminal. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update: () => undefined, end: () => undefined };
  const began = Date.now();
  let last = 0;
  return {
    update: (done, total) => {
      const now = Date.now();
      if (now - last < EVERY_MS && done !== total) return;
      last = now;
      const rate = done / Math.max((now - began) / 1000, 0.001);
      const left = total === null || rate === 0 ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
      stream.write(`\r\x1b[K${done}${total === null ? '' : ` of ${total}`} instances, ${Math.round(rate)}/s${left}`);
    },
    end: () => {
      stream.write('\r\x1b[K');
    },
  };
}
