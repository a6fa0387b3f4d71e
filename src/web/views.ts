import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';

/**
 * The views, compiled once at the start. Everything is escaped; a field that the model lacks is an error instead of a
 * blank; there are no helpers beside Handlebars' own, so what a page says is decided in TypeScript.
 */
export class Views {
  private readonly views = new Map<string, Handlebars.TemplateDelegate>();

  constructor(directory: string) {
    const handlebars = Handlebars.create();
    const options: CompileOptions = { strict: true, preventIndent: true, knownHelpersOnly: true };
    for (const [name, source] of sources(join(directory, 'partials'))) {
      handlebars.registerPartial(name, handlebars.compile(handlebars.parse(source), options));
    }
    for (const [name, source] of sources(directory)) {
      // Parsed here, so that a mistake in a view ends the start and not a request.
      this.views.set(name, handlebars.compile(handlebars.parse(source), options));
    }
  }

  render(name: string, model: object): string {
    const view = this.views.get(name);
    if (view === undefined) throw new Error(`there is no view of this name: ${name}`);
    return view(model);
  }
}

function sources(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => [basename(file, '.hbs'), readFileSync(join(directory, file), 'utf8')] as const);
}
