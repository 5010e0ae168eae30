import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { MiningReport } from '../../../src/report/mining-report.js';
import { renderReport } from '../../../src/report/render-report.js';
import { complaintsOf, findChromium, launchChromium } from '../../support/chromium.js';
import { completedRun, reportOf } from '../../support/report-sample.js';

const executable = findChromium();
if (executable === null) {
  process.stderr.write(
    'No Chromium on this machine (CHROMIUM, or on the PATH): the report is not tested in a browser\n',
  );
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

(executable === null ? describe.skip : describe)('the report in a browser', () => {
  let browser: Browser;
  let directory: string;
  let axe: string;
  beforeAll(async () => {
    browser = await launchChromium(executable!);
    directory = await mkdtemp(join(tmpdir(), 'report-'));
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true });
  });

  const completed = reportOf({ kind: 'completed', run: completedRun() });

  async function open(
    report: MiningReport = completed,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const file = join(directory, 'report.html');
    await writeFile(file, renderReport(report));
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
    const complaints = complaintsOf(page);
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  const statusOf = (page: Page): Promise<string> => page.locator('#matrix-status').innerText();

  it('runs its script, asks nobody for anything and takes no harm from names', async () => {
    const { page, complaints } = await open();
    await page.locator('html[data-drawn]').waitFor({ state: 'attached' });
    expect(await page.title()).toContain('onerror');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each<[string, BrowserContextOptions]>([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ])('has no fault that axe knows, %s, and nothing that sticks out', async (_, options) => {
    const { page } = await open(completed, options);
    await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
    const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('has none either when there are no results', async () => {
    const state = { kind: 'waiting', startedAt: new Date(0), queuePosition: 1, reason: 'no_worker' } as const;
    const { page, complaints } = await open(reportOf(state));
    const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`);
    expect([violations.map(({ id }) => id), complaints]).toEqual([[], []]);
  });

  it('names user, entitlement and role under the mouse', async () => {
    const { page } = await open();
    const canvas = page.locator('#matrix-canvas');
    await canvas.scrollIntoViewIfNeeded();
    await canvas.hover({ position: { x: 5, y: 5 } });
    const tip = page.locator('#matrix-tip');
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/entitlement \d/);
    expect(await tip.innerText()).toMatch(/By |Direct|Not held/);
  });

  it('is walked through by keyboard: cells, blocks, zoom, one role', async () => {
    const { page } = await open();
    await page.locator('#matrix-canvas').focus();
    await page.keyboard.press('ArrowRight');
    const first = await statusOf(page);
    expect(first).toMatch(/\(.*(Sales|Finance).*\): entitlement \d\. /);
    await page.keyboard.press('ArrowRight');
    expect(await statusOf(page)).not.toBe(first);
    await page.keyboard.press('PageDown');
    expect(await statusOf(page)).toContain('Block of ');
    await page.keyboard.press('+');
    expect(await page.locator('canvas.zoomed').count()).toBe(1);
    await page.keyboard.press('0');
    expect(await page.locator('canvas.zoomed').count()).toBe(0);
    await page.locator('#matrix-role').selectOption({ index: 1 });
    expect(await statusOf(page)).toMatch(/^Only .* is shown: 20 users, 3 entitlements\.$/);
  });

  it('searches and sorts candidates', async () => {
    const { page } = await open();
    const names = (): Promise<string[]> => page.locator('#candidate-list tbody tr:visible .name').allInnerTexts();
    expect((await names())[0]).toBe('Sales');
    await page.locator('#candidate-sort').selectOption('members');
    expect((await names())[1]).toBe('Sales');
    await page.getByRole('columnheader', { name: 'Members' }).getByRole('button').press('Enter');
    expect((await names())[0]).toBe('Sales');
    await page.locator('#candidate-search').fill('close SALES');
    expect(await names()).toEqual(['Sales']);
    expect(await page.locator('#candidate-status').innerText()).toBe('1 of 2 candidates match.');
  });

  it('is all there on paper, in light colours', async () => {
    const { page, complaints } = await open(completed, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    const colour = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    expect(colour).toBe('rgb(255, 255, 255)');
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    expect(complaints).toEqual([]);
  });

  it('says everything without its script', async () => {
    const { page } = await open(completed, { javaScriptEnabled: false });
    expect(await page.getByRole('table', { name: 'Role candidates' }).isVisible()).toBe(true);
  });
});
