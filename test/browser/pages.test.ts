import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import {
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  PASSWORD,
  sessionId,
  USERNAME,
} from '../integration/web/exports-in-memory';
import { DONE, fillWithSamples, QUARANTINED, SENDING, WAITING } from '../integration/web/sample-exports';
import { findProgram, program, suiteNeeding } from '../support/suites';

const WIDE = { width: 1280, height: 900 };
const SMALL = { width: 320, height: 720 };

/** Where pictures of the pages go, if anywhere. */
const PICTURES = process.env.TCE_PICTURES;

suiteNeeding(program('chromium', 'chromium-browser'), 'the pages in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let world: ExportsInMemory;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findProgram('chromium', 'chromium-browser') ?? '',
      chromiumSandbox: false,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    world = exportsInMemory();
    fillWithSamples(world);
    server = createServer(world.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Never with script: the pages have to do without. */
  async function open(options: { viewport?: typeof WIDE; dark?: boolean } = {}): Promise<Page> {
    const context = await browser.newContext({
      baseURL: origin,
      javaScriptEnabled: false,
      viewport: options.viewport ?? WIDE,
      colorScheme: options.dark === true ? 'dark' : 'light',
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto('/');
    await page.getByLabel('Username').fill(USERNAME);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${origin}/`);
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  async function overflow(page: Page): Promise<number> {
    const { cssContentSize, cssLayoutViewport } = await (await page.context().newCDPSession(page)).send(
      'Page.getLayoutMetrics',
    );
    return cssContentSize.width - cssLayoutViewport.clientWidth;
  }

  const PAGES = [
    ['worklist', '/'],
    ['attention', '/?show=needs-attention'],
    ['done', `/sessions/${DONE}`],
    ['waiting', `/sessions/${WAITING}`],
    ['quarantined', `/sessions/${QUARANTINED}`],
    ['sending', `/sessions/${SENDING}?refresh=off`],
    ['changes', `/sessions/${DONE}/changes`],
    ['receipt', `/sessions/${DONE}/receipt`],
    ['not-found', '/nowhere'],
  ] as const;

  test.each([
    ['wide', WIDE, false],
    ['wide and dark', WIDE, true],
    ['320 pixels wide', SMALL, false],
    ['320 pixels wide and dark', SMALL, true],
  ] as const)('no page scrolls sideways: %s', async (name, viewport, dark) => {
    const page = await open({ viewport, dark });
    const shot = name.replaceAll(' ', '-');
    await page.goto('/sign-in');
    expect(await overflow(page)).toBe(0);
    await picture(page, `${shot}-sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await picture(page, `${shot}-sign-in-errors`);
    await signIn(page);
    for (const [title, path] of PAGES) {
      await page.goto(path);
      if (title === 'done') await page.locator('details.group > summary').first().click();
      expect([title, await overflow(page)]).toEqual([title, 0]);
      await picture(page, `${shot}-${title}`);
    }
  });
});
