import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { notFound } from './problem';
import { anyone, type Route, route } from './route';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of public/, held in memory: no path of a request ever reaches the file system. */
export class Assets {
  private readonly files = new Map<
    string,
    { readonly bytes: Buffer; readonly type: string; readonly digest: string }
  >();

  constructor(directory: string) {
    for (const name of readdirSync(directory)) {
      const type = CONTENT_TYPES[extname(name)];
      if (type === undefined) continue;
      const bytes = readFileSync(join(directory, name));
      this.files.set(name, { bytes, type, digest: createHash('sha256').update(bytes).digest('hex').slice(0, 12) });
    }
  }

  /** Changes with the content, so that browsers may keep what they have for good. */
  href(name: string): string {
    return `/assets/${name}?v=${this.files.get(name)?.digest ?? ''}`;
  }

  routes(): readonly Route[] {
    return [
      route('GET', '/assets/:name', anyone, (request, response) => {
        const file = this.files.get(String(request.params.name));
        if (file === undefined) throw notFound();
        const current = request.query.v === file.digest;
        response.set('Cache-Control', current ? 'public, max-age=31536000, immutable' : 'no-cache');
        response.type(file.type).send(file.bytes);
      }),
    ];
  }
}
